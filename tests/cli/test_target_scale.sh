#!/bin/bash
# Targets of a table are learned with mean 0 and deviation 1, and everything that is printed or written is in the file's
# units; weights count in scaling as numbers of examples.
. "$(dirname "$0")/lib.sh"

# price = 200000 + 50000 a - 30000 b: far from what a network says at first.
awk 'BEGIN { srand(1); print "a,b,price"
    for (i = 0; i < 300; i++) { a = 2 * rand() - 1; b = 2 * rand() - 1; print a "," b "," 200000 + 50000 * a - 30000 * b } }' >house.csv
small=(--data house.csv --targets price --layers 2-16-1 --validation 60 --epochs 30 --batch-size 16 --learning-rate 0.01
    --no-plot --quiet)
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --out run
expect_match run/recipe.yaml '^ *target_scale: standardize$'
expect_status 0 "$PERCEPT" evaluate run --part valid --json
sed -n 's/.*"r2": \([0-9.]*\).*/\1/p' out | head -n 1 | awk '{ exit !($1 > 0.99) }' || fail "R² is not above 0.99"
printf 'a,b\n1,-1\n-1,1\n' >rows.csv
expect_status 0 "$PERCEPT" predict run rows.csv
awk -F, 'NR == 2 && ($1 < 260000 || $1 > 300000) || NR == 3 && ($1 < 100000 || $1 > 140000) { exit 1 }' out ||
    fail "predictions are not in the units of the file"

# The log is in the file's units: the loss is the square of the root mean squared error that is evaluated.
expect_status 0 "$PERCEPT" evaluate run --part valid --json
rmse=$(sed -n 's/.*"root_mean_squared_error": \([0-9.e+]*\).*/\1/p' out | head -n 1)
awk -F, -v rmse="$rmse" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "valid_loss") column = i; next }
    best == "" || $column < best { best = $column }
    END { exit !(best > 0.999 * rmse ^ 2 && best < 1.001 * rmse ^ 2) }' run/metrics.csv ||
    fail "the log's validation loss is not the square of $rmse"

expect_match run/metrics.csv '^epoch,train_loss,valid_loss,valid_rmse,valid_mae,valid_r2$'
awk -F, 'NR > 1 { d = $3 - $4 ^ 2; if (d > 1e-6 * $3 || -d > 1e-6 * $3 || $5 > $4 || $6 > 1) exit 1 }' run/metrics.csv ||
    fail "the log's errors do not fit its loss"

# Targets as they are, when asked; the recipe written repeats the run.
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --set data.target_scale=none --out plain
expect_match plain/recipe.yaml '^ *target_scale: none$'
! cmp -s run/model.safetensors plain/model.safetensors || fail "target_scale none changes nothing"
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot --quiet --out again
expect_same again/model.safetensors run/model.safetensors

# The gradient is that of scaled targets, by every method, and in the loop form.
for method in central complex; do
    expect_status 0 "$PERCEPT" gradcheck --data house.csv --targets price --layers 2-16-1 --all --method $method
done
expect_status 0 "$PERCEPT" gradcheck --data house.csv --targets price --layers 2-16-1 --loop

# Classes have no scale, nor has an output that has bounds.
printf 'a,y\n1,yes\n2,no\n3,yes\n4,no\n' >classes.csv
expect_status 1 "$PERCEPT" train --preset plain --data classes.csv --validation 0 --set data.target_scale=standardize --no-plot --out none
expect_contains err "data.target_scale"
expect_status 1 "$PERCEPT" train --preset plain "${small[@]}" --set model.output=sigmoid --set data.target_scale=standardize --out none
expect_contains err "data.target_scale"
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --set model.output=sigmoid --epochs 1 --out bounded
expect_match bounded/recipe.yaml '^ *target_scale: none$'

# ---- All weights zero ----
sed '1s/$/,w/; 2,$s/$/,0/' house.csv >zero.csv
expect_status 1 "$PERCEPT" train --preset plain "${small[@]}" --data zero.csv --set data.weight=w --out none
expect_contains err "weight 0"
expect_status 1 "$PERCEPT" train --preset plain "${small[@]}" --data zero.csv --set data.weight=w --set data.scale=none \
    --set data.target_scale=none --out none
expect_contains err "weight 0"

# ---- Transforms of targets ----
# Prices over five orders of magnitude.
awk 'BEGIN { srand(2); print "a,b,price"
    for (i = 0; i < 300; i++) { a = 2 * rand() - 1; b = 2 * rand() - 1; print a "," b "," exp(8 + 4 * a - b) } }' >wide.csv
for transform in log log1p quantile; do
    expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --data wide.csv --out $transform \
        --set data.target_transform=$transform --set data.target_scale=standardize
    expect_match $transform/recipe.yaml "^ *target_transform: $transform\$"
    expect_status 0 "$PERCEPT" evaluate $transform --part valid --json
    sed -n 's/.*"r2": \([0-9.]*\).*/\1/p' out | head -n 1 | awk '{ exit !($1 > 0.8) }' || fail "$transform: R² is not above 0.8"
    printf 'a,b\n0.5,0\n' >row.csv
    expect_status 0 "$PERCEPT" predict $transform row.csv
    awk 'NR == 2 && ($1 < 15000 || $1 > 33000) { exit 1 }' out || fail "$transform: predictions are not in the units of the file"
    for format in onnx c npz; do
        expect_status 0 "$PERCEPT" export $transform --to $format --out out.$format
    done
    expect_status 0 "$PERCEPT" gradcheck --data wide.csv --targets price --layers 2-16-1 --all --set data.target_transform=$transform
    expect_status 0 "$PERCEPT" explain $transform --rows 1
done
expect_status 1 "$PERCEPT" train --preset plain "${small[@]}" --data house.csv --targets a --set data.target_transform=log --out none
expect_contains err "row " "target a is -" "data.target_transform log"
expect_status 1 "$PERCEPT" train --preset plain --data classes.csv --validation 0 --set data.target_transform=log --no-plot --out none
expect_contains err "data.target_transform log needs targets"
