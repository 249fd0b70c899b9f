#!/bin/sh
# The desktop window: pywebview on Qt WebEngine. Installs the libraries of the system where it may; else says what to run.
set -eu
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/window.txt
[ "$(uname -s)" = Linux ] || exit 0
exec sh tools/install_packages.sh "The window needs libraries of the system." \
  libnss3 libegl1 libgl1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 \
  libxcb-xinerama0 libxkbcommon-x11-0 libxkbfile1 libasound2 libxcomposite1 libxdamage1 libxrandr2 libxtst6 libdbus-1-3
