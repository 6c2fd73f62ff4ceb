#!/bin/bash
# Groups of rows stay together in sets and folds, and rows with times are cut in their order.
. "$(dirname "$0")/lib.sh"
need_command jq

# 30 patients of 1 to 7 rows. 
awk 'BEGIN {
    srand(4)
    print "patient,dose,where,kind"
    for (p = 0; p < 30; p++)
        for (i = 0; i <= p % 7; i++)
            printf "P%02d,%.3f,%d,%s\n", p, (p % 3 == 0) + rand(), p, p % 3 == 0 ? "ill" : "well"
}' | sed '2,$s/^P07/"P07"/' >visits.csv
train=("$PERCEPT" train --preset plain --data visits.csv --layers 2-4-2 --epochs 2 --no-plot)

expect_status 0 "${train[@]}" --group patient --out grouped
expect_contains err "groups, no feature: column 1 (patient)" "groups as a whole" "74 to train, 18 to validate, 23 to test"
expect_contains out "2-4-2"
expect_contains grouped/recipe.yaml "group: patient" "validation: 0.16" "test: 0.2" "stratify: true"
expect_status 0 "$PERCEPT" train grouped/recipe.yaml --no-plot --quiet --out again
expect_same grouped/model.safetensors again/model.safetensors
expect_status 0 "$PERCEPT" evaluate grouped --json
jq -e '.count == 23 and ([.classes[].support] | min) >= 7' out >/dev/null || fail "not a fifth of all, of each class"
# The column is no feature, in other files, too.
expect_status 0 "$PERCEPT" evaluate grouped --data visits.csv --json
[ "$(jq .count out)" = 115 ] || fail "the file was cut"
cut -d, -f2,3 visits.csv >plain.csv
expect_status 0 "$PERCEPT" predict grouped plain.csv

# Folds: each patient is in one fold's validation set, whole.
expect_status 0 "${train[@]}" --group patient --folds 4 --out folds
expect_contains err "in 4 folds, groups as a whole"
expect_status 1 "${train[@]}" --group patient --folds 40 --out refused
expect_contains err "data.folds is 40, but there are only"
expect_status 1 "${train[@]}" --group doctor --out refused
expect_contains err "data.group" "'doctor'"
sed '5s/^P[0-9]*,/,/' visits.csv >gap.csv
expect_status 1 "$PERCEPT" train --preset plain --data gap.csv --group patient --no-plot --out refused
expect_contains err "gap.csv, line 5, column 1 (patient)" "missing"
sed '2,$s/^"*P[0-9]*"*,/P,/' visits.csv >alone.csv
expect_status 1 "$PERCEPT" train --preset plain --data alone.csv --group patient --no-plot --out refused
expect_contains err "data.group has 1 value for all 115 examples"
expect_status 1 "$PERCEPT" train --data circles --group patient --no-plot --out refused
expect_contains err "has no columns to choose"
expect_no_file refused

# ---- Time: the last rows are the test set, those before are validation ----
# Days in disorder; y grows with the day, so that the sets' means tell which days they have.
awk 'BEGIN { print "day,x,y"; for (i = 0; i < 100; i++) { d = (i * 37) % 100; printf "2024-%02d-%02d,%d,%d\n", 1 + int(d / 25), 1 + d % 25, d, d } }' >days.csv
sorted() { { head -n 1 "$1" && tail -n +2 "$1" | sort; } >"$2"; }
sorted days.csv sorted.csv
numbers=("$PERCEPT" train --preset plain --targets y --layers 1-4-1 --epochs 2 --no-plot)
expect_status 0 "${numbers[@]}" --data days.csv --time day --out timed
expect_contains err "times, no feature: column 1 (day)" "100 examples cut in the order of their times"
expect_contains timed/recipe.yaml "time: day" "shuffle: false" "validation: 16" "test: 20"
# Cut in their order, they give the model of the sorted file, cut in the order of its rows.
expect_status 0 "${numbers[@]}" --data sorted.csv --drop day --set data.order=time --quiet --out ordered
for run in timed ordered; do
    expect_status 0 "$PERCEPT" evaluate $run --json
    jq -c '[.count, .loss]' out >$run.json
done
expect_same timed.json ordered.json
expect_status 0 "$PERCEPT" train timed/recipe.yaml --no-plot --quiet --out timed-again
expect_same timed/model.safetensors timed-again/model.safetensors

sed '9s/^[^,]*/tomorrow/' days.csv >wrong.csv
expect_status 1 "${numbers[@]}" --data wrong.csv --time day --out refused
expect_contains err "wrong.csv, line 9: the time 'tomorrow'" "2024-05-31"
sed '9s/^[^,]*/5/' days.csv >mixed.csv
expect_status 1 "${numbers[@]}" --data mixed.csv --time day --out refused
expect_contains err "mixed.csv, line 9: the time '5'"
for other in "--set data.shuffle=true" "--folds 3" "--set data.stratify=true"; do
    # shellcheck disable=SC2086
    expect_status 1 "${numbers[@]}" --data days.csv --time day $other --out refused
    expect_contains err "data.order time"
done
