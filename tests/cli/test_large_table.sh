#!/bin/bash
# A table whose columns need wider and wider numbers as it goes on: rows keep their places and messages their lines, and rows
# from standard input are answered while others are still to come.
. "$(dirname "$0")/lib.sh"

# 400 towns; codes of one byte do not suffice. x gets decimals, then more of them; n outgrows bytes; gaps come late.
rows() { # rows FIRST LAST
    awk -v first="$1" -v last="$2" 'BEGIN { for (i = first; i <= last; i++) {
        town = "t" i * 7 % (i < 3000 ? 50 : 400)
        x = i < 1000 ? i % 10 : i < 6000 ? sprintf("%.2f", i % 997 / 100) : sprintf("%.6f", i % 9973 / 1e6)
        n = i < 5000 ? i % 200 : i * 11 % 70001
        z = i > 7000 && i % 50 == 0 ? "" : sprintf("%.17g", i / 7)
        printf "%s,%s,%s,%s,%s\n", town, x, n, z, (i % 997 > 400) != (i * 7 % 50 > 20) ? "yes" : "no" } }'
}
{ echo town,x,n,z,answer; rows 1 9000; } >table.csv
expect_status 0 "$PERCEPT" train table.csv --preset plain --missing mean --epochs 2 --seed 1 --no-plot --quiet --out run

# ---- The whole table and its rows one by one give the same answers ----
"$PERCEPT" evaluate run --data table.csv --json >report.json
"$PERCEPT" predict run table.csv >all.csv
expect_lines all.csv 9001
right=$(paste -d , <(tail -n +2 table.csv) <(tail -n +2 all.csv) | awk -F , '$5 == $6 { n++ } END { print n }')
wanted=$(jq '.accuracy * 9000 | round' report.json)
[ "$right" = "$wanted" ] || fail "predict is right $right times, evaluate $wanted times"

# ---- A table without the late rows is read to narrower numbers, which are the same ----
{ echo town,x,n,z,answer; rows 1 900; } >begin.csv
"$PERCEPT" predict run begin.csv >begin.out
expect_same <(head -n 901 all.csv) begin.out

# ---- Standard input, block by block ----
expect_status 0 bash -c '"$PERCEPT" predict run - <table.csv >piped.csv'
expect_same all.csv piped.csv
mkfifo pipe
"$PERCEPT" predict run - <pipe >early.csv &
program=$!
exec 7>pipe
head -n 8001 table.csv >&7
until [ "$(wc -l <early.csv)" -gt 1000 ]; do
    [ -e /proc/$program/status ] || fail "the program ended early"
done
tail -n +8002 table.csv >&7
exec 7>&-
wait $program || fail "prediction from a pipe"
expect_same all.csv early.csv

# ---- Lines of messages, far behind the beginning ----
{ cat table.csv; echo 't1,"1","5","6",yes'; echo "t1,1.5,many,7,no"; } >bad.csv
expect_status 1 "$PERCEPT" data info bad.csv
expect_contains err "bad.csv, line 9003, column 3 (n)"
expect_status 1 "$PERCEPT" predict run bad.csv
expect_contains err "bad.csv, line 9003, column 3 (n)"
