#!/bin/sh
# Makes .venv from requirements/dev.txt (hashes checked), and only when that file changed.
# Asks for nothing beforehand: finds a Python >= 3.11, and installs Debian's venv package where it is missing.
set -eu

cd "$(dirname "$0")/.."
LOCK=requirements/dev.txt
VENV=.venv
STAMP=$VENV/.installed-from

say() { printf '%s\n' "vinculo: $*"; }
die() { printf '%s\n' "vinculo: $*" >&2; exit 1; }

# what stands in the stamp when nothing has to be done
fingerprint() { cksum <"$LOCK"; }

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

can_make_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# Microseconds of CPU for a little of what services do; the least of three tries. Builds of one version differ by a half
# and more: it decides what a request costs, and how long the tests take.
microseconds() {
    "$1" -c '
import time
def once():
    counts, began = {}, time.process_time()
    for number in range(100_000):
        counts[number % 100] = counts.get(number % 100, 0) + len(str(number))
    return time.process_time() - began
print(int(min(once() for _ in range(3)) * 1e6))'
}

# The fastest Python 3.11, for that is what everything is tested with; else the first one that is new enough.
# $PYTHON before all: a person who names one means it.
find_python() {
    best= least= other=
    for name in ${PYTHON:-} python3.11 /usr/bin/python3.11 python3 /usr/bin/python3 python3.12 python3.13 python3.14 python; do
        found=$(command -v "$name" 2>/dev/null) || continue
        { is_new_enough "$found" && "$1" "$found"; } || continue
        if [ "$name" = "${PYTHON:-}" ]; then
            best=$found
            break
        fi
        [ -n "$other" ] || other=$found
        case $("$found" -V) in *" 3.11."*) ;; *) continue ;; esac
        took=$(microseconds "$found")
        if [ -z "$least" ] || [ "$took" -lt "$least" ]; then
            best=$found least=$took
        fi
    done
    [ -n "${best:-$other}" ] && printf '%s\n' "${best:-$other}"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_debian() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        die "the Debian packages '$*' are missing, and installing them needs root or sudo"
    fi
    say "installing the Debian packages: $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
        say "apt-get update failed; trying with the package lists that are there"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

choose_python() {
    PYTHON_FOUND=$(find_python can_make_venv) && return 0
    # a Python that is new enough but cannot make environments: Debian splits that into a package
    if lacking=$(find_python true); then
        version=$("$lacking" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        install_debian "python$version-venv" || install_debian python3-venv || true
    else
        install_debian python3 python3-venv || true
    fi
    PYTHON_FOUND=$(find_python can_make_venv) && return 0
    die "no Python >= 3.11 with the venv module found; install one, or name it: make setup PYTHON=/path/to/python3"
}

# What pip was told, by its file or the environment: uv reads neither.
of_pip() { "$VENV/bin/python" -m pip config list | sed -n "s/^.*\.$1='\(.*\)'\$/\1/p" | tail -1; }

# By uv, the one of the lock, in a fraction of pip's time. It checks the hashes as pip does.
install_by_uv() {
    sed -n '/^uv==/,/[^\\]$/p' "$LOCK" >"$VENV/uv.txt"
    "$VENV/bin/python" -m pip install --quiet --require-hashes --no-deps -r "$VENV/uv.txt" || return 1
    index=$(of_pip index-url) cert=$(of_pip cert)
    env ${index:+"UV_DEFAULT_INDEX=$index"} ${cert:+"SSL_CERT_FILE=$cert"} "$VENV/bin/uv" pip install --quiet \
        --python "$VENV/bin/python" --require-hashes --compile-bytecode -r "$LOCK"
}

install_by_pip() { "$VENV/bin/python" -m pip install --quiet --require-hashes -r "$LOCK"; }

if [ -x "$VENV/bin/python" ] && [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$(fingerprint)" ]; then
    exit 0
fi

choose_python
say "making $VENV with $PYTHON_FOUND, $("$PYTHON_FOUND" -V), the fastest found (about a minute, only when $LOCK changed)"
"$PYTHON_FOUND" -m venv --clear "$VENV"
install_by_uv || { say "pip goes on, which takes some minutes"; install_by_pip; } ||
    die "the packages of $LOCK could not be installed; the reason is above"
# quotes and visit sheets become PDFs with WeasyPrint, which needs Pango; everything else works without
has_pango() { "$VENV/bin/python" -c 'import weasyprint' >/dev/null 2>&1; }
has_pango || (install_debian libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0) || true
has_pango || say "without Pango, PDFs of quotes and visit sheets are refused (pdf_unavailable); install it and go on"
fingerprint >"$STAMP"
say "$VENV is ready"
