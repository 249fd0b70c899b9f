#!/bin/sh
# The window tests have a screen of their own: Xvfb with a window manager, driven by xdotool. Installs them where it may.
set -eu
packages="xvfb xdotool openbox imagemagick poppler-utils x11-utils desktop-file-utils"
# shellcheck disable=SC2086 - a list of words on purpose
missing=$(for name in $packages; do dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"; done)
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2086 - as above
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
else
  echo "The window tests need a screen of their own. Run: sudo apt-get install -y" $missing >&2
  exit 1
fi
