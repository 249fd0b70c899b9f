#!/bin/sh
# The tests of the keys use a real GNOME Keyring on a bus of their own. Installs both where it may; else says what to run.
set -eu
[ "$(uname -s)" = Linux ] || exit 0
command -v gnome-keyring-daemon >/dev/null && command -v dbus-daemon >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gnome-keyring dbus >/dev/null
else
  echo "The tests of the keys need a keyring. Run: sudo apt-get install -y --no-install-recommends gnome-keyring dbus" >&2
  exit 1
fi
