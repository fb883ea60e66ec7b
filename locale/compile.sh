#!/usr/bin/env bash
# Compiles the translations that changed (.po to .mo). Django's compilemessages does the same for all files that it finds below
# the current directory, .venv included, and writes in place, so that a process that starts meanwhile reads half a file.
set -euo pipefail
cd "$(dirname "$0")/.."

for po in locale*/*/LC_MESSAGES/*.po; do
    mo="${po%.po}.mo"
    if [ -e "$mo" ] && [ ! "$po" -nt "$mo" ]; then continue; fi
    msgfmt --check-format --output-file="$mo.$$" "$po"
    mv "$mo.$$" "$mo"
    echo "• Compiled $po"
done
