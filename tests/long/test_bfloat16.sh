#!/bin/bash
# Products of bfloat16 train as good a network as those of float32: the accuracy on the test part of Fashion-MNIST, mean of
# five seeds, is within 0.2 points. Where the processor has no such products they are emulated, with AVX2 for its vectors.
. "$(dirname "$0")/../cli/lib.sh"
need_command jq
need_fashion_mnist
if ! "$PERCEPT" bench peak --rounds 1 --seconds 0.01 --json | jq -e .bfloat16 >/dev/null; then
    export PERCEPT_BFLOAT16=emulated
    ! "$PERCEPT" version --verbose | grep -q avx2 || export PERCEPT_ISA=avx2
fi

# The learning rate falls, so that accuracies settle: a last step at full length moves them by more than 0.2 points.
mean() { # mean PRECISION
    local seed
    for seed in 1 2 3 4 5; do
        "$PERCEPT" train --data fashion-mnist --validation 0 --layers 784-64-10 --optimizer sgd --learning-rate 0.2 \
            --schedule cosine --set train.decay=0 --epochs 4 --seed $seed --precision "$1" --out "$1-$seed" \
            --no-plot --quiet >out 2>err || fail "training ended with status $?"
    done
    jq -s 'map(.test.accuracy) | add / length' "$1"-?/summary.json
}
narrow=$(mean bfloat16)
wide=$(mean float32)
echo "bfloat16 $narrow, float32 $wide"
jq -en "($narrow - $wide) | fabs <= 0.002 and $wide > 0.8" >/dev/null || fail "bfloat16 $narrow, float32 $wide"
