#!/bin/bash
# Points are written as CSV or NPZ, the same either way and as a recipe draws them, and can be trained on.
. "$(dirname "$0")/lib.sh"

expect_status 0 "$PERCEPT" data make moons --count 5 --seed 3
cp out moons.csv
expect_lines moons.csv 6
expect_match moons.csv '^x,y,label$'
[ "$(cut -d, -f3 moons.csv | tail -n 5 | tr '\n' ' ')" = "0 1 0 1 0 " ] || fail "the labels do not take turns"
expect_status 0 "$PERCEPT" data make moons --count 5 --seed 3 --out again.csv
expect_same moons.csv again.csv
expect_lines out 0
expect_status 0 "$PERCEPT" data make moons --count 5 --seed 4
! cmp -s out moons.csv || fail "another seed gives the same points"

# The three ways to the same points end in the same model.
points="--count 200 --noise 0.05 --classes 3 --seed 7"
expect_status 0 "$PERCEPT" data make blobs $points --out blobs.csv
expect_status 0 "$PERCEPT" data make blobs $points --out blobs.npz
train() {
    "$PERCEPT" train --preset plain --layers 2-8-3 --epochs 3 --split 0.8,0.2 --set data.shuffle=false --set data.scale=none --set name=blobs "$@"
}
expect_status 0 train --data blobs.csv --out csv
expect_status 0 train --data blobs.npz --out npz
expect_status 0 train --data blobs --set data.examples=200 --set data.noise=0.05 --set data.class_count=3 \
    --set data.seed=7 --out drawn
# The CSV file has names for its columns, which its model keeps; scaling and parameters are the same.
for way in csv npz drawn; do
    tail -c 200 $way/model.safetensors >$way.numbers
done
expect_same csv.numbers npz.numbers
expect_same npz/model.safetensors drawn/model.safetensors

expect_status 0 "$PERCEPT" data make spirals --turns 3 --count 300 --out wound.csv
expect_status 0 "$PERCEPT" data make spirals --count 300 --out once.csv
! cmp -s wound.csv once.csv || fail "--turns changes nothing"
expect_status 2 "$PERCEPT" data make spirals --turns 0
expect_contains err "--turns is '0'"
expect_status 1 "$PERCEPT" train --data circles --set data.turns=2 --out one
expect_contains err "circles make no turns"
expect_status 0 "$PERCEPT" data info circles
expect_contains out "1,100 for training"
expect_status 0 "$PERCEPT" data list
expect_match out '^spirals  '
expect_status 0 "$PERCEPT" data make --help
expect_contains out "percept data make circles" "blobs"

expect_status 2 "$PERCEPT" data make
expect_status 2 "$PERCEPT" data make circels
expect_contains err "did you mean 'circles'"
expect_status 2 "$PERCEPT" data make circles --noise -1
expect_contains err "--noise is '-1'"
expect_status 2 "$PERCEPT" data make circles --count 0
expect_status 2 "$PERCEPT" data make circles --out points.txt
expect_contains err ".csv or .npz"
expect_status 1 "$PERCEPT" data make circles --classes 3
expect_contains err "2 classes, not 3"
expect_status 1 "$PERCEPT" data make circles --out nowhere/points.csv
expect_contains err nowhere/points.csv
expect_status 1 "$PERCEPT" train --data circles --set data.examples=1 --out one
expect_contains err "2 classes of circles need as many examples"
expect_no_file points.txt one/model.safetensors
