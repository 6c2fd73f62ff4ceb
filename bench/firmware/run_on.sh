#!/bin/bash
# Compiles a model for an emulated board and runs it there:
#   run_on.sh BOARD SOURCE HEADER FUNCTION ROWS [FLAG]...
# BOARD is m4 (Cortex-M4, mps2-an386) or m0 (Cortex-M0, microbit); HEADER declares `int FUNCTION(const float *features)`; ROWS is a
# header with ROW_COUNT and `rows` (rows.sh); FLAGs are for the model's source, LEVEL (-O2) for all. Prints the bytes of the model's code, constants and variables; of the whole
# program; then what the board prints: classes, stack, instructions (measure.c). Needs arm-none-eabi-gcc and
# qemu-system-arm.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
board=$1 source=$2 header=$3 function=$4 rows=$5
shift 5
case $board in
m4) processor='-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard' machine=mps2-an386 ram=0x10000 ;;
m0) processor='-mcpu=cortex-m0 -mthumb' machine=microbit ram=0x4000 ;;
*) echo "run_on.sh: no board '$board'; there are m4 and m0" >&2 && exit 2 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cc="arm-none-eabi-gcc -std=gnu99 $processor ${LEVEL:--O2} -ffunction-sections -fdata-sections"

$cc -std=c99 "$@" -c "$source" -o "$work/model.o"
$cc -DMODEL="\"$(realpath "$header")\"" -DPREDICT="$function" -DROWS="\"$(realpath "$rows")\"" -I"$here" \
    "$here/board.c" "$here/measure.c" "$work/model.o" -nostartfiles -Wl,--gc-sections -Wl,--no-warn-rwx-segments \
    -Wl,--defsym=RAM_SIZE="$ram" -T "$here/board.ld" -lm -o "$work/program"
arm-none-eabi-size -A "$work/model.o" | awk '
    /^\.text/ { code += $2 } /^\.rodata/ { constants += $2 } /^\.(data|bss)/ { variables += $2 }
    END { print "code", code + 0; print "constants", constants + 0; print "variables", variables + 0 }'
arm-none-eabi-size "$work/program" | awk 'NR == 2 { print "program", $1 + $2 }'
timeout 120 qemu-system-arm -M "$machine" -icount shift=0 -nographic -monitor none -serial none \
    -semihosting-config enable=on,target=native -kernel "$work/program" 2>&1
