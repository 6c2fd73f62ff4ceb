#!/bin/bash
# A finished run goes on with more epochs, to the same bits as a run of that many epochs from the start.
. "$(dirname "$0")/lib.sh"
small=(--data moons --layers 2-6-2 --batch-size 32 --no-plot --quiet)
files=(model.safetensors metrics.csv summary.json checkpoint.safetensors recipe.yaml data.json)

expect_same_run() { # expect_same_run RUN RUN
    local file
    for file in "${files[@]}"; do
        expect_same "$1/$file" "$2/$file"
    done
}

# ---- The same bits ----
longer() { # longer FLAG...: 3 epochs and then 3 more are 6 epochs
    rm -rf six three
    expect_status 0 "$PERCEPT" train "${small[@]}" "$@" --epochs 6 --out six
    expect_status 0 "$PERCEPT" train "${small[@]}" "$@" --epochs 3 --out three
    expect_status 0 "$PERCEPT" train --resume three --epochs 6 --no-plot --quiet
    expect_same_run six three
}
longer
longer --optimizer sgd --momentum 0.9 --schedule step --warmup 2
longer --schedule plateau --set train.decay_patience=0 --dropout 0.2 --ema 0.9
longer --patience 1 --learning-rate 0.5 # may end early, and then alike
longer --schedule exponential --set train.keep=last --set train.shuffle=false

# Also where it did not come to its end the first time, and where it is asked for twice.
rm three/summary.json
cp -r three four
expect_status 0 "$PERCEPT" train --resume three --epochs 9 --no-plot --quiet
expect_status 0 "$PERCEPT" train --resume four --no-plot --quiet
expect_status 0 "$PERCEPT" train --resume four --epochs 9 --no-plot --quiet
expect_same_run three four

# ---- A finished run says how to go on ----
expect_status 0 "$PERCEPT" train --resume four
expect_contains out "four is finished" "percept train --epochs 18 --resume four"
expect_status 0 "$PERCEPT" train --resume four --epochs 9
expect_contains out "four is finished"
expect_status 2 "$PERCEPT" train --resume four --epochs 8
expect_contains err "train.epochs 9" "only raise"
expect_status 2 "$PERCEPT" train --resume four --learning-rate 1 --epochs 12
expect_contains err "train.learning_rate would change the run"

# ---- Schedules that depend on the number of epochs ----
for schedule in cosine one-cycle inverse; do
    expect_status 0 "$PERCEPT" train "${small[@]}" --schedule $schedule --epochs 2 --out $schedule
    cp -r $schedule before
    expect_status 2 "$PERCEPT" train --resume $schedule --epochs 4
    expect_contains err "the schedule $schedule is spread over the 2 epochs" "start a new run with --epochs 4"
    expect_status 0 "$PERCEPT" train --resume $schedule
    expect_contains out "its schedule, $schedule, ends with its 2 epochs"
    diff -r $schedule before || fail "the run was changed"
    rm -r before
done

# ---- Cross-validation ----
expect_status 0 "$PERCEPT" train "${small[@]}" --folds 2 --epochs 4 --out folds-four
expect_status 0 "$PERCEPT" train "${small[@]}" --folds 2 --epochs 2 --out folds-two
expect_status 0 "$PERCEPT" train --resume folds-two --epochs 4 --no-plot --quiet
expect_same folds-four/summary.json folds-two/summary.json
expect_same folds-four/recipe.yaml folds-two/recipe.yaml
expect_same_run folds-four/fold-0 folds-two/fold-0
expect_same_run folds-four/fold-1 folds-two/fold-1
