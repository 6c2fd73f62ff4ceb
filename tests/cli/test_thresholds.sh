#!/bin/bash
# Two classes: evaluate shows what each threshold gives; --threshold measures there; regression names its targets.
. "$(dirname "$0")/lib.sh"
expect_status 0 "$PERCEPT" data make moons --noise 0.4 --count 400 --seed 1 --out moons.csv
sed -i 's/,0$/,no/; s/,1$/,yes/' moons.csv
train=(--no-plot --quiet --set data.split=0.5,0.2,0.3 --set data.shuffle=true)
expect_status 0 "$PERCEPT" train --preset plain "${train[@]}" --data moons.csv --layers 2-8-2 --epochs 5 --out two
expect_status 0 "$PERCEPT" train --preset plain "${train[@]}" --data moons.csv --layers 2-8-1 --epochs 5 --out one

row() { # row THRESHOLD FILE: recall, false positive rate, precision, F1 and accuracy
    awk -v t="$1" '/^threshold/ { table = 1 } table && $1 == t { print $2, $4, $6, $8, $10; exit }' "$2"
}
for run in one two; do
    expect_status 0 "$PERCEPT" evaluate $run
    [ "$(LC_ALL=C.UTF-8 wc -L <out)" -le 80 ] || fail "a line has more than 80 columns"
    expect_contains out "Thresholds: 'yes' is predicted" "test ROC AUC 0." "test average precision 0." "best F1" "TPR-FPR"
    cp out table
    # At 0.5, and at any other threshold, the row says what the rest of the report says.
    for threshold in 0.5 0.2 "$(awk '/best F1/ { print $1 }' table)"; do
        expect_status 0 "$PERCEPT" evaluate $run --threshold "$threshold"
        [ "$threshold" = 0.5 ] || expect_contains out "positive class yes at threshold $threshold"
        read -r recall _ precision f1 accuracy <<<"$(row "$threshold" table)"
        [ "$(awk '/^yes .*%/ { print $2, $4, $6; exit }' out)" = "$precision $recall $f1" ] ||
            fail "row $threshold of $run and the class disagree"
        [ "$(awk '/^test accuracy/ { print $3 }' out)" = "$accuracy" ] || fail "row $threshold of $run: accuracy"
    done
    # What does not depend on it stays.
    [ "$(grep 'loss\|AUC\|Brier' out)" = "$(grep 'loss\|AUC\|Brier' table)" ] || fail "other metrics changed"
done
# Nothing is positive above every probability, all is from 0 on.
expect_status 0 "$PERCEPT" evaluate two --threshold 0
expect_match out '^no +0 +[0-9]+$'
expect_status 0 "$PERCEPT" evaluate two --threshold 1
expect_match out '^yes +[0-9]+ +0$'

# ---- For a program ----
expect_status 0 "$PERCEPT" evaluate two --json --threshold 0.2
expect_lines out 1
expect_contains out '"threshold": 0.2' '"positive": "yes"' '"average_precision": 0.' '"best_f1": {' '"best_youden": {' \
    '"roc_auc": 0.' '"table": [{' '"false_positive_rate": 0.'

# ---- What it is not for ----
for value in -0.1 1.5 half nan; do
    expect_status 2 "$PERCEPT" evaluate two --threshold $value
    expect_contains err "--threshold is '$value'; give a number from 0 to 1"
done
expect_status 0 "$PERCEPT" data make blobs --count 60 --seed 1 --out blobs.csv
expect_status 0 "$PERCEPT" train --preset plain "${train[@]}" --data blobs.csv --layers 2-4-3 --epochs 1 --out three
expect_status 1 "$PERCEPT" evaluate three --threshold 0.3
expect_contains err "'three' has 3 classes, but --threshold needs a model with two"
expect_status 0 "$PERCEPT" evaluate three --json
expect_contains out '"threshold": null, "threshold_by": null, "thresholds": null'

# ---- A threshold chosen on the validation part goes with the model ----
for run in one two; do
    cp $run/model.safetensors before.safetensors
    expect_status 0 "$PERCEPT" evaluate $run --part valid
    best_f1=$(awk '/best F1/ { print $8 }' out)
    expect_status 0 "$PERCEPT" evaluate $run --threshold 0.31
    expect_same $run/model.safetensors before.safetensors
    expect_status 0 "$PERCEPT" evaluate $run --threshold-by f1
    expect_contains out "chosen by f1 on the validation part, and stored in the model"
    best=$(sed -n 's/^positive class yes at threshold //p' out)
    grep -v 'threshold chosen by' out >chosen
    expect_status 0 "$PERCEPT" evaluate $run # from now on
    expect_same out chosen
    expect_status 0 "$PERCEPT" evaluate $run --threshold "$best"
    expect_same out chosen
    expect_status 0 "$PERCEPT" evaluate $run --part valid
    [ "$(awk '/^yes .*%/ { print $6; exit }' out)" = "$best_f1" ] || fail "$run: F1 is not the best"
    for threshold in "$best" 0.5; do
        given=(--threshold 0.5)
        [ "$threshold" = 0.5 ] || given=()
        expect_status 0 "$PERCEPT" predict $run moons.csv "${given[@]}"
        awk -F, -v t="$threshold" 'NR > 1 && $1 != ($3 >= t ? "yes" : "no") { exit 1 }' out ||
            fail "$run: a row is not decided at $threshold"
    done
    expect_status 0 "$PERCEPT" evaluate $run --threshold-by recall=0.95 --part valid
    awk '/^yes .*%/ { exit !($4 >= 95) }' out || fail "$run: the recall on the validation part is below 95 %"
    expect_status 0 "$PERCEPT" evaluate $run --threshold-by cost=1:4 --json
    expect_contains out '"threshold_by": "cost=1:4"'
    expect_status 0 "$PERCEPT" report $run --no-plot
    expect_contains $run/report.html '<dt>threshold</dt>'
    expect_status 0 "$PERCEPT" export $run --to onnx --out $run.onnx # compares the labels with the model's
    expect_status 0 "$PERCEPT" export $run --to npz --out $run.npz
    if command -v "${CC:-cc}" >/dev/null; then
        expect_status 0 "$PERCEPT" export $run --to c --with-main --out $run.c
        "${CC:-cc}" -o $run.run $run.c -lm
        ./$run.run <moons.csv | cut -d, -f1 >exported
        expect_status 0 "$PERCEPT" predict $run moons.csv
        cut -d, -f1 out >predicted
        expect_same exported predicted
    fi
    expect_status 0 "$PERCEPT" evaluate $run --threshold-by none
    expect_contains out 'no threshold of its own any more'
    expect_same $run/model.safetensors before.safetensors
done
expect_status 0 "$PERCEPT" evaluate two/model.safetensors --data moons.csv --threshold-by youden
expect_contains out 'at threshold'
expect_status 0 "$PERCEPT" evaluate two/model.safetensors --data moons.csv --threshold-by none
expect_status 2 "$PERCEPT" evaluate two --threshold-by f1 --threshold 0.3
expect_status 1 "$PERCEPT" evaluate two --threshold-by f7
expect_contains err "'f7' is no rule for a threshold; give f1"
expect_status 1 "$PERCEPT" evaluate three --threshold-by f1
expect_contains err 'a threshold is for models of two classes, and this has 3'
expect_same two/model.safetensors before.safetensors
expect_status 0 "$PERCEPT" train --no-plot --quiet --data moons.csv --layers 2-4-2 --epochs 1 --split 300,100 --out unsplit
expect_status 1 "$PERCEPT" evaluate unsplit --threshold-by f1
expect_contains err 'no validation part to choose a threshold on'

# ---- More epochs keep it ----
expect_status 0 "$PERCEPT" train --no-plot --quiet --data moons.csv --preset plain --layers 2-4-2 --epochs 2 --out longer
cp -r longer without
expect_status 0 "$PERCEPT" evaluate longer --threshold-by cost=1:9
chosen=$(grep -o 'at threshold [0-9.]*' out | head -1)
[ -n "$chosen" ] || fail "no threshold was chosen"
expect_status 0 "$PERCEPT" train --no-plot --quiet --resume longer --epochs 4
expect_contains err "keeps its threshold of ${chosen#at threshold }" '--threshold-by RULE'
expect_status 0 "$PERCEPT" train --no-plot --quiet --resume without --epochs 4
expect_same longer/metrics.csv without/metrics.csv
expect_status 0 "$PERCEPT" evaluate longer
expect_contains out "$chosen"
expect_status 0 "$PERCEPT" evaluate longer --threshold-by none
expect_same longer/model.safetensors without/model.safetensors

# ---- Targets have their columns' names ----
awk -F, 'BEGIN { print "x,width,height" } NR > 1 { print $1 "," 2 * $1 "," $2 - 1 }' moons.csv >sizes.csv
expect_status 0 "$PERCEPT" train --preset plain "${train[@]}" --data sizes.csv --targets width,height --layers 1-4-2 --epochs 1 --out sizes
expect_status 0 "$PERCEPT" evaluate sizes
expect_match out '^width +-?[0-9.]+ +[0-9.]+ +[0-9.]+$'
expect_match out '^height +-?[0-9.]+ +[0-9.]+ +[0-9.]+$'
expect_status 0 "$PERCEPT" evaluate sizes --json
expect_contains out '"name": "width"' '"name": "height"'
cut -d, -f1,2 sizes.csv >width.csv
expect_status 0 "$PERCEPT" train --preset plain "${train[@]}" --data width.csv --targets width --layers 1-4-1 --epochs 1 --out width
expect_status 0 "$PERCEPT" evaluate width
expect_match out '^target width$'
