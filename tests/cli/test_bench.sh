#!/bin/bash
# What `percept bench` measures is there and positive, its parts agree, and wrong calls are told. No figure is judged: that
# would test the machine. An hour of rounds is not needed to see that figures come, so rounds are as short as they can be.
. "$(dirname "$0")/lib.sh"
need_command jq
short=(--rounds 2 --seconds 0.001)
net=(--random --examples 500 --layers 20-16-12-3)

# holds FILTER: the answer in `out` fits the jq filter.
holds() {
    jq -e "$1" out >/dev/null || fail "the answer does not fit $1"
}

# ---- The machine ----
expect_status 0 "$PERCEPT" bench peak "${short[@]}" --threads 2 --json
holds '.peak_gflops > 0 and .threads == 2 and (.instructions | length > 0)'
holds '[.float32, .float64 | .one_core, .all_threads | 0 < .least and .least <= .gflops and .gflops <= .most] | all'
expect_status 0 "$PERCEPT" bench peak "${short[@]}" --threads 1
expect_contains out "float32, one core" "float64, 1 thread" median
expect_contains out "taken by other programs, %"
expect_lacks out "cache line"
expect_status 0 "$PERCEPT" bench peak "${short[@]}" --threads 1 --json
holds '.round_trip.nanoseconds == 0 and .round_trip.cores == "one core" and .taken >= 0 and .taken < 1'
# A round trip that did not end, as when two threads share one core, is null.
expect_status 0 "$PERCEPT" bench peak "${short[@]}" --threads 2 --json
holds '.round_trip | .nanoseconds == null or .nanoseconds > 0'
holds '.round_trip | [.cores] | inside(["near", "far", "shared", "moved"])'
expect_status 0 "$PERCEPT" bench peak "${short[@]}" --threads 2
expect_match out 'cache line there and back, ns.*(near|far|shared|moved)$'

# PERCEPT_ISA adds the peak of other instructions; the rest is that of the best ones all the same.
everywhere=$(isas | tail -n 1)
expect_status 0 env PERCEPT_ISA="$everywhere" "$PERCEPT" bench peak "${short[@]}" --threads 1 --json
jq -e --arg isa "$everywhere" '.chosen | .instructions == $isa and .gflops > 0' out >/dev/null || fail "no peak of $everywhere"
expect_status 0 env PERCEPT_ISA="$everywhere" "$PERCEPT" bench peak "${short[@]}" --threads 1
expect_contains out "float32, $everywhere alone"

# ---- A training ----
expect_status 0 "$PERCEPT" bench train "${net[@]}" "${short[@]}" --batch-size 32 --threads 2 --json
holds '.gflops > 0 and .peak_gflops > 0 and .share_of_peak > 0'
holds '.seconds_per_epoch > 0 and .microseconds_per_step > 0 and .examples_per_second > 0'
holds '.layers == [20, 16, 12, 3] and .examples == 500 and .steps == 16 and .threads == 2 and .precision == "float32"'
holds '.operations_per_epoch == 500 * (6 * (20 * 16 + 16 * 12 + 12 * 3) - 2 * 20 * 16)'
holds '(.rounds | length) == 2 and .least.gflops <= .gflops and .gflops <= .most.gflops'
holds '[.rounds[] | .gflops * 1e9 * .seconds_per_epoch / 500 / 2648 - 1 | fabs < 1e-6] | all'
holds '[.rounds[] | .gflops / .peak_gflops / .share_of_peak - 1 | fabs < 1e-6] | all'
holds '[.rounds[] | .microseconds_per_step * 16 / 1e6 / .seconds_per_epoch - 1 | fabs < 1e-6] | all'
holds '[.rounds[] | has("round_trip_before") and has("round_trip_after")] | all'
holds 'has("explain") | not'
expect_no_file runs

# Validation is measured, too: forward only. Whole batches alone count where the rest is dropped.
expect_status 0 "$PERCEPT" data make circles --count 500 --out circles.csv
expect_status 0 "$PERCEPT" bench train "${short[@]}" --data circles.csv --layers 2-8-2 --split 400,100,0 \
    --set train.drop_last=true --batch-size 64 --precision float64 --json
holds '.examples == 384 and .steps == 6 and .precision == "float64"'
holds '.operations_per_epoch == 384 * (6 * 32 - 2 * 16) + 100 * 2 * 32'
expect_status 0 "$PERCEPT" bench train "${short[@]}" --data circles.csv --layers 2-8-2 --split 400,100,0 --schedule plateau \
    --set metrics.when=after --threads 2 --explain
expect_match out '^cores (near|far|shared|moved) .* of the peak$'
expect_contains out "GFLOP/s" "share of the peak" "network   2-8-2" "layer 2: 8 to 2, softmax"

# A recipe's own name says nothing of how long it is measured, and losses without bound do not end it.
printf 'data: {name: circles.csv}\nmodel: {layers: [2, 4, 2]}\ntrain: {epochs: 1, learning_rate: 1e30, patience: 1}\n' \
    >recipe.yaml
expect_status 0 "$PERCEPT" bench train recipe.yaml --rounds 3 --seconds 0.001 --json
holds '(.rounds | length) == 3'

# ---- Where the time goes ----
expect_status 0 "$PERCEPT" bench train "${net[@]}" "${short[@]}" --batch-size 32 --explain --json
holds '.explain.memory_gigabytes_per_second > 0 and .explain.batch == 32 and .explain.step > 0 and .explain.gathering > 0 and .explain.peak_gflops > 0'
holds '[.explain.products[] | "\(.layer) \(.product)"] == ["1 forward", "1 weight gradient", "2 forward",
    "2 weight gradient", "2 input gradient", "3 forward", "3 weight gradient", "3 input gradient"]'
holds '[.explain.products[] | .seconds > 0 and .gflops > 0 and .share_of_peak > 0 and (.kernel | length) > 0] | all'
holds '[.explain.products[] | .operations == 2 * (.shape | .[0] * .[1] * .[2])] | all'
holds '[.explain.products[] | .tile + .unit | all(. > 0)] | all'
holds '([.explain.products[].operations] | add) == 32 * 2648'
holds '([.explain.products[].seconds] | add) <= .explain.step'
holds '.explain.products[0].bytes == 4 * (16 * 20 + 20 * 32 + 16 * 32)'
expect_status 0 env PERCEPT_ISA="$everywhere" "$PERCEPT" bench train "${net[@]}" "${short[@]}" --explain
expect_contains out "$everywhere " "20 to 16, relu" "weight gradient" "gathering"
expect_status 0 "$PERCEPT" bench train "${net[@]}" "${short[@]}" --explain --engine reference
expect_contains out "plain loops" "gives no details"

# ---- The same as a picture ----
expect_status 2 "$PERCEPT" bench train "${net[@]}" "${short[@]}" --out chart
expect_contains err --explain
if command -v gnuplot >/dev/null; then
    expect_status 0 "$PERCEPT" bench train "${net[@]}" "${short[@]}" --explain --out chart
    expect_file chart/roofline.gp chart/roofline.svg chart/roofline.png
    expect_lines chart/roofline.csv 9
    expect_match chart/roofline.csv '^2,"?input gradient"?,'
    [ ! -s err ] || fail "something was complained of"
    expect_status 0 "$PERCEPT" bench train "${net[@]}" "${short[@]}" --explain --out loops --engine reference
    expect_contains err "not drawn"
    expect_file loops/roofline.csv
fi

# ---- Predictions, of networks with initial weights and of trained ones ----
expect_status 0 "$PERCEPT" bench predict "${net[@]}" "${short[@]}" --threads 1 --json
holds '.microseconds > 0 and .microseconds <= .microseconds_99 and .examples_per_second > 0'
holds '.gflops > 0 and .peak_gflops > 0 and .share_of_peak > 0 and .gigabytes_per_second > 0'
holds '.threads == 1 and .parameters == 579 and .block > 0 and (.rounds | length) == 2'
holds '.round_trip_before == 0 and .round_trip_after == 0'
expect_status 0 "$PERCEPT" train --preset plain --data circles.csv --layers 2-8-2 --epochs 1 --no-plot --quiet --out run
expect_status 0 "$PERCEPT" bench predict run "${short[@]}"
expect_contains out "2 inputs, 42 parameters" "99th percentile"
expect_status 0 "$PERCEPT" bench predict run/model.safetensors "${short[@]}" --threads 2 --json
holds '.threads == 2 and .parameters == 42'

# ---- What makes no sense ----
expect_status 2 "$PERCEPT" bench
expect_status 2 "$PERCEPT" bench pek
expect_contains err "peak"
expect_status 2 "$PERCEPT" bench peak --rounds 0
expect_contains err --rounds "from 1 on"
expect_status 2 "$PERCEPT" bench peak --seconds 0
expect_contains err --seconds "above 0"
expect_status 2 "$PERCEPT" bench predict --explain
expect_contains err --explain
expect_status 2 "$PERCEPT" bench train --examples 100
expect_contains err --random
expect_status 1 "$PERCEPT" bench train --random
expect_contains err model.layers
expect_status 1 "$PERCEPT" bench train --random --examples 2 --layers 4-3
expect_contains err "3 classes"
expect_status 2 "$PERCEPT" bench predict run --layers 2-4-2
expect_contains err trained --layers
expect_status 1 "$PERCEPT" bench train nothing.yaml
expect_match err '^percept: .*nothing.yaml'
expect_status 1 env PERCEPT_ISA=avx1024 "$PERCEPT" bench train "${net[@]}" "${short[@]}"
expect_contains err avx1024
expect_status 0 "$PERCEPT" bench train --help
expect_contains out --explain --random share_of_peak
