#!/bin/bash
# Cross-validation: a run for each fold, a summary over them; a fold can be repeated alone, and a killed one goes on.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
small=(--set data.per_class=50 --validation 100 --layers 784-16-10 --epochs 3 --batch-size 16 --no-plot)

expect_status 0 "$PERCEPT" train "${small[@]}" --folds 4 --out folds
expect_file folds/recipe.yaml folds/summary.json folds/fold-{0,1,2,3}/{recipe.yaml,model.safetensors,metrics.csv,summary.json}
expect_no_file folds/fold-4 folds/model.safetensors
expect_match out '^validation accuracy [0-9.]+ % ± [0-9.]+ %$'
expect_match out '^validation loss [0-9.]+ ± [0-9.]+$'

# The spread is that of the folds' own figures; the test part is not read.
figures() { # figures NAME: of the four folds, from their metrics
    local fold best
    for fold in 0 1 2 3; do
        best=$(sed -n 's/^  "best_epoch": \([0-9]*\),$/\1/p' folds/fold-$fold/summary.json)
        awk -F, -v best="$best" '$1 == best { print $5 }' folds/fold-$fold/metrics.csv
    done
}
mean=$(figures | awk '{ s += $1; q += $1 * $1; n++ } END { printf "%.2f %% ± %.2f %%", 100 * s / n,
    100 * sqrt((q - s * s / n) / (n - 1)) }')
expect_contains out "validation accuracy $mean"
grep -q '"test": null' folds/fold-0/summary.json || fail "a fold read the test part"

# A fold alone, by its own recipe or by its number.
expect_status 0 "$PERCEPT" train folds/fold-2/recipe.yaml --no-plot --quiet --out alone
expect_same folds/fold-2/model.safetensors alone/model.safetensors
expect_status 0 "$PERCEPT" train "${small[@]}" --folds 4 --set data.fold=2 --out alone --force
expect_same folds/fold-2/model.safetensors alone/model.safetensors

# ---- Going on ----
expect_status 0 "$PERCEPT" train --resume folds
expect_contains out "folds is finished"
cp -r folds cut
rm -r cut/summary.json cut/fold-1/summary.json cut/fold-2/{summary.json,checkpoint.safetensors} cut/fold-3
expect_status 0 "$PERCEPT" train --resume cut --no-plot --quiet --threads 2
expect_same folds/summary.json cut/summary.json
for fold in 0 1 2 3; do
    for file in model.safetensors metrics.csv summary.json recipe.yaml checkpoint.safetensors; do
        [ $file = recipe.yaml ] && [ $fold = 3 ] || expect_same folds/fold-$fold/$file cut/fold-$fold/$file
    done
done

# ---- Replacing ----
touch folds/fold-3/mine
expect_status 1 "$PERCEPT" train "${small[@]}" --folds 2 --out folds
expect_status 0 "$PERCEPT" train "${small[@]}" --folds 2 --out folds --force
expect_file folds/fold-1/model.safetensors folds/fold-3/mine
expect_no_file folds/fold-2 folds/fold-3/model.safetensors

# ---- What cannot be ----
refused() { # refused TEXT ARGUMENT...
    local text=$1
    shift
    expect_status 1 "$PERCEPT" train "${small[@]}" "$@" --out other
    expect_contains err "$text"
    expect_no_file other
}
refused "data.folds is 1" --folds 1
refused "only 500 examples" --folds 501
refused "data.fold is 4" --folds 4 --set data.fold=4
