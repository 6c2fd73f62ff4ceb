#!/bin/bash
# The table beside other packages: a row comes also where no peer is there, which is said; its JSON agrees with it. The
# peers themselves are for `make bench`, which downloads them.
. "$(dirname "$0")/lib.sh"
need_command python3
need_command jq
export BENCH_ROUNDS=1 BENCH_SECONDS=0.01 BENCH_OUT=$work/table BENCH_PYTHON=$work/none BENCH_FANN=$work/none
unset PERCEPT_DATA

expect_status 0 python3 -B "$SOURCE/bench/harness.py" "$PERCEPT" W4 W3 W7
expect_contains out "W4  2-128-2, batch 16" "Percept float32" "Percept float64" "one prediction" "numpy" \
    "not measured: no Python packages" "not measured: not built" "no peer was measured"
expect_match out '^  machine: the peak differed by .* % between rounds, other programs took .* %'
jq -e '.rows[0] | .missing == null and .seconds > 0 and .gflops > 0 and .share_of_peak > 0' table/W4.json >/dev/null ||
    fail "W4.json lacks a figure"
jq -e '.peak_gflops > 0 and .rounds == 1 and ([.rows[1:][] | .missing != null] | all)' table/W4.json >/dev/null ||
    fail "W4.json has other peers"
jq -e '.rows[0].readings | length == 1 and (.[0] | .seconds > 0 and has("cores") and has("round_trip_before"))' \
    table/W4.json >/dev/null || fail "W4.json lacks the readings"
jq -e '.date and .processor and .cores > 0 and .noise.spread >= 0 and .noise.taken >= 0' table/W4.json >/dev/null ||
    fail "W4.json does not say when, on what, and how noisy"
jq -e '.rows[0].seconds_99 >= .rows[0].seconds' table/W7.json >/dev/null || fail "W7.json lacks a percentile"

# The results of each run are kept.
expect_same table/W4.json table/runs/*/W4.json

# Works are named in any case; rounds can be chosen; another build takes the place of the peers.
expect_status 0 python3 -B "$SOURCE/bench/harness.py" "$PERCEPT" --rounds 2 --compare "$PERCEPT" other w4
expect_contains out "other float32"
expect_lacks out torch "no peer"
jq -e '.rounds == 2 and (.rows | length == 2) and ([.ratios[] | .ratio > 0 and .build == "other float32"] | all)' \
    table/W4.json >/dev/null || fail "W4.json lacks the comparison"
expect_status 1 python3 -B "$SOURCE/bench/harness.py" "$PERCEPT" --rounds 0 W4
expect_contains err "from 1 on"

# Whole jobs: many networks, many predictions, the start.
expect_status 0 env BENCH_ROWS=2000 BENCH_NETWORKS=4 python3 -B "$SOURCE/bench/harness.py" "$PERCEPT" W9 W10 W10b start
expect_contains out "4 networks" "2,000 rows" "200 rows" "times the features in float32" jax torch-vmap polars pandas
for name in W9 W10 W10b start; do
    jq -e '.rows[0] | .missing == null and .seconds > 0 and .readings[0].memory > 0' table/$name.json >/dev/null ||
        fail "$name.json lacks a figure"
done
expect_lines table/predicted.csv 201

# A precision that the processor lacks is none: the row says so. Elsewhere it has figures.
expect_status 0 env BENCH_JUDGED=0 python3 -B "$SOURCE/bench/harness.py" "$PERCEPT" W1b
expect_contains out "Percept bfloat16" "Percept float32" "share"
jq -e '.rows[0] | if .missing == null then .seconds > 0 else (.missing | test("bfloat16 needs a processor")) end' \
    table/W1b.json >/dev/null || fail "W1b.json says neither how fast nor why not"

# What Percept itself cannot do is an error, and its own words say why.
expect_status 1 env PERCEPT_ISA=avx1024 python3 -B "$SOURCE/bench/harness.py" "$PERCEPT" W4
expect_contains out "avx1024"

# A work that is none is named, and none is begun.
expect_status 1 python3 -B "$SOURCE/bench/harness.py" "$PERCEPT" W99
expect_contains err "no work W99" W1

# What is compared with must be a commit or a program.
expect_status 1 "$SOURCE/scripts/bench" --compare no-such-commit W4
expect_contains err "'no-such-commit' is neither a commit nor a program"
expect_status 2 "$SOURCE/scripts/bench" --rounds
expect_contains err "--rounds needs a value"
