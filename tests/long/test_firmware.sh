#!/bin/bash
# Exported C runs on a Cortex-M4 and a Cortex-M0, as QEMU emulates them, and finds the same classes as on the host: in float32
# and in 8 bits, with embeddings and without the C library's functions. What a prediction takes there is no more than the
# header says.
. "$(dirname "$0")/../cli/lib.sh"
need_command cc
need_command arm-none-eabi-gcc
need_command qemu-system-arm
need_digits
board=$SOURCE/bench/firmware

# same_on_boards NAME: NAME.c finds the classes in `expected` for the rows of rows.h, on both boards, at two levels.
same_on_boards() {
    local name=$1 machine level arrays
    arrays=$(sed -n 's/.* bytes of tables and \([0-9]*\) bytes of stack.*/\1/p' "$name.h")
    for machine in m4 m0; do
        for level in -Os -O3; do
            LEVEL=$level bash "$board/run_on.sh" $machine "$name.c" "$name.h" "${name}_predict" rows.h \
                -pedantic -Wall -Wextra -Wconversion -Werror >result 2>err || fail "$name on $machine: $(tail -n 1 err)"
            sed -n 's/^classes //p' result | tr ' ' '\n' >classes
            expect_same classes expected
            awk -v most=$((arrays + 512)) '/^stack/ && $2 > most { exit 1 }' result || fail "more stack than $arrays + 512"
            echo "$name $machine $level: $(grep -v classes result | tr '\n' ' ')"
        done
    done
}

# classes_on_host NAME: numbers of the classes that a program on the host finds for rows.csv.
classes_on_host() {
    printf '#include <stdio.h>\n#include "%s.h"\n#include "rows.h"\nint main(void)\n{\n    for (int i = 0; i < ROW_COUNT; i++)\n        printf("%%d\\n", %s_predict(rows[i]));\n    return 0;\n}\n' \
        "$1" "$1" >host.c
    cc -std=c99 host.c "$1.c" -o host -lm
    ./host
}

# ---- The digits
expect_status 0 "$PERCEPT" train --data digits --layers 64-32-10 --epochs 20 --out digits --no-plot --quiet
zcat "$PERCEPT_DATA/digits.csv.gz" | sed -n 1,60p | cut -d , -f 1-64 >rows.csv
"$board/rows.sh" <rows.csv >rows.h
expect_status 0 "$PERCEPT" export digits --to c --out digits_c.c
expect_status 0 "$PERCEPT" predict digits rows.csv --header no
sed 1d out | cut -d , -f 1 >expected
same_on_boards digits_c

expect_status 0 "$PERCEPT" export digits --to c --int8 --out digits_8.c
classes_on_host digits_8 >expected
same_on_boards digits_8

# ---- A table with gaps and embeddings, and functions of its own
awk 'BEGIN { print "u,v,class"; for (i = 0; i < 200; i++) { u = (i * 37 % 101) / 20; v = (i * 53 % 97) / 9
    printf "%s,%.3f,%s\n", (i % 11 ? u : ""), v, (u * 2 - v > 0 ? "up" : u > 2 ? "flat" : "down") } }' >table.csv
expect_status 0 "$PERCEPT" train --data table.csv --layers 2-8-8-3 --epochs 20 --out table --no-plot --quiet \
    --set model.embedding=periodic --set model.members=2 --set model.residual=1 --set model.activation=gelu
expect_status 0 "$PERCEPT" export table --to c --no-libm --out table_c.c
sed 1d table.csv | head -60 | cut -d , -f 1,2 >rows.csv
"$board/rows.sh" <rows.csv >rows.h
classes_on_host table_c >expected
same_on_boards table_c
