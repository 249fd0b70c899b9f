#!/bin/sh
# Resolves the dependencies for every platform, with hashes and without addresses of an index.
set -eu
for set in core test; do
  extras=""
  [ "$set" = test ] && extras="--extra test --extra build"
  # shellcheck disable=SC2086 - the extras are several words on purpose
  uv pip compile --universal --generate-hashes --no-header --no-annotate --python-version 3.11 $extras pyproject.toml -o "requirements/$set.txt" -q
done
