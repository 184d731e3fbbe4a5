#!/bin/sh
# Debian packages that Qt, the virtual screen, the key store, the browser test, the disk proofs and venv need. As root they are installed; else the missing ones are named.
set -eu
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || exit 0

wanted="libglib2.0-0 libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libbrotli1 libpulse0
libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1 xvfb xauth dbus gnome-keyring"
command -v gcc >/dev/null || wanted="gcc libc6-dev $wanted"  # the tests build what records a disk's writes
command -v chromium >/dev/null || command -v google-chrome >/dev/null || wanted="chromium $wanted"
${PYTHON:-python3} -c 'import ensurepip' 2>/dev/null || wanted="python3-venv $wanted"

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

missing=""
for name in $wanted; do
    # Newer Debian releases renamed some libraries with a "t64" ending when time became 64 bits wide.
    installed "$name" || installed "${name}t64" || missing="$missing $name"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    echo "Installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of names, one argument each
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "These system packages are missing:$missing"
    echo "Ask an administrator to run: apt-get install$missing"
fi
