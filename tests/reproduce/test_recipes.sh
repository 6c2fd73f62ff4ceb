#!/bin/bash
# Every recipe with parts is listed, and what is wrong with a study is told with its line.
. "$(dirname "$0")/../cli/lib.sh"

expect_status 0 "$PERCEPT" reproduce
expect_lines err 0
for name in $(grep -l '^parts:' "$SOURCE"/recipes/*.yaml | xargs -n1 basename -s .yaml); do
    expect_match out "^$name +[A-Z0-9]"
done
cp out list
for name in ift6390-{gradcheck,loop-matrix,timing,circles,fashion} ift6135-{widths,inits-a,search-batch,search-lr,search-epochs,best} \
    ift6135-{widths-h1,differences-a,zeros,normal,glorot,inits,grid,differences} cs171-{binary,multiclass,softmax} \
    radboud radboud-{descent,activations,bce,one-layer,layers}; do
    expect_match list "^$name +"
done
for file in "$SOURCE"/recipes/published/*.csv; do
    expect_file "$SOURCE/recipes/$(basename -s .csv "$file").yaml"
done

expect_status 2 "$PERCEPT" reproduce radbod
expect_contains err "did you mean 'radboud'"
expect_status 2 "$PERCEPT" reproduce radboud --run epoch-50 --out none
expect_contains err "did you mean 'epochs-50'"
expect_status 2 "$PERCEPT" reproduce radboud --set train.epoch=3 --out none
expect_contains err train.epochs

refused() { # refused TEXT...: the file study.yaml is refused with the texts, and leaves nothing
    expect_status 1 "$PERCEPT" reproduce ./study.yaml --quiet --out refused
    expect_contains err "$@"
    expect_lines err 1
}
printf 'parts:\n  - curve: {}\n' >study.yaml
sed -i '1iruns: []' study.yaml
refused study.yaml:3 "did you mean 'curves'"
printf 'runs: []\nparts:\n  - softmax: {logit: [1]}\n' >study.yaml
rm -rf refused
refused study.yaml:3 "did you mean 'logits'"
printf 'runs:\n  - {train: {epochs: 1}}\nparts: []\n' >study.yaml
rm -rf refused
refused study.yaml:2 "needs a name"
printf 'runs:\n  - {name: a}\n  - {name: a}\nparts: []\n' >study.yaml
refused study.yaml "two runs are called 'a'"
printf 'runs:\n  - {name: a, trian: {epochs: 1}}\nparts: []\n' >study.yaml
refused study.yaml:2 "did you mean 'train'"

# ---- What is missing ----
# Without gnuplot the numbers come out, and a warning says what is not there.
mkdir -p bin
ln -sf "$(command -v env)" bin/env
PATH=$PWD/bin expect_status 0 "$PERCEPT" reproduce radboud-descent --out undrawn
expect_contains out "1 value compared, 1 agreed"
expect_contains err "2 pictures are missing" "gnuplot is missing"
expect_lines err 1
expect_contains undrawn/report.html "There is no picture" "gnuplot is missing"

# A study whose data are missing leaves no study behind.
printf 'data: {name: ./nowhere.csv}\nmodel: {layers: [2, 2]}\nruns:\n  - {name: a}\nparts: []\n' >study.yaml
expect_status 1 "$PERCEPT" reproduce ./study.yaml --quiet --out missing
expect_lines err 1
expect_contains err nowhere.csv
[ ! -e missing/study.yaml ] || fail "there is something to resume"

# ---- Somebody's runs ----
# A run that has the name of one of the study's stays what it is, until --force.
printf 'data: {name: circles, examples: 40}\nmodel: {layers: [2, 2]}\ntrain: {epochs: 1}\nruns:\n  - {name: a}\n  - {name: b}\nparts:\n  - curves: {}\n  - text: "it is"\n' >study.yaml
expect_status 0 "$PERCEPT" train --set data.name=circles --set data.examples=40 --epochs 2 --quiet --out mine/b
cp mine/b/metrics.csv kept.csv
expect_status 1 "$PERCEPT" reproduce ./study.yaml --quiet --out mine
expect_contains err "mine/b" "--force"
[ ! -e mine/a ] && [ ! -e mine/study.yaml ] || fail "it began"
expect_same kept.csv mine/b/metrics.csv
expect_status 0 "$PERCEPT" reproduce ./study.yaml --quiet --out mine --force --set "name=it's"
expect_lines mine/metrics.csv 3
expect_status 0 "$PERCEPT" reproduce mine/study.yaml --quiet --out again
expect_same mine/metrics.csv again/metrics.csv
expect_contains again/study.yaml "'name=it''s'"
