#!/bin/bash
# The recipes in records/, and that of the demonstration, run as they are; here only their beginning, on a few examples.
. "$(dirname "$0")/lib.sh"
[ -d "$SOURCE/recipes/records" ] || skip "the recipes are not beside the tests"
short() { # short NAME FLAG...
    local name=$1
    shift
    expect_status 0 "$PERCEPT" train "$SOURCE/recipes/$name.yaml" --no-plot --quiet --out "${name##*/}" "$@"
    expect_file "${name##*/}/summary.json"
}
short records/spirals --epochs 3
grep -q '"accuracy"' spirals/summary.json || fail "the spirals were not tested"
if [ -e "${PERCEPT_DATA:-/none}/digits.csv.gz" ]; then
    short records/digits --epochs 2
    expect_file digits/fold-9/model.safetensors
fi
small=(--epochs 1 --validation 20 --set data.per_class=20)
if [ -d "${PERCEPT_DATA:-/none}/mnist" ]; then
    short records/mnist "${small[@]}"
    short records/mnist-deformed "${small[@]}"
fi
if [ -e /usr/share/datasets/fashion-mnist ]; then
    short records/fashion-mnist "${small[@]}"
    short demo "${small[@]}"
fi
