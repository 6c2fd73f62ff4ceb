#!/bin/bash
# train --calibration temperature divides the logits of a classifier by what suits the validation part.
. "$(dirname "$0")/lib.sh"

# Noisy labels, columns that say nothing, and many epochs on few rows: a network that is too sure of itself.
awk 'BEGIN { srand(7); print "x,y,a,b,c,d,e,class,w"
    for (i = 0; i < 2400; i++) { x = 4 * rand() - 2; y = 4 * rand() - 2
        print x "," y "," rand() "," rand() "," rand() "," rand() "," rand() "," ((rand() < 0.25) != (y > x * x - 1) ? "over" : "under") "," 1 + i % 2 } }' >points.csv
fit=(train --preset plain --data points.csv --label class --set data.drop=w --layers 7-64-2 --epochs 60 --learning-rate 0.02 --batch-size 16 --set data.split=0.1,0.4,0.5 --set train.keep=last --no-plot)
none='.calibration == null'
answer() { # FILTER: true of the last output
    [ "$(jq "$1" out)" = true ] || fail "not so: $1"
}

# ---- Off by default; on, the validation part is better off, and the test part gets probabilities that fit ----
expect_status 0 "$PERCEPT" "${fit[@]}" --json --quiet --out plain
answer "$none"
expect_lacks plain/summary.json calibration
expect_status 0 "$PERCEPT" "${fit[@]}" --calibration temperature --json --quiet --out warm
answer '.calibration.temperature > 1.1 and .calibration.after.log_loss < .calibration.before.log_loss'
answer '.calibration.after.expected_error < .calibration.before.expected_error'
expect_contains warm/summary.json '"temperature": ' '"expected_error": '
expect_contains warm/recipe.yaml 'calibration: temperature'
cmp -s plain/model.safetensors warm/model.safetensors && fail 'the model is the same'
temperature=$(jq .calibration.temperature out)
for part in valid test; do
    for run in plain warm; do
        expect_status 0 "$PERCEPT" evaluate $run --part $part --json
        cp out $run-$part.json
    done
    [ "$(jq -s '.[0].loss > .[1].loss and .[0].calibration.expected_error > .[1].calibration.expected_error
        and .[0].accuracy == .[1].accuracy and .[0].thresholds.roc_auc == .[1].thresholds.roc_auc' plain-$part.json warm-$part.json)" = true ] ||
        fail "$part part: no better"
done
[ "$(jq -s '.[0].loss - .[1].calibration.after.log_loss | fabs < 1e-6' warm-valid.json warm/summary.json)" = true ] ||
    fail 'evaluate does not see the loss that train reported'
expect_status 0 "$PERCEPT" train warm/recipe.yaml --no-plot --threads 3 --out again
expect_same warm/model.safetensors again/model.safetensors
expect_contains out 'calibrated with temperature' 'validation log loss' 'validation calibration error'
expect_status 0 "$PERCEPT" evaluate warm
expect_contains out 'test calibration error'

# ---- Interrupted, resumed, prolonged: a checkpoint knows nothing of it ----
expect_status 0 "$PERCEPT" "${fit[@]}" --calibration temperature --epochs 20 --quiet --out short
expect_status 0 "$PERCEPT" train --resume short --epochs 60 --no-plot --quiet
expect_same warm/model.safetensors short/model.safetensors

# ---- Folds, members, weights, thresholds, exports ----
expect_status 0 "$PERCEPT" train --preset plain --data points.csv --label class --set data.drop=w --layers 7-64-2 --no-plot --calibration temperature --epochs 8 --folds 2 --quiet --out folds
expect_contains folds/fold-0/summary.json '"temperature": '
expect_contains folds/fold-1/summary.json '"temperature": '
expect_status 0 "$PERCEPT" "${fit[@]}" --calibration temperature --members 3 --json --quiet --out three
answer '.calibration.after.log_loss <= .calibration.before.log_loss'
expect_status 0 "$PERCEPT" evaluate three --part valid --json
[ "$(jq -s '.[0].loss - .[1].calibration.after.log_loss | fabs < 1e-6' out three/summary.json)" = true ] || fail 'members: another loss'
expect_status 0 "$PERCEPT" train --preset plain --data points.csv --label class --set data.weight=w --layers 7-64-1 --epochs 60 --learning-rate 0.02 \
    --calibration temperature --no-plot --quiet --json --out weighted
expect_status 0 "$PERCEPT" evaluate weighted --part valid --json
[ "$(jq -s '.[0].loss - .[1].calibration.after.log_loss | fabs < 1e-6' out weighted/summary.json)" = true ] || fail 'weights: another loss'
expect_status 0 "$PERCEPT" evaluate warm --threshold-by f1
expect_status 0 "$PERCEPT" export warm --to onnx --out warm.onnx
expect_status 0 "$PERCEPT" report warm --no-plot
expect_contains warm/report.html 'temperature'

# ---- The preset for tables chooses it, where there is a validation part and the output is its own ----
small=(train points.csv --label class --epochs 2 --members 1 --no-plot --quiet)
expect_status 0 "$PERCEPT" "${small[@]}" --out preset
expect_contains preset/recipe.yaml 'calibration: temperature'
expect_status 0 "$PERCEPT" "${small[@]}" --calibration none --out cold
expect_contains cold/recipe.yaml 'calibration: none'
expect_status 0 "$PERCEPT" "${small[@]}" --validation 0 --out blind
expect_contains blind/recipe.yaml 'calibration: none'
expect_status 0 "$PERCEPT" "${small[@]}" --set model.output=identity --out scores
expect_contains scores/recipe.yaml 'calibration: none'
expect_status 0 "$PERCEPT" train points.csv --targets x --epochs 1 --members 1 --no-plot --quiet --out targets
expect_contains targets/recipe.yaml 'calibration: none'

# ---- What cannot be calibrated ----
expect_status 1 "$PERCEPT" "${fit[@]}" --calibration temperature --set data.split=0.5,0,0.5 --out refused
expect_contains err 'train.calibration temperature needs a validation set' '--validation 0.2'
expect_status 1 "$PERCEPT" "${fit[@]}" --calibration temperature --set model.output=identity --out refused
expect_contains err 'needs classes and the output softmax or sigmoid'
expect_no_file refused
