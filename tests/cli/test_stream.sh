#!/bin/bash
# Predicting a million rows takes no more memory than ten thousand, and gives each row the answer it has alone.
. "$(dirname "$0")/lib.sh"
bytes() { # bytes NUMBER...: as octal for printf %b
    awk 'BEGIN { for (i = 1; i < ARGC; i++) printf "\\0%03o", ARGV[i] }' "$@"
}

# Forty pictures of 2 x 2 pixels: light above, or light below.
pixels=() labels=()
for ((i = 0; i < 40; i++)); do
    labels+=($((i % 2)))
    if ((i % 2)); then pixels+=(200 $((200 + i)) $i 0); else pixels+=(0 $i 210 $((250 - i))); fi
done
printf %b "$(bytes 0 0 8 3 0 0 0 40 0 0 0 2 0 0 0 2 "${pixels[@]}")" >light-images-idx3-ubyte
printf %b "$(bytes 0 0 8 1 0 0 0 40 "${labels[@]}")" >light-labels-idx1-ubyte
expect_status 0 "$PERCEPT" train --data light-images-idx3-ubyte --layers 4-16-2 --epochs 20 --no-plot --quiet --out run

rows() { # rows FIRST LAST
    awk -v first="$1" -v last="$2" 'BEGIN { for (i = first; i <= last; i++)
        printf "%d,%d,%d,%d\n", i % 251, i % 241, i % 239, i % 233 }'
}

# ---- The address space that ten thousand rows take, read while the program waits for more ----
mkfifo pipe
peak() { # peak FLAG...: sets kilobytes, and keeps the answers in `small`
    local program
    "$PERCEPT" predict run pipe "$@" >small 2>err &
    program=$!
    exec 7>pipe
    rows 1 10000 >&7
    until [ "$(wc -l <small)" -gt 4096 ]; do # more than a block has gone through
        [ -e /proc/$program/status ] || fail "the program ended early"
    done
    kilobytes=$(awk '/^VmPeak/ { print $2 }' /proc/$program/status)
    exec 7>&-
    wait $program || fail "prediction of ten thousand rows"
}

# ---- A million rows in that space; 1 MiB more is for the kernel, which lays out no two processes alike. What the sanitizers
# take is theirs: instrumented builds go without the limit ----
limit() { # limit KILOBYTES COMMAND...
    ! grep -q '^PERCEPT_SANITIZE:STRING=$' "$PERCEPT_BUILD/CMakeCache.txt" || ulimit -v "$1"
    exec "${@:2}"
}
rows 1 1000000 >rows.csv
rows 999990 1000000 >last.csv
for flag in "" --json; do
    peak $flag
    status=0
    (limit $((kilobytes + 1024)) "$PERCEPT" predict run rows.csv $flag) >out 2>err || status=$?
    [ $status -eq 0 ] || fail "a million rows do not fit into $((kilobytes + 1024)) KiB"
    expect_lines err 0
    header=$([ -n "$flag" ] || echo 1)
    expect_lines out $((1000000 + header))
    expect_same <(head -n $((10000 + header)) out) small
    "$PERCEPT" predict run last.csv $flag >small
    expect_same <(tail -n 11 out) <(tail -n 11 small)
done
