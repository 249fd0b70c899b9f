#!/bin/sh
# Installs packages of the system where it may; else says what to run. Asked as: install_packages.sh "Why." package …
# OPTIONS, if set, are for apt-get install.
set -eu
why=$1
shift
# shellcheck disable=SC2086 - OPTIONS and missing are lists of words on purpose
missing=$(for name in "$@"; do dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"; done)
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${OPTIONS:-} $missing >/dev/null
else
  echo "$why Run: sudo apt-get install -y" ${OPTIONS:-} $missing >&2
  exit 1
fi
