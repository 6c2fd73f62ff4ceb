#!/bin/bash
# The browser's module trains to the same parameters, bit for bit, as this program with PERCEPT_ISA=plain: SIMD128 has vectors of
# the same width, and neither fuses a product with a sum. That holds on x86-64, whose plain set is SSE2, and as far as both C
# libraries agree on cos, log and the like for these seeds.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/cli/playground.sh"
need_playground
need_command node
isas | grep -qx plain || skip "this processor has no set plain to compare with"

# same_bits KEY=VALUE...
same_bits() {
    local settings=()
    for setting in "$@"; do
        settings+=(--set "$setting")
    done
    PERCEPT_ISA=plain expect_status 0 "$PERCEPT" train --quiet --no-plot --force --out run "${settings[@]}"
    expect_status 0 node "$SOURCE/tests/web/train.mjs" "$playground/percept.wasm" "$playground/core.js" run/model.safetensors "$@"
    expect_match out '^[1-9][0-9]* numbers, 0 differ, at most 0$'
}

common=(train.keep=last train.epochs=5 train.batch_size=10 data.validation=0.3 data.test=0)
for name in circles moons spirals blobs; do
    for optimizer in sgd adam; do
        same_bits "${common[@]}" data.name=$name data.class_count=2 model.layers=2-8-6-2 model.activation=tanh \
            train.optimizer=$optimizer train.learning_rate=0.03
    done
done
spirals=("${common[@]}" data.name=spirals data.class_count=3 data.noise=0.1 data.seed=7 seed=5)
same_bits "${spirals[@]}" model.layers=2-5-3 train.optimizer=rmsprop model.normalize=batch
same_bits "${spirals[@]}" model.layers=2-12-12-3 train.optimizer=adamw model.normalize=layer model.l1=0.001
same_bits "${spirals[@]}" model.layers=2-9-3 model.dropout=0.3 model.activation=gelu model.l2=0.01
same_bits "${spirals[@]}" model.layers=2-4-4-3 model.init=normal model.init_scale=1 model.activation=sigmoid
same_bits "${spirals[@]}" model.layers=2-8-8-3 train.optimizer=muon train.batch_size=64
same_bits "${common[@]}" data.name=moons model.layers=2-64-32-2 train.optimizer=amsgrad model.activation=silu
same_bits "${common[@]}" data.name=circles model.layers=2-2 model.init=zeros train.optimizer=sgd

# ---- Tables ----
export TABLE=table.csv
table=(preset=plain train.epochs=5 train.batch_size=10 train.keep=last data.validation=0.3 data.test=0 data.name=table.csv)
"$PERCEPT" data make moons --count 300 --out table.csv
same_bits "${table[@]}" model.layers=2-8-2
awk 'BEGIN {print "width;height;colour;kind"; for (i = 0; i < 200; i++)
    printf "%.2f;%s;%s;%s\n", i % 17 / 3, i % 11 == 0 ? "" : i % 13, i % 3 ? "red" : "blue, dark", i % 2 ? "leaf" : "stone"}' >table.csv
same_bits "${table[@]}" model.layers=3-6-2
same_bits "${table[@]}" data.targets=width data.drop=kind model.layers=2-5-1

# What the command line refuses, the page refuses in the same words.
refused() {
    expect_status 1 "$PERCEPT" train --quiet --no-plot --force --out run --set data.name=table.csv --set model.layers=2-3-2
    sed 's/^percept: //' err >told
    expect_status 1 node "$SOURCE/tests/web/train.mjs" "$playground/percept.wasm" "$playground/core.js" none data.name=table.csv \
        model.layers=2-3-2
    expect_same told out
}
: >table.csv
refused
printf 'x,y,class\n1,2,a\n3,4\n' >table.csv
refused
printf 'x,y,class\n1,2,a\n3,inf,b\n' >table.csv
refused
printf 'x,y,class\n1,2,a\n3,\xff,b\n' >table.csv
refused
printf 'PAR1 and so on' >table.csv
refused
