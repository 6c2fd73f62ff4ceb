#!/bin/bash
# A model knows its columns: other files are read by their names, in any order, with what else they hold; gaps are filled as
# the model has learned; answers are named after what was learned, beside the columns that identify rows.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN {
    srand(7)
    print "id,width,height,age,kind"
    for (i = 1; i <= 120; i++) {
        big = i % 2
        printf "r%d,%.3f,%.2f,%s,%s\n", i, 2 * big + rand(), 100 * (1 - big + rand()), i % 7 ? int(50 * rand()) : "", big ? "tall" : "flat"
    }
}' >train.csv
fit=("$PERCEPT" train --preset plain --epochs 20 --layers 3-8-2 --batch-size 8 --learning-rate 0.02 --set data.split=0.6,0.2,0.2
    --missing mean --no-plot --quiet)
expect_status 0 "${fit[@]}" --data train.csv --id id --out run

# ---- By name, in any order, without the label, with more columns ----
cut -d, -f 1-4 train.csv >plain.csv
awk -F, 'BEGIN { OFS = "," } { print $4, "x" NR, $3, $2, $1 }' train.csv | sed '1s/x1/note/' >turned.csv
expect_status 0 "$PERCEPT" predict run plain.csv
expect_lines out 121
[ "$(head -n 1 out)" = id,class,flat,tall ] || fail "header: $(head -n 1 out)"
expect_lines err 0
cp out predicted
expect_status 0 "$PERCEPT" predict run train.csv
expect_same out predicted
expect_lines err 0
expect_status 0 "$PERCEPT" predict run turned.csv
expect_same out predicted
expect_lines err 1
expect_contains err "turned.csv" "1 column" note
expect_status 0 "$PERCEPT" predict run/model.safetensors turned.csv --copy note
[ "$(head -n 1 out)" = id,note,class,flat,tall ] || fail "copied: $(head -n 1 out)"
expect_contains out r119,x120
expect_lines err 0
cut -d, -f 1,3- out >less
expect_same less predicted

# ---- Evaluated by name, whole, and called by its name ----
expect_status 0 "$PERCEPT" evaluate run --data train.csv --json
cp out whole
awk -F, 'BEGIN { OFS = "," } { print $5, $4, $3, $2 }' train.csv >reversed.csv
expect_status 0 "$PERCEPT" evaluate run --data reversed.csv --json
sed 's/reversed.csv/train.csv/' out >renamed
expect_same renamed whole
expect_contains whole '"count": 120'
expect_status 0 "$PERCEPT" evaluate run --data reversed.csv
expect_match out '^on reversed.csv, 120 examples'
expect_match out '^reversed.csv accuracy'

# ---- What is missing is filled as in training, alone and in a file whose own means differ ----
{ echo id,width,height,age && echo a,2.5,50, && echo b,,150,1000; } >gaps.csv
expect_status 0 "$PERCEPT" predict run gaps.csv
cp out filled
sed -n 1,2p gaps.csv >one.csv
expect_status 0 "$PERCEPT" predict run one.csv
sed -n 1,2p filled >first
expect_same out first
expect_status 1 "$PERCEPT" predict run one.csv --missing refuse
expect_contains err "one.csv, line 2" age
{ sed 's/$/,kind/;1!s/kind$/tall/' one.csv; } >labelled.csv
expect_status 0 "$PERCEPT" evaluate run --data labelled.csv --json
expect_contains out '"count": 1,'
# Evaluation, too: the mean of x is 0 in training, and 3 in the other file.
printf 'x,z,y\n-3,1,low\n-2,2,low\n,1,low\n2,2,high\n3,1,high\n' >means.csv
expect_status 0 "$PERCEPT" train --preset plain --data means.csv --missing mean --set data.split=5,0 --layers 2-4-2 --epochs 5 --no-plot --quiet \
    --out means
printf 'x,z,y\n3,1.5,high\n,1,low\n3,1,high\n' >holes.csv
sed 's/^,/0,/' holes.csv >whole.csv
expect_status 0 "$PERCEPT" evaluate means --data whole.csv --json
sed 's/whole.csv/holes.csv/' out >without
expect_status 0 "$PERCEPT" evaluate means --data holes.csv --json
expect_same out without
# Without scaling the model knows the means all the same.
expect_status 0 "$PERCEPT" train --preset plain --data means.csv --missing mean --set data.scale=none --set data.split=5,0 --layers 2-2 --epochs 1 \
    --no-plot --quiet --out unscaled
printf 'x,z\n0,1\n' | expect_status 0 "$PERCEPT" predict unscaled -
cp out certain
printf 'x,z\n,1\n' | expect_status 0 "$PERCEPT" predict unscaled -
expect_same out certain

# ---- Columns that are missing or unknown are refused by name ----
cut -d, -f 1,2,4 train.csv >lacking.csv
expect_status 1 "$PERCEPT" predict run lacking.csv
expect_lines out 0
expect_lines err 1
expect_contains err lacking.csv "no column 'height'"
expect_status 1 "$PERCEPT" evaluate run --data plain.csv
expect_contains err plain.csv "'kind'"
printf 'a,b,c\n1,2,3\n' >strange.csv
expect_status 1 "$PERCEPT" predict run strange.csv
expect_contains err "no column 'width' and 2 more"

# ---- A file without names is taken by place, if its width fits ----
tail -n +2 train.csv | cut -d, -f 2-4 >bare.csv
expect_status 0 "$PERCEPT" predict run bare.csv
cut -d, -f 2- predicted >expected
expect_same out expected
tail -n +2 train.csv | cut -d, -f 2-5 >wider.csv
expect_status 1 "$PERCEPT" predict run wider.csv
expect_contains err wider.csv "4 values" 3

# ---- As many answers as rows: names may be numbers, and a blank line in a table of one column is a missing value ----
printf '0,1,kind\n5.1,3.5,a\n4.9,3,a\n6.2,2.9,b\n6,3,b\n' >numbered.csv
expect_status 0 "$PERCEPT" train --preset plain --data numbered.csv --header yes --set data.split=4,0 --layers 2-2 --epochs 1 --no-plot --quiet \
    --out numbered
printf '0,1\n1,0\n0,0\n' | expect_status 0 "$PERCEPT" predict numbered -
expect_lines out 3
printf 'x,kind\n1,a\n,b\n3,b\n' >narrow.csv
expect_status 0 "$PERCEPT" train --preset plain --data narrow.csv --missing mean --set data.split=3,0 --layers 1-2 --epochs 1 --no-plot --quiet \
    --out narrow
printf 'x\n1\n\n3\n' | expect_status 0 "$PERCEPT" predict narrow -
expect_lines out 4

# ---- A file of its own for the answers, whole or not at all ----
expect_status 0 "$PERCEPT" predict run plain.csv --out answers.csv
expect_lines out 0
expect_same answers.csv predicted
echo r121,1,2 >>plain.csv
expect_status 1 "$PERCEPT" predict run plain.csv --out answers.csv
expect_same answers.csv predicted
expect_status 1 "$PERCEPT" predict run plain.csv --out never.csv
[ ! -e never.csv ] || fail "a failed prediction left a file"

# ---- Thresholds, and targets under their names ----
expect_status 0 "$PERCEPT" predict run train.csv --threshold 0.9
awk -F, 'NR > 1 && ($2 == "tall") != ($4 >= 0.9) { exit 1 }' out || fail "the second class begins at the threshold"
expect_status 2 "$PERCEPT" predict run train.csv --threshold 2
grep -v ',,' train.csv | cut -d, -f 2-4 >numbers.csv
expect_status 0 "${fit[@]}" --data numbers.csv --targets age,height --layers 1-4-2 --out numbers
expect_status 0 "$PERCEPT" predict numbers numbers.csv
[ "$(head -n 1 out)" = age,height ] || fail "targets: $(head -n 1 out)"
expect_lines err 0
expect_status 0 "$PERCEPT" predict numbers numbers.csv --json
expect_match out '^\{"outputs": \{"age": [-0-9.e]*, "height": [-0-9.e]*\}\}$'
expect_status 1 "$PERCEPT" predict numbers numbers.csv --threshold 0.5
expect_contains err "two classes"

# A file may be encoded otherwise than the one that the model was trained on.
printf 'gr\366\337e,b,label\n1,2,x\n2,3,y\n3,4,x\n4,5,y\n' >latin1.csv
expect_status 0 "$PERCEPT" train --preset plain --data latin1.csv --encoding latin1 --layers 2-2 --epochs 1 --validation 0 --test 0 --no-plot \
    --quiet --out latin1
printf 'b,gr\303\266\303\237e\n2,1\n' >utf8.csv
expect_status 0 "$PERCEPT" predict latin1 utf8.csv --encoding utf-8
expect_lines out 2
printf 'b,gr\366\337e\n2,1\n' >again.csv
expect_status 0 "$PERCEPT" predict latin1 again.csv
expect_lines out 2
