#!/bin/bash
# A file of one's own is cut into training, validation and test set: shuffled, by class, as the recipe then says.
. "$(dirname "$0")/lib.sh"
need_command jq

# Three kinds of flowers, sorted by kind, told apart by their sizes.
awk 'BEGIN {
    srand(3)
    print "length,width,kind"
    for (i = 0; i < 60; i++)
        printf "%.3f,%.3f,%s\n", int(i / 20) + 0.4 * rand(), 3 - int(i / 20) + 0.4 * rand(), i < 20 ? "setosa" : i < 40 ? "versicolor" : "virginica"
}' >sorted.csv
train() {
    expect_status 0 "$PERCEPT" train --layers 2-8-3 --epochs 20 --batch-size 8 --learning-rate 0.02 --no-plot "$@"
}

# ---- Sorted by class, with a share for validation: each class is in each set ----
train --data sorted.csv --validation 0.33 --out run
expect_contains out "validation accuracy 100.00 %" "test accuracy"
expect_contains run/recipe.yaml "split: [28, 20, 12]" "shuffle: true" "stratify: true"
expect_status 0 "$PERCEPT" evaluate run --part valid --json
[ "$(jq -c '[.count, ([.classes[].support] | min, max)]' out)" = "[20,6,7]" ] || fail "the classes have other shares"
expect_status 0 "$PERCEPT" evaluate run --json
[ "$(jq -c '[.part, .count, ([.classes[].support] | min, max)]' out)" = '["test",12,4,4]' ] ||
    fail "the classes have other shares"

# ---- The recipe that was written cuts the same, by itself and by another seed's name ----
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot --quiet --out again
expect_same run/model.safetensors again/model.safetensors
train --quiet --data sorted.csv --out default
expect_contains default/recipe.yaml "split: [38, 10, 12]"
train --quiet --data sorted.csv --seed 1 --out other
expect_status 0 "$PERCEPT" evaluate default --json
cp out first
expect_status 0 "$PERCEPT" evaluate other --json
! cmp -s first out || fail "another seed has the same test set, or all is perfect"

# ---- Who wants the file's end says so ----
train --quiet --data sorted.csv --validation 0.33 --set data.shuffle=false --out tail
expect_contains tail/recipe.yaml "validation: 0.33" "shuffle: false"
expect_lacks tail/recipe.yaml "split:" "stratify:"
expect_status 0 "$PERCEPT" evaluate tail --part valid --json
[ "$(jq -c '[.classes[].support]' out)" = "[0,0,19]" ] || fail "not the end of the file"

# ---- A file that is measured is measured as a whole ----
expect_status 0 "$PERCEPT" evaluate run --data sorted.csv --json
[ "$(jq .count out)" = 60 ] || fail "the file was cut"
