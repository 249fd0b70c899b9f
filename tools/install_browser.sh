#!/bin/sh
# The browser tests drive Debian's Chromium. Installs it where it may; else says what to run.
# Most of them run faster in its variant without windows, which is installed where it is offered and never insisted on.
set -eu
lean=chromium-headless-shell
command -v chromium >/dev/null && command -v fc-list >/dev/null ||
  sh tools/install_packages.sh "The browser tests need Chromium." chromium fontconfig fonts-liberation fonts-noto-core
command -v "$lean" >/dev/null && exit 0
apt-cache show "$lean" >/dev/null 2>&1 || exit 0
OPTIONS=--no-remove sh tools/install_packages.sh "The browser tests are faster with $lean." "$lean" ||
  echo "The browser tests run in the whole Chromium." >&2
