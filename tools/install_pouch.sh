#!/bin/sh
# Installs PouchDB and its server, which the synchronization is measured beside: pinned, each with its digest.
# Where that cannot be done the table of `make bench` says so; nothing else needs them.
set -eu
place="$VENV/pouch"
command -v npm >/dev/null 2>&1 || { echo "PouchDB will not be measured: there is no npm here"; exit 0; }
mkdir -p "$place"
cp tests/bench/pouch/package.json tests/bench/pouch/package-lock.json "$place"
(cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --silent) ||
  echo "PouchDB will not be measured: npm could not install it"
