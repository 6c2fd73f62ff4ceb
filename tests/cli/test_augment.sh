#!/bin/bash
# Augmented pictures: the same bits for any number of threads and after any resume; only training sees them.
. "$(dirname "$0")/lib.sh"
need_digits
deform=(--data digits --layers 64-24-10 --batch-size 32 --no-plot --quiet --set data.augment.rotation=15
    --set data.augment.scale=0.1 --set data.augment.shift=0.5 --set data.augment.elastic=6
    --set data.augment.elastic_sigma=2 --set data.augment.erase=0.1 --set data.augment.noise=0.05
    --set data.augment.mixup=0.2 --set data.augment.flip=0.1 --set data.augment.shear=5)

# ---- Threads, engines, resuming ----
expect_status 0 "$PERCEPT" train "${deform[@]}" --epochs 6 --threads 1 --out one
for threads in 2 3; do
    expect_status 0 "$PERCEPT" train "${deform[@]}" --epochs 6 --threads $threads --out "many$threads"
    expect_same one/model.safetensors "many$threads/model.safetensors"
done
expect_status 0 "$PERCEPT" train "${deform[@]}" --epochs 6 --members 3 --threads 1 --out members1
expect_status 0 "$PERCEPT" train "${deform[@]}" --epochs 6 --members 3 --threads 3 --out members3
expect_same members1/model.safetensors members3/model.safetensors
expect_status 0 "$PERCEPT" train one/recipe.yaml --no-plot --quiet --out again
expect_same one/model.safetensors again/model.safetensors
expect_status 0 "$PERCEPT" train "${deform[@]}" --epochs 150 --out whole
status=0
{ timeout -s KILL 0.3 "$PERCEPT" train "${deform[@]}" --epochs 150 --checkpoint-every 7 --threads 2 --out killed \
    >out 2>err; } 2>/dev/null || status=$?
if [ $status -ne 0 ] && [ -e killed/recipe.yaml ]; then
    expect_status 0 "$PERCEPT" train --resume killed --no-plot --quiet
    expect_same whole/model.safetensors killed/model.safetensors
    expect_same whole/metrics.csv killed/metrics.csv
fi
expect_status 0 "$PERCEPT" train "${deform[@]}" --epochs 6 --seed 1 --out other
! cmp -s one/model.safetensors other/model.safetensors || fail "another seed gives the same pictures"

# ---- Said, and written below the section ----
cat >recipe.yaml <<'END'
data:
  name: digits
  augment:
    rotation: 20
    flip: 0.5
model:
  layers: [64, 24, 10]
train:
  epochs: 2
END
expect_status 0 "$PERCEPT" train recipe.yaml --no-plot --out nested
expect_contains err "augmented anew in each epoch (flip, affine)" "training loss and accuracy"
expect_status 0 "$PERCEPT" train --data digits --layers 64-24-10 --epochs 2 --no-plot --quiet \
    --set data.augment.rotation=20 --set data.augment.flip=0.5 --out flags
expect_same nested/model.safetensors flags/model.safetensors
expect_status 0 "$PERCEPT" train --data digits --layers 64-24-10 --epochs 2 --no-plot --out plain
expect_lacks err augmented
sed -i 's/flip: 0.5/flop: 0.5/' recipe.yaml
expect_status 1 "$PERCEPT" train recipe.yaml --out refused
expect_contains err "data.augment.flop" "data.augment.flip"

# ---- Only training is augmented: the same model has the same validation loss ----
expect_status 0 "$PERCEPT" train --data digits --layers 64-24-10 --epochs 1 --no-plot --quiet --learning-rate 1e-30 \
    --set data.augment.rotation=90 --out still
expect_status 0 "$PERCEPT" train --data digits --layers 64-24-10 --epochs 1 --no-plot --quiet --learning-rate 1e-30 \
    --out straight
last() { tail -n 1 "$1/metrics.csv" | cut -d, -f "$2"; }
[ "$(last still 4)" = "$(last straight 4)" ] || fail "the validation loss changes with data.augment"
[ "$(last still 2)" != "$(last straight 2)" ] || fail "the training loss is that of pictures as they are"

# ---- Shapes ----
{
    echo a,b,c,d,e,f,label
    for i in 0 1 2 3 4 5 6 7 8 9; do
        echo "$i,$((i * i % 7)),9,$((9 - i)),0,$((i % 3)),x"
        echo "0,$i,$((i * 3 % 8)),1,$((9 - i)),1,y"
    done
} >six.csv
six=(--data six.csv --layers 6-4-2 --epochs 2 --no-plot --quiet --set data.augment.shift=1)
expect_status 1 "$PERCEPT" train "${six[@]}" --out refused
expect_contains err "data.picture"
expect_status 1 "$PERCEPT" train "${six[@]}" --set data.picture=2,2 --out refused
expect_contains err "4 values" "6 features"
expect_status 1 "$PERCEPT" train "${six[@]}" --set data.picture=6 --out refused
expect_contains err "height and width"
expect_no_file refused
expect_status 0 "$PERCEPT" train "${six[@]}" --set data.picture=2,3 --out grey
expect_status 0 "$PERCEPT" train "${six[@]}" --set data.picture=1,2,3 --out colours
expect_status 0 "$PERCEPT" train grey/recipe.yaml --no-plot --quiet --out grey2
expect_same grey/model.safetensors grey2/model.safetensors
! cmp -s grey/model.safetensors colours/model.safetensors || fail "the shape of pictures changes nothing"
printf 'a,b,c,d,label\n' >texts.csv
for i in 1 2 3 4 5 6 7 8; do printf 'red,1,2,%s,x\nblue,3,4,%s,y\n' $i $i; done >>texts.csv
expect_status 1 "$PERCEPT" train --data texts.csv --set data.augment.flip=0.5 --no-plot --out refused
expect_contains err "categories"

# ---- Shown, and used for measuring ----
if command -v gnuplot >/dev/null; then
    expect_status 0 "$PERCEPT" plot one augmented --count 3
    expect_file one/plots/augmented.svg one/plots/augmented.png
    expect_status 0 "$PERCEPT" plot one augmented --count 3 --out shown
    expect_same shown/augmented.csv one/plots/augmented.csv
    expect_status 1 "$PERCEPT" plot plain augmented
    expect_contains err "no data.augment key"
fi
expect_status 0 "$PERCEPT" evaluate one
cp out once
expect_status 0 "$PERCEPT" evaluate one --augment 5 --threads 1
expect_contains out "each picture and 5 deformed copies"
cp out averaged
! cmp -s <(grep 'test loss' once) <(grep 'test loss' averaged) || fail "--augment changes nothing"
expect_status 0 "$PERCEPT" evaluate one --augment 5 --threads 3
expect_same out averaged
expect_status 1 "$PERCEPT" evaluate plain --augment 5
expect_contains err "data.augment.flip"
expect_status 1 "$PERCEPT" evaluate one/model.safetensors --data digits --augment 5
expect_contains err "run folder"
expect_status 2 "$PERCEPT" evaluate one --augment 5 --threshold 0.3
