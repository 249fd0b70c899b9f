#!/bin/sh
# The desktop window: pywebview on Qt WebEngine. Installs the libraries of the system where it may; else says what to run.
set -eu
libraries="libnss3 libegl1 libgl1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0
  libxcb-xinerama0 libxkbcommon-x11-0 libxkbfile1 libasound2 libxcomposite1 libxdamage1 libxrandr2 libxtst6 libdbus-1-3"
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/window.txt
[ "$(uname -s)" = Linux ] || exit 0
# shellcheck disable=SC2086 - a list of words on purpose
missing=$(for name in $libraries; do dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || echo "$name"; done)
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2086 - as above
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
else
  echo "The window needs libraries of the system. Run: sudo apt-get install -y" $missing >&2
  exit 1
fi
