#!/bin/bash
# Predictions are the same bytes for every number of threads: of tables with texts, dates, copied columns and gaps, from files,
# pipes and gzip, up to the first bad row, and what is said of the rows.
. "$(dirname "$0")/lib.sh"

# id (with quotes, commas and line ends), a town, a day, a number with gaps, and the class.
table() { # table ROWS
    awk -v rows="$1" 'BEGIN {
        print "id,town,day,size,kind"
        split("Rome,Oslo,\"New \"\"York\"\"\",Bonn", town, ",")
        for (i = 0; i < rows; i++) {
            id = i % 7 == 0 ? "\"line " i "\nand, more\"" : "row " i
            printf "%s,%s,2024-%02d-%02d,%s,%s\n", id, town[1 + i * i % 4], 1 + i % 12, 1 + i % 28,
                i % 11 == 0 ? "" : i * 37 % 101 / 8, i % 3 == 0 ? "big" : "small"
        }
    }'
}
table 400 >train.csv
expect_status 0 "$PERCEPT" train --data train.csv --id id --label kind --epochs 2 --no-plot --quiet \
    --out run --seed 1
{ table 9000 && printf 'a,Paris,2024-01-01,1,big\nb,Rome,13/13/13,2,big\nc,Lima,2024-02-30,,big\n'; } >rows.csv

same() { # same STATUS ARGUMENT...: output, messages and status are the same; standard input is rows.csv
    local status=$1 threads
    shift
    expect_status "$status" "$PERCEPT" predict "$@" --threads 1 <rows.csv
    mv out expected
    mv err messages
    for threads in 2 3 0; do
        expect_status "$status" "$PERCEPT" predict "$@" --threads $threads <rows.csv
        expect_same out expected
        expect_same err messages
    done
}
same 0 run rows.csv
expect_contains messages "2 values of town" "13/13/13"
expect_contains expected '"line 8995' 'row 8999,'
same 0 run rows.csv --copy town,size
same 0 run rows.csv --json --copy day
same 0 run -
gzip -k rows.csv
same 0 run rows.csv.gz
cat rows.csv | "$PERCEPT" predict run --threads 3 >out 2>err
expect_same out expected
same 0 run rows.csv --out predictions.csv
"$PERCEPT" predict run rows.csv --threads 1 >out 2>err
expect_same predictions.csv out

# ---- A bad row: those before it are printed ----
bad() { # bad LINE LAST ADDITION: line LINE of the table is replaced
    awk -v line="$1" -v text="$3" 'NR == line { print text; next } { print }' rows.csv >bad.csv
    same 1 run bad.csv
    expect_contains messages "line $1"
    expect_contains expected "row $2,"
    expect_lacks expected "row $(($2 + 1)),"
}
line=$(awk '/^row 7003,/ { print NR }' rows.csv)
bad "$line" 7002 'row 7003,Rome,2024-01-01,12..5,big'
bad "$line" 7002 'row 7003,Rome'
bad "$line" 7002 '"row 7003,Rome,2024-01-01,1,big'
bad "$line" 7002 'row 7003,Rome,2024-01-01,1e39,big'

# ---- Other formats than tables ----
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "%d 1:%g 3:%g\n", i % 2, i * 7 % 13 / 4, i * 5 % 17 / 8 }' >train.svm
expect_status 0 "$PERCEPT" train --data train.svm --epochs 1 --no-plot --quiet --out svm --seed 1
same 0 svm train.svm
expect_lines expected 5001

# ---- A reader that goes away ends it ----
"$PERCEPT" predict run rows.csv --threads 2 2>err | head -n 2 >out || true
expect_lines out 2
