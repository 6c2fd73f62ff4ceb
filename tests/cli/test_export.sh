#!/bin/bash
# Models leave in other formats: each is checked against the model before the file appears.
. "$(dirname "$0")/lib.sh"
small=(--data moons --set data.examples=120 --layers 2-6-6-1 --epochs 2 --no-plot --quiet)

expect_status 0 "$PERCEPT" train "${small[@]}" --out run --set model.normalize=batch

# The file is named after the run, and rows come from the training part.
expect_status 0 "$PERCEPT" export run --to npz
expect_match out '^checked on [0-9]+ rows of the training part'
expect_contains out 'all labels equal'
expect_file run.npz

# Of a model file alone, rows are drawn; or they are given.
expect_status 0 "$PERCEPT" export run/model.safetensors --to npz
expect_contains out 'drawn from the model'
expect_file model.npz
printf 'x,y\n0.1,0.2\n,-1\n3,nan\n' >rows.csv
expect_status 0 "$PERCEPT" export run --to npz --examples rows.csv --precision float64 --out wide.npz
expect_match out '^checked on 103 rows of the file, 100 of them drawn'

# The model file itself.
expect_status 0 "$PERCEPT" export run --to safetensors
expect_same run.safetensors run/model.safetensors

# Refusals leave nothing.
expect_status 1 "$PERCEPT" export run --to npz --examples nothing.csv --out no.npz
expect_no_file no.npz
expect_status 1 "$PERCEPT" export run --to safetensors --precision float64 --out no.safetensors
expect_contains err 'leave the flag out'
expect_status 1 "$PERCEPT" export run --to npz --out missing/no.npz
expect_contains err 'missing/no.npz'
expect_status 2 "$PERCEPT" export run
expect_contains err '--to'
expect_status 2 "$PERCEPT" export run --to tflite
expect_contains err npz
[ "$(find . -name '.percept-*' | wc -l)" -eq 0 ] || fail "something was left behind"
