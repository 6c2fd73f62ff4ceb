#!/bin/bash
# What a recipe wants measured stands in metrics.csv, in the same columns when the run is repeated; what cannot be measured
# is refused before anything is left behind.
. "$(dirname "$0")/lib.sh"
small=(--data moons --set data.split=40,20,30 --layers 2-4-2 --epochs 3 --batch-size 16 --no-plot --quiet)

columns() { # columns EXPECTED ARGUMENT...: trains in the folder run, whose metrics.csv has these columns in each line
    local expected=$1 commas=${1//[^,]/}
    shift
    rm -rf run
    expect_status 0 "$PERCEPT" train "${small[@]}" "$@" --out run
    [ "$(head -n 1 run/metrics.csv)" = "epoch,$expected" ] || fail "columns $(head -n 1 run/metrics.csv)"
    [ "$(grep -cE "^[0-9]+(,[^,]+){$((${#commas} + 1))}$" run/metrics.csv)" -eq 3 ] || fail "a line has other columns"
    expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot --quiet --force --out again
    expect_same run/metrics.csv again/metrics.csv
    expect_same run/model.safetensors again/model.safetensors
}

# ---- Columns ----
columns train_loss,train_accuracy,valid_loss,valid_accuracy
columns train_loss,train_accuracy,valid_loss,valid_accuracy,test_loss,test_accuracy --set metrics.test=true
cp run/model.safetensors measured
columns loss_sum,train_accuracy,valid_loss_sum,valid_accuracy,test_loss_sum,test_accuracy \
    --set metrics.test=true --set metrics.loss=sum --set metrics.when=after
expect_same measured run/model.safetensors # measuring changes nothing
columns train_loss,train_accuracy,valid_loss,valid_accuracy,train_loss_naive,valid_loss_naive \
    --set metrics.naive=true --set metrics.when=before

# Sums are means times examples: of 40, or of the 32 that fill batches of 16 and the 16 of 20.
sums() { # sums COLUMN COUNT ARGUMENT...
    local column=$1 count=$2
    shift 2
    columns loss_sum,train_accuracy,valid_loss_sum,valid_accuracy --set metrics.when=after --set metrics.loss=sum "$@"
    cut -d, -f "$column" run/metrics.csv >sums
    columns train_loss,train_accuracy,valid_loss,valid_accuracy --set metrics.when=after "$@"
    cut -d, -f "$column" run/metrics.csv | paste -d ' ' sums - | awk -v n="$count" 'NR > 1 {
        d = $1 - n * $2; if (!(d < 1e-9 && d > -1e-9)) exit 1 }' || fail "a sum is not $count times the mean"
}
sums 2 40
sums 4 20
sums 2 32 --set metrics.whole_batches=true
sums 4 16 --set metrics.whole_batches=true

# ---- The test part, measured after the last epoch, is what is told in the end ----
columns train_loss,train_accuracy,valid_loss,valid_accuracy,test_loss,test_accuracy --set metrics.test=true \
    --set train.keep=last
last=$(tail -n 1 run/metrics.csv | cut -d, -f 7)
expect_contains run/summary.json "\"accuracy\": $last"

# ---- One stream of NumPy's, and draws of earlier runs ----
for stream in children numpy numpy-legacy; do
    columns train_loss,train_accuracy,valid_loss,valid_accuracy --set stream=$stream
    mv run/model.safetensors $stream
    columns train_loss,train_accuracy,valid_loss,valid_accuracy --set stream=$stream \
        --set model.init_after=normal:3,uniform:2
    ! cmp -s run/model.safetensors $stream || fail "the draws of earlier runs changed nothing"
done
! cmp -s numpy numpy-legacy || fail "two streams gave the same model"

# ---- A loss that is not finite ----
wild=(--precision float64 --set train.optimizer=sgd --set train.learning_rate=1e300)
expect_status 1 "$PERCEPT" train "${small[@]}" "${wild[@]}" --out stopped
expect_contains err "try a smaller train.learning_rate"
columns train_loss,train_accuracy,valid_loss,valid_accuracy "${wild[@]}" --set train.on_nonfinite=report
expect_match run/metrics.csv 'nan|inf'

# ---- Refused ----
refused() { # refused TEXT ARGUMENT...
    local text=$1
    shift
    expect_status 1 "$PERCEPT" train "${small[@]}" "$@" --out refused
    expect_contains err "$text"
    expect_no_file refused
}
refused "metrics.naive needs outputs" --set metrics.naive=true
refused "metrics.test measures the test part, but there is none" --set metrics.test=true --set data.split=40,20,0
refused "model.init_after: expected uniform:N or normal:N" --set model.init_after=uniform
refused "seed, for stream numpy-legacy" --set stream=numpy-legacy --seed 4294967296
expect_status 2 "$PERCEPT" train "${small[@]}" --set metrics.when=later --out refused
expect_contains err "during, before, after"
