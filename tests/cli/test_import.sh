#!/bin/bash
# Networks of other programs become models: what was exported comes back, and weights alone need a word about activations.
. "$(dirname "$0")/lib.sh"

expect_status 0 "$PERCEPT" train --data moons --set data.examples=120 --layers 2-6-6-1 --epochs 2 --no-plot --quiet \
    --out run --set model.activation=gelu
expect_status 0 "$PERCEPT" export run --to onnx
expect_status 0 "$PERCEPT" import run.onnx
expect_contains out '2-6-6-1, gelu, sigmoid' run.safetensors 'largest difference from the graph'
printf '0.1,0.2\n-1,0.5\n2,-0.3\n' >rows.csv
expect_status 0 "$PERCEPT" predict run.safetensors rows.csv --header no
cut -d , -f 1 out >imported
expect_status 0 "$PERCEPT" predict run rows.csv --header no
cut -d , -f 1 out >own
expect_same own imported

# What is more than dense layers is not read back from a graph; the model file has it.
expect_status 0 "$PERCEPT" train --data moons --set data.examples=120 --layers 2-6-2 --epochs 1 --no-plot --quiet --out several \
    --set model.members=2
expect_status 0 "$PERCEPT" export several --to onnx
expect_status 1 "$PERCEPT" import several.onnx --out no.safetensors
expect_contains err 'Percept wrote this file from a network that is not read back' 'use its run or its model file'

# A model is refused, as is a file of another kind or one that is cut off; nothing is written.
expect_status 1 "$PERCEPT" import run/model.safetensors --out no.safetensors
expect_contains err 'is a model of Percept already'
head -c 300 run.onnx >short.onnx
expect_status 1 "$PERCEPT" import short.onnx --out no.safetensors
expect_contains err short.onnx
expect_status 1 "$PERCEPT" import rows.csv --out no.safetensors
expect_contains err 'neither .onnx nor .safetensors'
expect_status 1 "$PERCEPT" import missing.onnx --out no.safetensors
expect_contains err missing.onnx
expect_no_file no.safetensors
expect_status 1 "$PERCEPT" import run.safetensors
expect_contains err 'name it with --out'
