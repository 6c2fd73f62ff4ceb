#!/bin/sh
# Runs a Python script of this folder: run.sh SCRIPT [ARGUMENT...], with $PERCEPT_PYTHON or python3.
# Exit status 77 (skipped) where there is no such Python; a script does the same where it lacks a module.
python=${PERCEPT_PYTHON:-python3}
if ! "$python" -c '' 2>/dev/null; then
    echo "skipped: no $python (PERCEPT_PYTHON names another)"
    exit 77
fi
exec "$python" "$@"
