#!/bin/sh
# The browser tests drive Debian's Chromium. Installs it where it may; else says what to run.
set -eu
command -v chromium >/dev/null && command -v fc-list >/dev/null && exit 0
exec sh tools/install_packages.sh "The browser tests need Chromium." chromium fontconfig fonts-liberation fonts-noto-core
