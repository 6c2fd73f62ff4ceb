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
    expect_status 0 "$PERCEPT" train --preset plain --layers 2-8-3 --epochs 20 --batch-size 8 --learning-rate 0.02 --no-plot "$@"
}

# expect_warning TEXT...: each stands in `err`, whose long lines are broken.
expect_warning() {
    tr -s '\n ' ' ' <err >unbroken
    expect_contains unbroken warning "$@"
}

# ---- Sorted by class, with a share for validation: each class is in each set ----
train --data sorted.csv --validation 0.33 --out run
# All three kinds are told apart, since of equally accurate epochs the last, of the lowest loss, is kept.
expect_contains out "test accuracy 100.00 %" "validation accuracy 100.00 %"
expect_lacks out "training accuracy"
expect_contains err "28 to train, 20 to validate, 12 to test" "random order (seed 0), each class by its share"
expect_lacks err warning
expect_contains run/recipe.yaml "validation: 0.33" "test: 12" "shuffle: true" "stratify: true" "monitor: valid_loss" \
    "keep: best"
expect_status 0 "$PERCEPT" evaluate run --part valid --json
[ "$(jq -c '[.count, ([.classes[].support] | min, max)]' out)" = "[20,6,7]" ] || fail "the classes have other shares"
expect_status 0 "$PERCEPT" evaluate run --json
[ "$(jq -c '[.part, .count, ([.classes[].support] | min, max)]' out)" = '["test",12,4,4]' ] ||
    fail "the classes have other shares"

# ---- The recipe that was written cuts the same, by itself and by another seed's name ----
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot --quiet --out again
expect_same run/model.safetensors again/model.safetensors
train --quiet --data sorted.csv --out default
expect_contains default/recipe.yaml "validation: 10" "test: 12"
train --quiet --data sorted.csv --seed 1 --out other
expect_status 0 "$PERCEPT" evaluate default --json
cp out first
expect_status 0 "$PERCEPT" evaluate other --json
! cmp -s first out || fail "another seed has the same test set, or all is perfect"

# ---- Who wants the file's end says so ----
train --quiet --data sorted.csv --validation 0.33 --set data.shuffle=false --out tail
expect_warning "the validation set has no example of 2 of the 3 classes" data.shuffle
expect_contains tail/recipe.yaml "validation: 0.33" "shuffle: false"
expect_lacks tail/recipe.yaml "test: 12" "stratify:"
expect_status 0 "$PERCEPT" evaluate tail --part valid --json
[ "$(jq -c '[.classes[].support]' out)" = "[0,0,19]" ] || fail "not the end of the file"

# ---- A file that is measured is measured as a whole ----
expect_status 0 "$PERCEPT" evaluate run --data sorted.csv --json
[ "$(jq .count out)" = 60 ] || fail "the file was cut"

# ---- Nothing that was asked for does nothing ----
everything=(--data sorted.csv --validation 0 --test 0 --layers 2-4-3 --epochs 2 --no-plot)
expect_status 1 "$PERCEPT" train --preset plain "${everything[@]}" --patience 2 --out refused
expect_contains err "train.patience" "there is none" "--validation 0.2"
expect_status 1 "$PERCEPT" train --preset plain "${everything[@]}" --schedule plateau --out refused
expect_contains err "train.schedule plateau" "there is none"
expect_no_file refused
expect_status 0 "$PERCEPT" train --preset plain "${everything[@]}" --out all
expect_contains out "training accuracy" "no example was held out"
expect_lacks err warning
expect_contains all/recipe.yaml "keep: last"
expect_status 0 "$PERCEPT" train --preset plain "${everything[@]}" --set train.keep=best --set train.monitor=valid_loss --quiet --out kept
expect_warning "train.keep best and train.monitor do nothing without a validation set"
expect_status 1 "$PERCEPT" train --preset plain --data sorted.csv --split 0.8,0.2 --validation 0.1 --out refused
expect_contains err "data.split gives the sizes of all sets, and so does data.validation"
# With a validation set by default, patience has one; a set of few examples is warned of.
expect_status 0 "$PERCEPT" train --preset plain --data sorted.csv --layers 2-4-3 --epochs 400 --learning-rate 0.1 --patience 2 --no-plot \
    --out patient
expect_match out '^stopped   early, after 2 epochs'
expect_lacks err warning
expect_status 0 "$PERCEPT" train --preset plain --data sorted.csv --layers 2-4-3 --epochs 2 --patience 2 --validation 0.05 --no-plot --quiet \
    --out few
expect_warning "the validation set has 3 examples, too few" "--validation makes it larger"
expect_status 0 "$PERCEPT" train --preset plain --data sorted.csv --label none --targets length --drop kind --layers 1-4-1 --epochs 1 --no-plot --quiet \
    --set train.monitor=valid_accuracy --set data.stratify=true --out numbers
expect_warning "train.monitor is valid_accuracy, but there are no classes" "data.stratify does nothing"
# Folds with fewer examples of a class than folds; many validation examples are judged by accuracy.
{ cat sorted.csv && printf '5,5,rose\n5,6,rose\n5,5.5,rose\n'; } >rare.csv
expect_status 0 "$PERCEPT" train --preset plain --data rare.csv --folds 5 --layers 2-4-4 --epochs 1 --no-plot --out folds
expect_warning "class 'rose' has 2 examples for 5 folds"
expect_contains err "50 examples in 5 folds, each class by its share; 13 more are"
[ "$(grep -c "^warning" err)" = 1 ] || fail "each fold warns"
for i in 1 2 3 4 5 6 7 8 9 10 11; do tail -n +2 sorted.csv; done | cat <(head -n 1 sorted.csv) - >many.csv
expect_status 0 "$PERCEPT" train --preset plain --data many.csv --layers 2-4-3 --epochs 1 --no-plot --quiet --out many
expect_contains many/recipe.yaml "monitor: valid_accuracy" "validation: 106"
