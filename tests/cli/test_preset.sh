#!/bin/bash
# A table named on the command line is trained with settings that suit tables. The run's recipe names them all, what the user
# chooses stays, and everything that works with a run works with it.
. "$(dirname "$0")/lib.sh"

# x, y, town, gap: the class is which side of a curve a point lies on
awk 'BEGIN { srand(4); print "x,y,town,gap,class"
    split("oslo rome bern", towns, " ")
    for (i = 0; i < 240; i++) { x = 4 * rand() - 2; y = 4 * rand() - 2
        print x "," y "," towns[1 + i % 3] "," (i % 5 ? int(9 * rand()) : "") "," (y > x * x - 1 ? "over" : "under") } }' >points.csv
small=(--layers 4-16-2 --epochs 6 --no-plot --quiet)

# ---- What the preset decides is in the recipe, which repeats the run without it ----
expect_status 0 "$PERCEPT" train points.csv --label class --epochs 2 --members 2 --no-plot --quiet --out whole
expect_contains whole/recipe.yaml 'embedding: piecewise-linear' 'optimizer: adamw' 'schedule: cosine' 'members: 2' 'epochs: 2'
expect_lacks whole/recipe.yaml 'preset'
expect_status 0 "$PERCEPT" train whole/recipe.yaml --no-plot --quiet --out again
expect_same whole/model.safetensors again/model.safetensors
expect_status 0 "$PERCEPT" train --data points.csv --label class --preset tabular --epochs 2 --members 2 --no-plot --quiet --out named
expect_same whole/model.safetensors named/model.safetensors

# ---- Members, batches and epochs follow from the rows ----
expect_status 0 "$PERCEPT" train points.csv --label class --layers 4-4-2 --no-plot --quiet --out sized
expect_contains sized/recipe.yaml 'members: 8' 'batch_size: 16'

# ---- A gap gets a value of its own, which the model knows; so does a rare text ----
expect_contains sized/recipe.yaml 'missing: below' 'rare: 3'
expect_status 0 "$PERCEPT" train points.csv --label class "${small[@]}" --members 1 --out gaps
awk 'BEGIN { srand(9); print "x,y,class"; for (i = 0; i < 400; i++) { gap = rand() < 0.5
    print (gap ? "" : rand()) "," rand() "," (gap ? "lost" : "found") } }' >lost.csv
expect_status 0 "$PERCEPT" train lost.csv --label class --members 1 --epochs 4 --no-plot --out lost
expect_contains err 'missing values in x with a value below all others of the'
expect_status 0 "$PERCEPT" evaluate lost --json
[ "$(jq '.accuracy == 1' out)" = true ] || fail "a gap says nothing"
printf 'x,y\n,0.5\n0.4,0.5\n' >two.csv
expect_status 0 "$PERCEPT" predict lost two.csv
expect_match out '^lost,'
expect_match out '^found,'

# ---- What is chosen stays: an optimizer keeps its own settings, too ----
expect_status 0 "$PERCEPT" train points.csv --label class "${small[@]}" --optimizer sgd --activation tanh --members 1 --out chosen
expect_contains chosen/recipe.yaml 'layers: [4, 16, 2]' 'activation: tanh' 'learning_rate: 0.1' 'weight_decay: 0' 'members: 1'

# ---- plain is the default of each key, and what recipes and other data get ----
expect_status 0 "$PERCEPT" train points.csv --preset plain --label class "${small[@]}" --out plain
expect_contains plain/recipe.yaml 'embedding: none' 'optimizer: adam' 'members: 1' 'batch_size: 128'
printf 'data: {name: points.csv, label: class}\nmodel: {layers: [4, 16, 2]}\ntrain: {epochs: 6}\n' >recipe.yaml
expect_status 0 "$PERCEPT" train recipe.yaml --no-plot --quiet --out recipe
expect_same plain/model.safetensors recipe/model.safetensors
expect_status 0 "$PERCEPT" train --data moons --epochs 1 --no-plot --quiet --out moons
expect_contains moons/recipe.yaml 'embedding: none'
expect_status 2 "$PERCEPT" train points.csv --preset best
expect_contains err 'expected one of auto, tabular, plain'

# ---- A recipe may name it ----
printf 'preset: tabular\ndata: {name: points.csv, label: class}\nmodel: {members: 2}\ntrain: {epochs: 2}\n' >preset.yaml
expect_status 0 "$PERCEPT" train preset.yaml --no-plot --quiet --out preset
expect_same whole/model.safetensors preset/model.safetensors

# ---- Folds, an interrupted run of folds included, searches, and what reads a run ----
expect_status 0 "$PERCEPT" train points.csv --label class "${small[@]}" --members 2 --folds 3 --out folds
rm -r folds/fold-2 folds/summary.json
expect_status 0 "$PERCEPT" train --resume folds --no-plot --quiet
expect_status 0 "$PERCEPT" train points.csv --label class "${small[@]}" --members 2 --folds 3 --out whole-folds
expect_same folds/fold-2/model.safetensors whole-folds/fold-2/model.safetensors
expect_status 0 "$PERCEPT" train --resume whole --no-plot --quiet
printf 'name: rates\npreset: tabular\nseed: 0\ndata: {name: points.csv, label: class}\nmodel: {members: 2}\ntrain: {epochs: 2}\nspace:\n  train.learning_rate: [0.005, 0.001]\nsearch: {strategy: grid}\n' >space.yaml
expect_status 0 "$PERCEPT" search space.yaml --quiet
expect_contains runs/rates-001/best/recipe.yaml 'embedding: piecewise-linear' 'members: 2'
expect_status 0 "$PERCEPT" gradcheck whole
expect_status 0 "$PERCEPT" evaluate whole --json
expect_status 0 "$PERCEPT" predict whole points.csv --out predictions.csv
expect_lines predictions.csv 241
expect_status 0 "$PERCEPT" report whole

# ---- Targets: in the units of the file ----
awk -F, 'NR == 1 { print "x,y,town,gap,price"; next } { print $1 "," $2 "," $3 "," $4 "," 1000 + 100 * $1 }' points.csv >prices.csv
expect_status 0 "$PERCEPT" train prices.csv --targets price --layers 4-16-1 --no-plot --members 2 --out prices
fit=$(grep '^test R² ' out)
expect_status 0 "$PERCEPT" evaluate prices --json
[ "$(jq '.overall.r2 > 0.9' out)" = true ] || fail "a line is not learned"
r2=$(jq .overall.r2 out)
[ "$fit" = "test R² $(LC_ALL=C printf %.4f "$r2")" ] || fail "training prints $fit, evaluate $r2"

# ---- A label that is a number is a target; data.columns decides otherwise ----
awk 'BEGIN { print "x,count,price"; for (i = 0; i < 120; i++) print i % 11 "," i % 60 "," i % 11 / 2 }' >numbers.csv
few=(--layers 2-4-1 --members 1 --epochs 2 --no-plot)
expect_status 0 "$PERCEPT" train numbers.csv "${few[@]}" --out decimals
expect_contains err "column price holds decimals: a number to predict"
expect_contains decimals/recipe.yaml "targets: [price]" "loss: mean-squared-error"
grep -q '^  label:' decimals/recipe.yaml && fail "the label is still there"
expect_status 0 "$PERCEPT" train --resume decimals --no-plot --quiet
head -40 numbers.csv >valid.csv
expect_status 0 "$PERCEPT" train numbers.csv --label count "${few[@]}" --validation-file valid.csv --out counts
expect_contains err "column count holds 60 different whole numbers" "--columns count=category"
expect_contains counts/recipe.yaml "targets: [count]"
expect_status 0 "$PERCEPT" evaluate counts --data valid.csv --json
[ "$(jq .targets out)" != null ] || fail "whole numbers are classes"
expect_status 0 "$PERCEPT" train numbers.csv --label count --columns count=category --members 1 --epochs 1 --no-plot --out classes
expect_contains classes/recipe.yaml "label: count" "loss: cross-entropy"
expect_status 0 "$PERCEPT" train numbers.csv --preset plain --label x --columns x=number --layers 2-4-1 --epochs 1 --no-plot --out few
expect_contains few/recipe.yaml "targets: [x]"
printf 'a,y\n1,2\n2,many\n' >words.csv
expect_status 1 "$PERCEPT" train words.csv --columns y=number --out refused
expect_contains err "column y holds 'many', which is no number"
