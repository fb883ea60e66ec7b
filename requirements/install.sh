#!/usr/bin/env bash
# Installs everything that the site needs: system packages, .venv with the pinned Python packages, compiled translations.
#
#   requirements/install.sh run       for `make run`
#   requirements/install.sh services  for a site with PostgreSQL, Redis or OpenSearch
#   requirements/install.sh test      for `make test`
#   requirements/install.sh bench     for `make bench`
#
# Each installs all of the one before. Running it again only does what is missing. PYTHON names another interpreter. Further arguments are
# system packages that are installed as well (deploy/install.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1

readonly purpose="${1:?say run, services, test or bench}"
case "$purpose" in
    run) lists=(requirements/system-run.txt) locked=requirements/base.txt ;;
    services) lists=(requirements/system-run.txt) locked=requirements/services.txt ;;
    test) lists=(requirements/system-run.txt requirements/system-test.txt) locked=requirements/dev.txt ;;
    bench) lists=(requirements/system-run.txt requirements/system-test.txt) locked=requirements/bench.txt ;;
    *) echo "Say what for: run, services, test or bench." >&2; exit 2 ;;
esac

readonly extra=("${@:2}")

say() { printf '%s\n' "• $*"; }
fail() { printf '\n%s\n' "✗ $*" >&2; exit 1; }

# -- Python ------------------------------------------------------------------------------------------------------------
is_supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; }

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        if [ -n "$candidate" ] && command -v "$candidate" >/dev/null && is_supported "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# -- System packages ---------------------------------------------------------------------------------------------------
is_installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# python3-venv is needed only to create .venv with Debian's own Python, which it brings along.
needs_package() {
    [ "$1" = python3-venv ] || return 0
    ! is_supported .venv/bin/python && ! "${python:-false}" -c 'import ensurepip, venv' 2>/dev/null
}

install_system_packages() {
    local missing=() package command
    for package in $(cat "${lists[@]}") "${extra[@]}"; do
        if needs_package "$package" && ! is_installed "$package" && ! is_installed "${package}t64"; then missing+=("$package"); fi
    done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    command="apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" -eq 0 ]; then
        as_root=()
    elif sudo -n true 2>/dev/null; then
        as_root=(sudo -n)
    else
        fail "Some system packages are missing, and only root may install them. Run this, then the same make command again:

    sudo sh -c '$command'"
    fi
    say "Installing system packages (once): ${missing[*]}"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c "$command" >"$log" 2>&1 &
    wait_for $! "$log" || explain "The system packages could not be installed."
}

check_system_libraries() {
    "$python" - <<'PYTHON' || fail "Pango (1.44 or newer), its FreeType part and HarfBuzz's subset library are needed to draw certificates. Install them with this system's package manager."
import ctypes.util, sys
sys.exit(not all(ctypes.util.find_library(name) for name in ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")))
PYTHON
}

# -- Progress and failures ---------------------------------------------------------------------------------------------
# Shows the progress of a long step: on a terminal the seconds on one line, elsewhere a line every half minute.
wait_for() {
    local pid=$1 output=$2 started=$SECONDS shown=0
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        if [ -t 1 ]; then
            printf '\r\033[K  %3ds  %.100s' $((SECONDS - started)) "$(tail -n 1 "$output" | tr -d '\r')"
        elif [ $((SECONDS - started - shown)) -ge 30 ]; then
            shown=$((SECONDS - started))
            printf '  %3ds  %.100s\n' "$shown" "$(tail -n 1 "$output")"
        fi
    done
    if [ -t 1 ]; then printf '\r\033[K'; fi
    wait "$pid"
}

# Ends with a sentence that says what went wrong and what to do; the log keeps the whole output.
explain() {
    local reason="Read $log, correct the problem and run the same command again."
    if grep -qi 'no space left' "$log"; then
        reason="The disk is full. Free about 2 GB and run the same command again."
    elif grep -qiE 'temporary failure|name resolution|could not resolve|connection (refused|broken|timed out|reset)|network is unreachable|newconnectionerror|read timed out|max retries' "$log"; then
        reason="The network does not answer. Check the connection (and proxy settings) and run the same command again."
    elif grep -qi 'do not match the hashes' "$log"; then
        reason="A downloaded package is not the one that was locked. Delete pip's cache (.venv/bin/python -m pip cache purge) and try again; if this happens again, do not install it."
    elif grep -qiE 'could not get lock|dpkg was interrupted' "$log"; then
        reason="Another program is installing system packages. Wait for it and run the same command again."
    fi
    tail -n 12 "$log" >&2
    fail "$1 $reason"
}

# -- Virtual environment -----------------------------------------------------------------------------------------------
create_environment() {
    if is_supported .venv/bin/python && compgen -G '.venv/lib/python*/site-packages/pip/__main__.py' >/dev/null; then return; fi
    say "Creating .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv >"$log" 2>&1 || explain "The virtual environment could not be created."
}

fingerprint() { echo "$(sha256sum "$1" | cut -d' ' -f1) $(.venv/bin/python --version)"; }
has_installed() { [ "$(cat ".venv/installed-$1" 2>/dev/null)" = "$(fingerprint "$2")" ]; }

readonly checked=(--no-deps --require-hashes --only-binary :all:)

# uv downloads, unpacks and compiles in parallel. It compiles now, because the account that runs the site may lack write permission here.
with_uv() {
    .venv/bin/python -m pip install "${checked[@]}" --progress-bar off -r requirements/installer.txt
    .venv/bin/uv pip install --compile-bytecode --python .venv/bin/python "${checked[@]}" -r "$locked"
}

install_python_packages() {
    # Each list contains all of the one before it at the same versions (a test checks this), so an environment for tests also suits `make run`.
    if has_installed "$purpose" "$locked" || { [ "$purpose" != bench ] && has_installed test requirements/dev.txt; }; then return; fi
    say "Installing $(grep -c '^[a-z].*==' "$locked") Python packages from $locked, each checked by its hash"
    with_uv >"$log" 2>&1 &
    wait_for $! "$log" || {
        # pip reads a mirror or proxy from its own configuration, which uv does not read.
        cp "$log" "$log.uv"
        say "uv could not install them (its reason is in $log.uv); trying pip, which takes longer"
        .venv/bin/python -m pip install "${checked[@]}" --progress-bar off -r "$locked" >"$log" 2>&1 &
        wait_for $! "$log" || explain "The Python packages could not be installed."
    }
    fingerprint "$locked" >".venv/installed-$purpose"
}

log="$(mktemp "${TMPDIR:-/tmp}/knowledge-hub-install.XXXXXX.log")" || fail "No temporary file can be written: the disk is full or ${TMPDIR:-/tmp} is read-only."
python="$(find_python || true)"
if command -v dpkg-query >/dev/null; then install_system_packages; fi
python="$(find_python)" || fail "Python 3.11, 3.12 or 3.13 is needed, found: $(python3 --version 2>/dev/null || echo none). Install one, or name it: make run PYTHON=/path/to/python3.12"
command -v dpkg-query >/dev/null || check_system_libraries
create_environment
install_python_packages
locale/compile.sh
rm -f "$log"
