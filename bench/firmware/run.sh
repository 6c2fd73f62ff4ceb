#!/bin/bash
# make bench WORK=firmware: a network of the 8×8 digits (64-32-10) as C on two emulated boards, Percept's beside that of
# emlearn and of an ONNX-to-C compiler (emx-onnx-cgen), all with the same weights, the same flags and the same rows.
#   bench/firmware/run.sh PERCEPT [PYTHON]     without PYTHON Percept alone
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
percept=$(realpath "$1") python=${2:-}
case $python in "" | /*) ;; *) python=$PWD/$python ;; esac
for program in arm-none-eabi-gcc qemu-system-arm; do
    command -v $program >/dev/null || { echo "firmware: there is no $program; scripts/setup firmware installs it" >&2; exit 0; }
done
: "${PERCEPT_DATA:=$here/../../../shared/data}"
[ -e "$PERCEPT_DATA/digits.csv.gz" ] || { echo "firmware: PERCEPT_DATA must name the folder with digits.csv.gz" >&2; exit 0; }
PERCEPT_DATA=$(realpath "$PERCEPT_DATA")
export PERCEPT_DATA
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$percept" train --data digits --layers 64-32-10 --epochs 40 --seed 1 --out digits --no-plot --quiet
"$percept" export digits --to c --out float32.c
"$percept" export digits --to c --int8 --out int8.c
"$percept" export digits --to npz --out digits.npz
zcat "$PERCEPT_DATA/digits.csv.gz" | sed -n 1,50p >table.csv
cut -d , -f 1-64 table.csv | "$here/rows.sh" >rows.h
include=
[ -z "$python" ] || include=$("$python" "$here/peers.py" digits.npz . 2>peers.err | tail -1)
[ ! -s peers.err ] || grep m2cgen peers.err || true

# What the program takes without a model is subtracted: what is left is the model with the library functions it calls.
printf 'int none(const float *features);\n' >none.h
printf '#include "none.h"\nint none(const float *features)\n{\n    return (int)features[0];\n}\n' >none.c
declare -A empty
for board in m4 m0; do
    empty[$board]=$(bash "$here/run_on.sh" $board none.c none.h none rows.h | awk '/^program/ { print $2 }')
done

printf '\n%-18s %-10s %8s %10s %8s %14s\n' '' board flash variables stack instructions
measure() { # measure LABEL NAME FUNCTION [FLAG]...
    local label=$1 name=$2 function=$3 board
    shift 3
    for board in m4 m0; do
        bash "$here/run_on.sh" "$board" "$name.c" "$name.h" "$function" rows.h "$@" >result 2>errors || {
            echo "$label does not run on $board: $(tail -qn 1 errors result)"
            continue
        }
        awk -v label="$label" -v board=$board -v empty="${empty[$board]}" '
            { value[$1] = $2 }
            END { printf "%-18s %-10s %8d %10d %8d %14d\n", label, board == "m4" ? "Cortex-M4" : "Cortex-M0",
                  value["program"] - empty, value["variables"], value["stack"], value["instructions"] }' result
        grep ^classes result >classes
        [ -e expected ] || cp classes expected
        cmp -s classes expected || echo "  its classes differ in $(diff <(xargs -n 1 <classes) <(xargs -n 1 <expected) | grep -c '^<') of 50 rows"
    done
}
measure 'Percept float32' float32 float32_predict
measure 'Percept int8' int8 int8_predict
if [ -n "$include" ]; then
    measure emlearn emlearn emlearn_class -w -I"$include"
    measure emx-onnx-cgen onnx onnx_class -w
fi
