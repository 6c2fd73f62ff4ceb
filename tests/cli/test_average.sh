#!/bin/bash
# Stochastic weight averaging and snapshots: killed and resumed, stopped and prolonged, on any number of threads, the same bits.
. "$(dirname "$0")/lib.sh"
need_digits
small=(--data digits --layers 64-24-10 --batch-size 32 --normalize batch --no-plot --quiet)
snapshots=("${small[@]}" --set train.average=snapshots --schedule cosine-restarts --set train.decay_every=2
    --set train.cycle_growth=2)
epochs=("${small[@]}" --set train.average=epochs)

expect_status 0 "$PERCEPT" train "${epochs[@]}" --epochs 8 --out swa
expect_contains swa/recipe.yaml "average: epochs" "average_from: 6"
for name in snapshots epochs; do
    declare -n flags=$name
    expect_status 0 "$PERCEPT" train "${flags[@]}" --set train.average_from=3 --epochs 14 --threads 1 --out "$name-whole"
    expect_status 0 "$PERCEPT" train "${flags[@]}" --set train.average_from=3 --epochs 14 --threads 3 --out "$name-three"
    expect_same "$name-whole/model.safetensors" "$name-three/model.safetensors"
    # As many epochs as there were, in two parts.
    expect_status 0 "$PERCEPT" train "${flags[@]}" --set train.average_from=3 --epochs 9 --out "$name-part"
    expect_status 0 "$PERCEPT" train --resume "$name-part" --epochs 14 --no-plot --quiet
    expect_same "$name-whole/model.safetensors" "$name-part/model.safetensors"
    expect_same "$name-whole/metrics.csv" "$name-part/metrics.csv"
    status=0
    { timeout -s KILL 0.2 "$PERCEPT" train "${flags[@]}" --set train.average_from=3 --epochs 14 --checkpoint-every 3 \
        --out "$name-killed" >out 2>err; } 2>/dev/null || status=$?
    if [ $status -ne 0 ] && [ -e "$name-killed/recipe.yaml" ]; then
        expect_status 0 "$PERCEPT" train --resume "$name-killed" --no-plot --quiet
        expect_same "$name-whole/model.safetensors" "$name-killed/model.safetensors"
    fi
done

expect_status 1 "$PERCEPT" train "${small[@]}" --set train.average=snapshots --out refused
expect_contains err "train.schedule cosine-restarts"
expect_status 1 "$PERCEPT" train "${epochs[@]}" --ema 0.9 --out refused
expect_contains err train.ema train.average
expect_no_file refused/model.safetensors
