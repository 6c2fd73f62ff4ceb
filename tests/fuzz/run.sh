#!/bin/sh
# Runs a libFuzzer target from its seeds in a folder of its own, so that what it finds interesting does not join them.
#   run.sh TARGET SEEDS OPTION...
set -eu
target=$1
seeds=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/new"
status=0
"$target" "$@" -artifact_prefix="$work/" -print_final_stats=1 "$work/new" "$seeds" >"$work/log" 2>&1 || status=$?
tail -n 60 "$work/log"
for found in "$work"/*-*; do
    [ -f "$found" ] || continue
    # The input, for whoever cannot come to this machine.
    echo "$(basename "$found"), in base64:"
    base64 "$found"
done
exit $status
