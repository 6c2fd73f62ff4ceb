#!/bin/bash
# Tables as they come from people and programs: trained on, evaluated and predicted from, whatever their dialect.
. "$(dirname "$0")/lib.sh"

# ---- One table: two kinds of flowers, told apart by their sizes; by R's write.csv, say ----
awk 'BEGIN {
    srand(1)
    print "\"\",\"length\",\"width\",\"kind\""
    for (i = 1; i <= 200; i++) {
        big = i % 2
        printf "\"%d\",%.2f,%.3f,\"%s\"\n", i, 100 * (1 + big + rand()), 0.01 * (2 - big + rand()), big ? "aster, blue" : "daisy"
    }
}' >flowers.csv
train=("$PERCEPT" train --preset plain --epochs 30 --layers 2-8-2 --batch-size 10 --no-plot --drop 1 --validation 50)
expect_status 0 "$PERCEPT" data info flowers.csv --drop 1
expect_contains out "200 for training" "2, float64" "aster, blue"
expect_status 0 "$PERCEPT" data info flowers.csv --drop 1 --json
expect_contains out '"type": "float64"' '"missing": 0' '"weighted": false'
expect_status 0 "${train[@]}" --data flowers.csv --out run
expect_contains run/recipe.yaml 'drop: ["1"]'
expect_match run/recipe.yaml 'scale: standardize'
grep '^validation accuracy' out >trained
accuracy=$(awk '{ print int($3) }' trained)
[ "$accuracy" -ge 95 ] || fail "columns of such unlike sizes are learned only if they are standardized; $accuracy %"

# ---- The same table in other dialects trains to the same model ----
same_model() {
    rm -rf other
    expect_status 0 "${train[@]}" --data "$1" --out other "${@:2}"
    expect_same run/model.safetensors other/model.safetensors
}
sed 's/$/\r/' flowers.csv >windows.csv
same_model windows.csv
{ printf '\357\273\277' && head -c -1 flowers.csv; } >marked.csv
same_model marked.csv
gzip -c flowers.csv >flowers.csv.gz
same_model flowers.csv.gz
# Semicolons, and commas for the point, as spreadsheets write in half of Europe.
sed 's/\(aster\), /\1_/; s/,/;/g; s/\./,/g; s/aster_/aster, /' flowers.csv >europe.csv
same_model europe.csv --decimal comma
expect_status 1 "${train[@]}" --data europe.csv --out refused
expect_contains err "europe.csv, line 2, column 2 (length)" --decimal
# The label first, tabs.
{
    printf 'kind\t""\tlength\twidth\n'
    tail -n +2 flowers.csv | sed 's/^"\([0-9]*\)",\([^,]*\),\([^,]*\),\(.*\)$/\4\t\1\t\2\t\3/'
} >first.tsv
rm -rf other
expect_status 0 "$PERCEPT" train --preset plain --epochs 30 --layers 2-8-2 --batch-size 10 --no-plot --quiet --drop 2 --validation 50 \
    --label first --data first.tsv --out other
for model in run other; do
    tail -c 200 $model/model.safetensors >$model.numbers # scaling and parameters; without a header there are no names
done
expect_same run.numbers other.numbers
# A recipe that was written runs again to the same bits.
rm -rf again
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot --quiet --out again
expect_same run/model.safetensors again/model.safetensors

# ---- Evaluation: classes are matched by name, though the file has fewer ----
expect_status 0 "$PERCEPT" evaluate run --part valid
grep "^validation accuracy" out | cmp - trained || fail "evaluation disagrees with training"
{ head -n 1 flowers.csv && grep daisy flowers.csv; } >daisies.csv
expect_status 0 "$PERCEPT" evaluate run --data daisies.csv
expect_contains out "100 examples" "aster, blue"
awk '/accuracy/ { exit !($3 >= 90) }' out || fail "the daisies' labels are not matched by name"
sed 's/daisy/rose/' daisies.csv >roses.csv
expect_status 1 "$PERCEPT" evaluate run --data roses.csv
expect_contains err "'rose'" "aster, blue"

# ---- Prediction reads what training reads ----
tail -n +2 flowers.csv | cut -d, -f2,3 >features.csv
expect_status 0 "$PERCEPT" predict run features.csv
cp out predicted
expect_lines predicted 201
expect_match predicted '^class,"aster, blue",daisy$'
same() {
    expect_status 0 "$PERCEPT" predict run "$@"
    expect_same out predicted
}
gzip -c features.csv >features.csv.gz
same features.csv.gz
same - <features.csv.gz
tr , ';' <features.csv >semicolons.csv
same semicolons.csv
tr , ' ' <features.csv >spaces.txt
same spaces.txt
tr , ';' <features.csv | tr . , | sed 's/^/ /; s/$/ \r/' >comma.csv
same comma.csv --decimal comma
sed 's/\([^,]*\)/"\1"/g' features.csv >quoted.csv
same quoted.csv
{ echo length,width && cat features.csv; } >header.csv
same header.csv
same flowers.csv --drop '1,kind'
tail -n +2 flowers.csv | sed 's/aster, blue/aster/' >rows.csv
same rows.csv --drop 1,4
same flowers.csv
expect_lines err 0
expect_status 1 "$PERCEPT" predict run rows.csv
expect_contains err "4 values" "takes 2" --drop
expect_status 1 "$PERCEPT" predict run features.csv --drop nothing
expect_contains err "'nothing'"
expect_status 2 "$PERCEPT" predict run features.csv --dorp 1
expect_contains err --drop

# ---- What was understood, and what is in each column ----
printf ',age,sex,member,const,empty,y\n0,22,f,True,7,,1.5\n1,35,m,False,7,NA,2.5\n2,?,f,True,7,,4\n' >people.csv
expect_status 0 "$PERCEPT" data info people.csv --targets y
expect_contains out "CSV: 7 columns separated by commas; the first line is names" "target: column 7 (y)" \
    "left out: column 1, which has no name and numbers the rows" "left out, texts that hardly repeat" "column 3 (sex)" \
    "all values missing: column 6 (empty)" "constant: column 5 (const)"
expect_match out '^age +number +1 +2  █ +█ +22 \(1\), 35 \(1\)$'
expect_match out '^member +boolean +0 +2  ▄█ +true \(2\), false \(1\)$'
expect_match out '^y +target +0 +3  █   █      █  1.5 \(1\), 2.5 \(1\), 4 \(1\)$'
[ "$(wc -L <out)" -le 80 ] || fail "a line of the table is longer than 80 columns"
expect_status 0 "$PERCEPT" data info people.csv --targets y --json
expect_contains out '"kind": "boolean"' '"name": "member"' '"distinct": 2' '"missing": 1' '"low": 22' \
    '{"kind": "taken", "text": "target: column 7 (y)"}'
expect_status 0 "$PERCEPT" train --preset plain --data people.csv --targets y --drop sex --epochs 1 --no-plot --set data.split=2,1 --out people
expect_contains err "left out: column 1" "constant: column 5 (const)" "filled 1 missing value in age"
# Few values, some of them texts, are categories; numbers and booleans with a late exception are mistakes.
awk 'BEGIN { print "n,y"; for (i = 0; i < 90; i++) print (i % 3 == 0 ? "1" : i % 3 == 1 ? "2-10" : "11+") "," i % 2 }' >few.csv
expect_status 0 "$PERCEPT" data info few.csv
expect_contains out "n: 3 categories"
awk 'BEGIN { print "n,x,y"; for (i = 0; i < 300; i++) print (i == 290 ? "maybe" : i % 3 ? "yes" : "no") "," i * i % 7 "," i % 2 }' >late.csv
expect_status 1 "$PERCEPT" data info late.csv
expect_contains err "late.csv, line 292, column 1 (n): 'maybe' is neither true nor false, as those before" "--missing-tokens 'maybe'" \
    "--columns n=category"
expect_status 0 "$PERCEPT" data info late.csv --columns n=category
expect_contains out "n: 3 categories"
# A model reads its own file as it was read for training, without the columns that were left out.
awk 'BEGIN { print "PID,unit,name,when,town,x,y"; for (i = 0; i < 60; i++)
    print 900000000 + i * 7919 % 60 * 1001 ",7,n" i "," i % 12 + 1 "/" i % 28 + 1 "/24," (i % 3 ? "a" : "b") "," i * i % 7 "," (i % 2 ? "no" : "yes") }' >left.csv
expect_status 0 "$PERCEPT" train --data left.csv --epochs 2 --no-plot --out left
expect_contains err "integers that identify rows" "constant: column 2 (unit)" "all different: column 3 (name)"
expect_status 0 "$PERCEPT" evaluate left
expect_lacks err "have changed"
expect_status 0 "$PERCEPT" predict left left.csv
expect_lines err 0 # it knows what training left out …
sed '1s/name,/title,/; 1s/unit,/,/' left.csv >other.csv
expect_status 0 "$PERCEPT" predict left other.csv
expect_contains err "left out 2 columns that the model does not know: column 2, title" # … and reports what is new
# Left out because a flag says so, or for another role in training.
awk -F, -v OFS=, '{print $0, NR == 1 ? "note" : NR, NR == 1 ? "w" : 1}' left.csv >more.csv
expect_status 0 "$PERCEPT" train --data more.csv --label y --drop note --set data.weight=w --set data.group=town \
    --epochs 1 --no-plot --quiet --out more
expect_status 0 "$PERCEPT" predict more more.csv
expect_lines err 0
# A last column of decimals is shown as the target that it is; many classes are cut.
printf 'x,y\n1,0.5\n2,1.5\n3,2\n' >decimals.csv
expect_status 0 "$PERCEPT" data info decimals.csv
expect_contains out "column y holds decimals: a number to predict"
expect_match out '^y +target +0 +3 '
expect_status 1 "$PERCEPT" train --preset plain --data decimals.csv --out refused
expect_contains err "column y holds decimals such as 0.5, not classes; for regression add --targets y"
awk 'BEGIN { print "x,y"; for (i = 0; i < 100; i++) print i * i % 7 ",class" i % 50 }' >many.csv
expect_status 0 "$PERCEPT" data info many.csv
expect_contains out "... and 18 more; --json has all"
expect_status 0 "$PERCEPT" data info decimals.csv --targets y --json
expect_contains out '"histogram": {"counts": [1, 1, 1], "width": 1.0}'
printf '0,a\n22,b\n' >two.csv # a model without names takes a table that numbers its rows, too
expect_status 0 "$PERCEPT" train --preset plain --data two.csv --header no --layers 1-2 --epochs 1 --no-plot --quiet --set data.split=2,0 --out two
printf ',x\n0,5\n1,6\n' | expect_status 0 "$PERCEPT" predict two -
expect_lines out 3

# ---- Missing values: filled and noted, or refused when told ----
sed '7s/,[^,]*,/,,/; 9s/,[^,]*,/,NA,/; 60s/,[^,]*,/,?,/' flowers.csv >holes.csv
expect_status 1 "${train[@]}" --data holes.csv --missing refuse --out holes
expect_contains err "holes.csv, line 7, column 2 (length): the value is missing" --missing
expect_no_file holes/model.safetensors
expect_status 0 "$PERCEPT" data info holes.csv --drop 1
expect_match out '^missing +3 '
expect_status 0 "$PERCEPT" train --preset plain --data holes.csv --drop 1 --epochs 1 --no-plot --out filled
expect_contains err "filled 3 missing values in length with its mean in the training part"
for kind in zero mean; do
    rm -rf holes
    expect_status 0 "${train[@]}" --data holes.csv --missing $kind --out holes
    expect_match holes/recipe.yaml "missing: $kind"
done
printf '?,0.02\n' >hole.csv
expect_status 0 "$PERCEPT" predict holes hole.csv # its recipe says mean
expect_lines out 2
expect_status 0 "$PERCEPT" predict run hole.csv # it knows the means, though its own table had no holes
expect_status 0 "${train[@]}" --data flowers.csv --missing refuse --out strict
expect_status 1 "$PERCEPT" predict strict hole.csv
expect_contains err "hole.csv, line 1, column 1" --missing
sed '7s/,[^,]*,/,-999.0,/; 9s/,[^,]*,/,unknown,/' flowers.csv >named.csv
expect_status 1 "$PERCEPT" data info named.csv
expect_contains err "line 9, column 2 (length): 'unknown'"
rm -rf named
expect_status 0 "${train[@]}" --data named.csv --missing-tokens unknown,-999 --out named
printf 'unknown,0.02\n' >hole.csv
expect_status 0 "$PERCEPT" predict named hole.csv # the model knows the words, too
expect_lines out 2

# ---- The files of UCI's Adult: a line before the table, and a dot behind each label, in one of the two ----
printf '39, 77516, 13, <=50K\n50, 83311, 13, >50K\n38, ?, 9, <=50K\n49, 160187, 5, >50K\n\n' >adult.data
printf '|1x3 Cross validator\n25, 226802, 7, <=50K.\n38, ?, 9, <=50K.\n28, 336951, 12, >50K.\n\n' >adult.test
tail -n +2 adult.test >cut.test
expect_status 0 "$PERCEPT" train --preset plain --data adult.data --layers 3-2 --epochs 2 --no-plot --quiet --out adult
for test in adult.test cut.test; do
    expect_status 0 "$PERCEPT" evaluate adult --data $test
    expect_contains out "3 examples" ">50K"
done

# ---- Regression and weights ----
awk 'BEGIN { srand(2); print "a,b,sum,difference,w"
             for (i = 0; i < 300; i++) { a = rand(); b = rand(); print a "," b "," a + b "," a - b "," 1 + i % 3 } }' >sums.csv
expect_status 0 "$PERCEPT" train --preset plain --data sums.csv --targets difference,sum --set data.weight=w --layers 2-16-2 \
    --validation 60 --epochs 40 --batch-size 8 --learning-rate 0.01 --no-plot --out sums
expect_match sums/recipe.yaml 'targets: \[difference, sum\]'
loss=$(awk '/^validation loss/ { print ($3 < 0.01) }' out)
[ "$loss" = 1 ] || fail "sums and differences are not learned"
expect_status 0 "$PERCEPT" data info sums.csv --targets 3,4
expect_match out '^targets +2$'
expect_status 1 "$PERCEPT" train --preset plain --data sums.csv --drop w --label sum --out refused
expect_contains err "--targets sum"

# ---- LIBSVM ----
printf '+1 1:1 3:0.5\n-1 2:1 # far\n+1 1:0.9\n-1 2:0.8 3:0.1\n' >four.txt
expect_status 0 "$PERCEPT" data info four.txt
expect_contains out "4 for training" "3, float64" "-1"
expect_status 0 "$PERCEPT" train --preset plain --data four.txt --epochs 2 --no-plot --quiet --out four
expect_status 1 "$PERCEPT" data info four.txt --format idx
expect_status 2 "$PERCEPT" data info four.txt --fromat csv
expect_contains err --format
