#!/bin/sh
# Locks dev.in first, then the others to the same versions; `UPGRADE=1 make lock` takes newer versions.
set -eu
cd "$(dirname "$0")"
UV=${UV:-../.venv/bin/uv}
OPTIONS="--generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal --quiet"
# shellcheck disable=SC2086 (options are words)
"$UV" pip compile $OPTIONS ${UPGRADE:+--upgrade} dev.in -o dev.txt
for name in people attendance sales scheduling notifications gateway operator embedded test; do
    # shellcheck disable=SC2086
    "$UV" pip compile $OPTIONS -c dev.txt ${UPGRADE:+--upgrade} "$name.in" -o "$name.txt"
done
