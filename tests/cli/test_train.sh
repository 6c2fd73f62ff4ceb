#!/bin/bash
# Training fills its folder, says how good the model is, and is repeated to the bit by the recipe that it leaves.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
small=(--set data.per_class=50 --validation 100 --layers 784-16-10 --epochs 2 --batch-size 16)

# ---- What is left and what is said ----
expect_status 0 "$PERCEPT" train "${small[@]}" --out run
expect_file run/recipe.yaml run/metrics.csv run/model.safetensors run/summary.json
expect_lines run/metrics.csv 3
[ "$(head -n 1 run/metrics.csv)" = epoch,train_loss,train_accuracy,valid_loss,valid_accuracy ] || fail "columns"
expect_match out '^test accuracy [0-9]+\.[0-9][0-9] %$'
expect_match out '^test loss [0-9]+\.[0-9]{4}$'
expect_contains out fashion-mnist 784-16-10 "12,730 parameters" "2 epochs" "best" run/model.safetensors run/metrics.csv \
    run/recipe.yaml "percept evaluate run"
expect_contains err fashion-mnist "400 to train" "100 to validate" "500 to test" 784-16-10 adam cpu float32 thread
expect_lacks err warning
cp out said

# The accuracy beats guessing: one in ten classes.
accuracy=$(sed -n 's/^test accuracy \([0-9.]*\) %$/\1/p' out)
awk -v a="$accuracy" 'BEGIN { exit !(a > 30) }' || fail "test accuracy $accuracy % is not better than guessing"

# Nothing half-written lies about.
left=$(find . -name '*.tmp*' -o -name '.*' -type f -o -name '*.part*')
[ -z "$left" ] || fail "left behind: $left"

# ---- Curves ----
if command -v gnuplot >/dev/null; then
    expect_file run/plots/curves.svg run/plots/curves.png
    expect_contains said run/plots/curves.svg
fi
mkdir bin
expect_status 0 env PATH="$work/bin" "$PERCEPT" train "${small[@]}" --out plain
expect_match err '^percept: warning: .*gnuplot'
expect_match out '^test accuracy'
expect_lacks out curves
expect_same run/model.safetensors plain/model.safetensors
expect_status 0 "$PERCEPT" train "${small[@]}" --no-plot --quiet --out quiet
expect_lines out 0
expect_lines err 0
expect_no_file quiet/plots/curves.svg
expect_same run/model.safetensors quiet/model.safetensors

# ---- The recipe repeats the run ----
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot --out again
for file in recipe.yaml metrics.csv model.safetensors summary.json; do
    expect_same run/$file again/$file
done
sed 's,again/,run/,; s,evaluate again,evaluate run,' out >renamed
diff <(grep -v ^curves said) renamed || fail "the repeated run says something else"

# Another seed is another run.
expect_status 0 "$PERCEPT" train run/recipe.yaml --seed 1 --no-plot --out other
! cmp -s run/model.safetensors other/model.safetensors || fail "another seed gave the same model"

# ---- What wins: the default, the recipe, the command line, the last of two ----
printf 'train:\n  epochs: 1\n' >one.yaml
expect_status 0 "$PERCEPT" train one.yaml --set data.per_class=50 --validation=100 --layers=784-16-10 --no-plot --out a
expect_lines a/metrics.csv 2
expect_status 0 "$PERCEPT" train one.yaml "${small[@]}" --epochs=3 --no-plot --out b
expect_lines b/metrics.csv 4
expect_status 0 "$PERCEPT" train one.yaml "${small[@]}" --epochs 3 --set train.epochs=2 --no-plot --out c
expect_same run/model.safetensors c/model.safetensors

# ---- Patience: the epoch after the best one ends it ----
expect_status 0 "$PERCEPT" train "${small[@]}" --epochs 500 --patience 1 --learning-rate 0.01 --no-plot --out patient
expect_match out '^stopped +early, after 1 epoch without improvement$'
epochs=$(($(wc -l <patient/metrics.csv) - 1))
expect_match out "^kept +epoch $((epochs - 2)) "

# ---- Folders ----
expect_status 1 "$PERCEPT" train "${small[@]}" --out run
expect_match err '^percept: .*run.*--force'
expect_same run/model.safetensors again/model.safetensors
echo mine >run/notes.txt
expect_status 0 "$PERCEPT" train one.yaml "${small[@]}" --epochs 1 --no-plot --out run --force
expect_lines run/metrics.csv 2
expect_no_file run/plots/curves.svg
[ "$(cat run/notes.txt)" = mine ] || fail "--force touched a file that was not Percept's"
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot
expect_file runs/fashion-mnist-001/model.safetensors runs/fashion-mnist-002/model.safetensors
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot --name shoes
expect_file runs/shoes-001/model.safetensors

# ---- Output that cannot be written: the run is there, the status tells ----
expect_status 1 bash -c '"$PERCEPT" train run/recipe.yaml --no-plot --out full >/dev/full'
expect_contains err "percept: standard output could not be written"
expect_file full/model.safetensors
