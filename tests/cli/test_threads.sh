#!/bin/bash
# The number of threads changes no bit of what is written or said.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
# Sizes that no block or number of threads divides.
small=(--set data.per_class=47 --validation 91 --layers 784-33-17-10 --epochs 2 --batch-size 29 --no-plot --quiet)

expect_status 0 "$PERCEPT" train "${small[@]}" --threads 1 --out one
for threads in 2 3 5; do
    expect_status 0 "$PERCEPT" train "${small[@]}" --threads $threads --out many --force
    expect_same one/model.safetensors many/model.safetensors
    expect_same one/metrics.csv many/metrics.csv
    expect_same one/summary.json many/summary.json
    expect_status 0 "$PERCEPT" evaluate one --threads $threads
    [ $threads -eq 2 ] || expect_same out measured
    cp out measured
done
