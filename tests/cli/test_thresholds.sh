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
expect_contains out '"threshold": null, "thresholds": null'

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
