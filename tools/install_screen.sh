#!/bin/sh
# The window tests have a screen of their own: Xvfb with a window manager, driven by xdotool. Installs them where it may.
exec sh tools/install_packages.sh "The window tests need a screen of their own." \
  xvfb xdotool openbox imagemagick poppler-utils x11-utils desktop-file-utils
