#!/bin/bash
# --tensorboard writes event files into a folder of the run's name, and changes nothing else. What is in them is read by
# tests/interop/check_tensorboard.py.
. "$(dirname "$0")/lib.sh"
small=(--data circles --layers 2-4-1 --epochs 3 --no-plot)

expect_status 0 "$PERCEPT" train "${small[@]}" --quiet --out plain
expect_status 0 "$PERCEPT" train "${small[@]}" --out runs/logged --tensorboard logs
expect_contains out "tensorboard --logdir logs"
for file in model.safetensors metrics.csv summary.json checkpoint.safetensors; do
    expect_same plain/$file runs/logged/$file
done
expect_lines <(ls logs/logged) 1
expect_match <(ls logs/logged) '^events\.out\.tfevents\.[0-9]{10}\.'
cat logs/logged/* >events
expect_contains events brain.Event:2 loss/train accuracy/train weights/layer_1 bias_gradients/layer_2 \
    learning_rate model.layers 2-4-1

# A run that goes on has it in its recipe; another folder may be named.
rm runs/logged/summary.json
expect_status 0 "$PERCEPT" train --resume runs/logged --no-plot --quiet
expect_lines <(ls logs/logged) 2
rm runs/logged/summary.json
expect_status 0 "$PERCEPT" train --resume runs/logged --no-plot --quiet --tensorboard others
expect_lines <(ls logs/logged) 2
expect_lines <(ls others/logged) 1
expect_same plain/summary.json runs/logged/summary.json

# The runs of a cross-validation lie together.
expect_status 0 "$PERCEPT" train "${small[@]}" --quiet --folds 2 --out runs/crossed --tensorboard logs
expect_file logs/crossed/fold-0 logs/crossed/fold-1

# A folder that cannot be.
echo >file
expect_status 1 "$PERCEPT" train "${small[@]}" --quiet --out refused --tensorboard file
expect_contains err file
