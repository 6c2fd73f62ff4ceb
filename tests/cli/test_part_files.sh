#!/bin/bash
# Validation and test set in files of their own: read as the training file is, by the names of columns and classes.
. "$(dirname "$0")/lib.sh"
need_command jq

# rows FROM COUNT: flowers of three kinds, told apart by their sizes.
rows() {
    awk -v from="$1" -v count="$2" 'BEGIN {
        for (i = from; i < from + count; i++)
            printf "%.3f,%.3f,%s\n", i % 3 + 0.3 * sin(7 * i), 3 - i % 3 + 0.3 * cos(5 * i), substr("abc", i % 3 + 1, 1)
    }'
}
{ echo length,width,kind && rows 0 60; } >train.csv
{ echo length,width,kind && rows 60 30; } >valid.csv
# The test file has other places for its columns, one more, and no flower of kind c.
{ echo kind,note,width,length && rows 90 30 | awk -F, -v OFS=, '$3 != "c" { print $3, "n" NR, $2, $1 }'; } >test.csv
train=("$PERCEPT" train --preset plain --data train.csv --layers 2-8-3 --epochs 30 --batch-size 8 --learning-rate 0.02 --no-plot)

expect_status 0 "${train[@]}" --validation-file valid.csv --test-file test.csv --out both
expect_contains err "60 to train, 30 to validate, 20 to test" "the test set has no example of class 'c'"
expect_contains out "test accuracy 100.00 %" "validation accuracy 100.00 %"
expect_match both/recipe.yaml 'validation_file: .*valid\.csv'
expect_match both/recipe.yaml 'test_file: .*test\.csv'
expect_status 0 "$PERCEPT" train both/recipe.yaml --no-plot --quiet --out again
expect_same both/model.safetensors again/model.safetensors
mkdir elsewhere
(cd elsewhere && expect_status 0 "$PERCEPT" evaluate ../both --json && [ "$(jq .count out)" = 20 ]) ||
    fail "the files are not found from another folder"

# One of them: nothing is cut for test beside a validation file; a validation set is cut beside a test file.
expect_status 0 "${train[@]}" --validation-file valid.csv --out one
expect_contains out "on        train.csv, 60 examples"
expect_lacks out "test accuracy"
expect_status 0 "${train[@]}" --test-file test.csv --out one --force
expect_contains err "50 to train, 10 to validate, 20 to test" "random order (seed 0), each class by its share"
expect_status 0 "$PERCEPT" train one/recipe.yaml --no-plot --quiet --out one-again
expect_same one/model.safetensors one-again/model.safetensors

# What is missing is the training file's mean.
sed '2s/^[^,]*,/,/' valid.csv >gaps.csv
mean=$(awk -F, 'NR > 1 { sum += $1 } END { printf "%.17g", sum / 60 }' train.csv)
sed "2s/^[^,]*,/$mean,/" valid.csv >filled.csv
for file in gaps filled; do
    expect_status 0 "${train[@]}" --missing mean --validation-file $file.csv --out $file
    grep '^validation' out >$file.metrics
done
expect_same gaps.metrics filled.metrics

# Classes that are chosen are chosen in all files.
expect_status 0 "${train[@]}" --classes c,a --layers 2-4-2 --validation-file valid.csv --test-file test.csv --quiet --out some
expect_status 0 "$PERCEPT" evaluate some --json
[ "$(jq -c '[.classes[].support]' out)" = "[0,10]" ] || fail "not the chosen classes"

# What is said of the training file's columns need not fit another one: there label and features are found by name.
awk -F, -v OFS=, '{ print NR == 1 ? "note" : "n" NR, $0 }' train.csv >noted.csv
expect_status 0 "${train[@]}" --data noted.csv --drop note --label 4 --test-file test.csv --quiet --out noted
cut -d, -f1,3,4 test.csv >bare.csv
expect_status 0 "${train[@]}" --data noted.csv --drop note --label 4 --test-file bare.csv --out bare
expect_contains out "test accuracy 100.00 %"
awk -F, -v OFS=, '{ print $0, NR == 1 ? "weight" : 2 }' train.csv >heavy.csv
awk -F, -v OFS=, '{ print NR == 1 ? "weight" : 2, $1, $2, NR == 1 ? "more" : NR, $3 }' valid.csv >light.csv
expect_status 1 "${train[@]}" --data heavy.csv --label kind --set data.weight=4 --test-file light.csv --out refused
expect_contains err "data.weight: 'light.csv' has no column '4'"
expect_status 0 "${train[@]}" --data heavy.csv --label kind --set data.weight=weight --test-file light.csv --out heavy
expect_contains err "weight of each row: column 4 (weight)"
expect_status 1 "$PERCEPT" predict both valid.csv --drop width
expect_contains err "column 'width' is a feature of the model, but is dropped here"
expect_status 0 "${train[@]}" --test-file train.csv --out same
expect_contains err "the test set is the training file itself"

# ---- Refusals: by name, and before anything is written ----
refuse() { # refuse TEXT FLAG...: training is refused with this
    local text=$1
    shift
    expect_status 1 "${train[@]}" --out refused "$@"
    expect_lines err 1
    expect_contains err "$text"
    expect_no_file refused
}
sed 's/,b$/,rose/' valid.csv >rose.csv
refuse "data.validation_file: " --validation-file rose.csv
expect_contains err "'rose'"
cut -d, -f2,3 valid.csv >narrow.csv
refuse "length" --test-file narrow.csv
refuse "data.test_file: " --test-file none.csv
refuse "data.validation asks for another validation set" --validation-file valid.csv --validation 0.2
refuse "data.test asks for another test set" --test-file test.csv --test 0.2
refuse "data.split gives the sizes of all sets" --test-file test.csv --split 0.8,0.2
refuse "data.name is a dataset" --data circles --test-file test.csv
refuse "data.folds cuts validation sets" --validation-file valid.csv --folds 3

# ---- Other formats: a narrower LIBSVM file is padded; folds leave a test file alone ----
rows 0 60 | awk -F, '{ print index("abc", $3), "1:" $1, "2:" $2, "3:1" }' >train.svm
rows 60 30 | awk -F, '{ print index("abc", $3), "1:" $1, "2:" $2 }' >test.svm
expect_status 0 "$PERCEPT" train --preset plain --data train.svm --test-file test.svm --layers 3-4-3 --epochs 1 --no-plot --out sparse
expect_contains err "30 to test"
expect_status 0 "${train[@]}" --test-file test.csv --folds 3 --epochs 1 --out folds
expect_contains err "60 examples in 3 folds, each class by its share" "40 to train, 20 to validate"
