#!/bin/bash
# train --intervals 0.9 learns an interval for each target beside its prediction; predict, evaluate and exports have it.
. "$(dirname "$0")/lib.sh"

# price = 100 + 20 x + noise that grows with y; rooms follows from x alone
awk 'function normal(  i, s) { s = -6; for (i = 0; i < 12; i++) s += rand(); return s }
    BEGIN { srand(5); print "x,y,town,price,rooms"
    for (i = 0; i < 3000; i++) { x = 2 * rand() - 1; y = rand()
        printf "%.6f,%.6f,%s,%.6f,%.6f\n", x, y, i % 3 ? "oslo" : "rome", 100 + 20 * x + (1 + 9 * y) * normal(), 3 + x + normal() / 5 } }' >houses.csv
fit=(train houses.csv --preset tabular --batch-size 32 --epochs 16 --members 1 --layers 3-32-3 --no-plot --threads 1)

# ---- Coverage, printed and in JSON ----
expect_status 0 "$PERCEPT" "${fit[@]}" --targets price --set data.drop=rooms --intervals 0.9 --out run
expect_match out '^test intervals for 90 % hold [89][0-9.]* % of the targets$'
expect_contains run/recipe.yaml 'intervals: 0.9' 'loss: quantile' 'layers: [3, 32, 3]'
expect_status 0 "$PERCEPT" evaluate run
expect_match out '^test intervals for 90 % hold [89][0-9.]* % of the targets, mean width [0-9.]+$'
expect_status 0 "$PERCEPT" evaluate run --json
[ "$(jq '.targets[0].interval | .level == 0.9 and .coverage > 0.85 and .coverage < 0.95 and .mean_width > 10 and .mean_width < 25' out)" = true ] ||
    fail 'the intervals are not as wide as the noise'
expect_status 0 "$PERCEPT" evaluate run --part valid --json
[ "$(jq '.targets[0].interval.coverage >= 0.9 and .targets[0].interval.coverage < 0.91' out)" = true ] || fail 'validation: no 90 %'

# ---- Predictions: the ends beside each prediction, wide where the noise is large ----
printf 'x,y,town\n0,0,oslo\n0,1,oslo\n' >rows.csv
expect_status 0 "$PERCEPT" predict run rows.csv
[ "$(head -n 1 out)" = price,price_low,price_high ] || fail 'other columns'
awk -F, 'NR > 1 { if (!($2 <= $1 && $1 <= $3)) exit 1; width[NR] = $3 - $2 } END { exit !(width[3] > 2 * width[2]) }' out ||
    fail 'the intervals do not follow the noise'
expect_status 0 "$PERCEPT" predict run rows.csv --json
[ "$(head -n 1 out | jq '.outputs | keys == ["price", "price_high", "price_low"] and .price_low < .price')" = true ] || fail 'JSON'

# ---- Two targets, members, logarithms; the recipe repeats the run; a run that is prolonged is that of all its epochs ----
two=(train houses.csv --targets price,rooms --layers 3-24-6 --members 2 --intervals 0.8 --no-plot --quiet)
expect_status 0 "$PERCEPT" "${two[@]}" --set train.schedule=constant --epochs 4 --out two
expect_status 0 "$PERCEPT" evaluate two
expect_contains out 'test price: intervals for 80 % hold' 'test rooms: intervals for 80 % hold'
expect_status 0 "$PERCEPT" train two/recipe.yaml --no-plot --quiet --threads 3 --out again
expect_same two/model.safetensors again/model.safetensors
expect_status 0 "$PERCEPT" "${two[@]}" --set train.schedule=constant --epochs 2 --out short
expect_status 0 "$PERCEPT" train --resume short --epochs 4 --no-plot --quiet
expect_same two/model.safetensors short/model.safetensors
expect_status 0 "$PERCEPT" predict two rows.csv
[ "$(head -n 1 out)" = price,price_low,price_high,rooms,rooms_low,rooms_high ] || fail 'two targets: other columns'
expect_status 0 "$PERCEPT" "${fit[@]}" --targets price --set data.drop=rooms --intervals 0.9 --set data.target_transform=log1p --quiet --out log
expect_status 0 "$PERCEPT" evaluate log --json
[ "$(jq '.targets[0].interval.coverage > 0.85 and .targets[0].interval.coverage < 0.95' out)" = true ] || fail 'logarithms: other coverage'

# ---- What reads a run ----
expect_status 0 "$PERCEPT" gradcheck two
expect_status 0 "$PERCEPT" explain two
expect_status 0 "$PERCEPT" report two --no-plot
expect_contains two/report.html 'intervals of target 2' 'for 80 % hold'
expect_status 0 "$PERCEPT" export two --to onnx --out two.onnx
grep -qa 'price_low' two.onnx || fail 'ONNX: no names'
expect_status 0 "$PERCEPT" export two --to npz --out two.npz
expect_status 0 "$PERCEPT" export two --to c --out two.c
expect_contains two.c '"price_high"' '"rooms_low"'

# ---- The ensemble of a search is corrected as a whole ----
printf 'name: q\npreset: tabular\ndata: {name: houses.csv, targets: [price], drop: [rooms]}\nmodel: {members: 1, layers: [3, 8, 3], intervals: 0.8}\ntrain: {epochs: 2}\nspace:\n  train.learning_rate: [0.01, 0.003]\nsearch: {strategy: grid, ensemble: 4}\n' >space.yaml
expect_status 0 "$PERCEPT" search space.yaml --quiet --out search
expect_status 0 "$PERCEPT" evaluate search/best --part valid --json
[ "$(jq '.targets[0].interval.coverage >= 0.8 and .targets[0].interval.coverage < 0.81' out)" = true ] || fail 'the ensemble: no 80 %'

# ---- What is refused ----
expect_status 1 "$PERCEPT" "${fit[@]}" --label town --intervals 0.9 --out no
expect_contains err 'model.intervals is for targets, but the data have classes'
expect_status 1 "$PERCEPT" "${fit[@]}" --targets price --set data.drop=rooms --intervals 0.9 --validation 0 --out no
expect_contains err 'model.intervals needs a validation set'
expect_status 1 "$PERCEPT" train houses.csv --targets price --layers 4-8-1 --intervals 0.9 --out no
expect_contains err 'end with 3'
expect_status 2 "$PERCEPT" train houses.csv --targets price --intervals 1 --out no
expect_no_file no
