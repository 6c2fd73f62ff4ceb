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

# ONNX: one tensor, or an input for each column, under its name; any opset that the operators are in.
expect_status 0 "$PERCEPT" export run --to onnx
expect_match out '^checked on [0-9]+ rows of the training part.*all labels equal'
expect_contains run.onnx features label probabilities
expect_status 0 "$PERCEPT" export run --to onnx --opset 21 --precision float64 --out wide.onnx
cat >mixed.csv <<'END'
size,colour,weight,price
1,red,200.5,no
2,green,201,yes
,blue,199,no
4,red,,yes
5,green,200,no
6,blue,202,yes
7,red,203,yes
8,red,198.5,no
9,green,201.5,yes
10,blue,200,no
END
expect_status 0 "$PERCEPT" train --data mixed.csv --label price --set data.categories=colour --epochs 3 --no-plot --quiet --out mixed
expect_status 0 "$PERCEPT" export mixed --to onnx --inputs columns
expect_contains mixed.onnx colour LabelEncoder red weight
expect_contains out 'all labels equal'

# Refusals leave nothing.
expect_status 1 "$PERCEPT" export run --to onnx --opset 9 --out no.onnx
expect_contains err '--opset 9: give one from 13 to 22'
expect_no_file no.onnx
expect_status 2 "$PERCEPT" export run --to onnx --inputs rows --out no.onnx
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
