#!/usr/bin/env bash
# Fills a cache folder with Debian's prometheus and promtool for tests/Prometheus.Tests. Does nothing when they are there, or installed.
# The package is unpacked, not installed: nothing is started as a service.
#   CANARY_TEST_CACHE   the cache; default: canaryfunctions in the user's cache folder. The tests look into its folder bin
set -euo pipefail

readonly bin="${CANARY_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/canaryfunctions}/bin"
readonly programs=(prometheus promtool)

complete() {
    local program
    for program in "${programs[@]}"; do
        [[ -x "$bin/$program" ]] || command -v "$program" >/dev/null || return 1
    done
}

if complete; then
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sudo=$([[ $EUID -eq 0 ]] || echo sudo)
download() { (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root prometheus </dev/null); }
download || { $sudo apt-get update -qq </dev/null && download; }
dpkg-deb -x "$work"/prometheus_*.deb "$work/package"
mkdir -p "$bin"
for program in "${programs[@]}"; do # in one move each, so that what is there is whole
    cp "$work/package/usr/bin/$program" "$bin/.$program.$$"
    mv "$bin/.$program.$$" "$bin/$program"
done
"$bin/promtool" --version | head -1
