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

# So do the trials of a search, those that stop at a rung with a file for each time they went on, and its winner.
cat >space.yaml <<'END'
data: {name: moons, examples: 80}
train.epochs: 4
search: {strategy: halving, trials: 3, halving: {least_epochs: 1, reduction: 2}}
space: {train.batch_size: [8, 16, 32]}
END
expect_status 0 "$PERCEPT" search space.yaml --out runs/searched --set tensorboard=logs
expect_file logs/searched/trial-0 logs/searched/trial-1 logs/searched/trial-2 logs/searched/best
winner=$(sed -n 's/^winner    trial \([0-9]*\),.*/\1/p' out)
expect_match <(ls "logs/searched/trial-$winner" | wc -l) '^[23]$'
cat logs/searched/trial-"$winner"/* >events
expect_contains events brain.Event:2 accuracy/valid weights/layer_1

# A folder that cannot be.
echo >file
expect_status 1 "$PERCEPT" train "${small[@]}" --quiet --out refused --tensorboard file
expect_contains err file
