#!/bin/sh
# The browser tests drive Debian's Chromium. Installs it where it may; else says what to run.
set -eu
command -v chromium >/dev/null && command -v fc-list >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fontconfig fonts-liberation fonts-noto-core >/dev/null
else
  echo "The browser tests need Chromium. Run: sudo apt-get install -y chromium fontconfig fonts-liberation fonts-noto-core" >&2
  exit 1
fi
