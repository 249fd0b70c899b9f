#!/bin/sh
# The tests of the keys use a real GNOME Keyring on a bus of their own. Installs both where it may; else says what to run.
set -eu
[ "$(uname -s)" = Linux ] || exit 0
command -v gnome-keyring-daemon >/dev/null && command -v dbus-daemon >/dev/null && exit 0
OPTIONS=--no-install-recommends exec sh tools/install_packages.sh "The tests of the keys need a keyring." gnome-keyring dbus
