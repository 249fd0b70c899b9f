#!/bin/sh
# Resolves the dependencies for every platform, with hashes and without addresses of an index.
set -eu
resolve() {
  set_name=$1
  shift
  uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 "$@" pyproject.toml -o "requirements/$set_name.txt" -q
}
resolve core
resolve test --extra test --extra build
resolve window --extra window -c requirements/test.txt # installed beside the test packages, so in the same versions
resolve bench --extra bench -c requirements/test.txt
