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
