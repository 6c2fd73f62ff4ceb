#!/bin/bash
# The 8x8 digits, one file without parts: they train out of the box, cut and scaled as the recipe then says.
. "$(dirname "$0")/lib.sh"
need_digits

expect_status 0 "$PERCEPT" data info digits
expect_contains out "1,797 for training" "64, bytes" "8 high, 8 wide"
expect_match out '^ +8  8 +174$'
expect_status 0 "$PERCEPT" train --data digits --layers 64-32-10 --batch-size 16 --epochs 20 --no-plot --out run
expect_match run/recipe.yaml 'split: \[0.7, 0.15, 0.15\]'
expect_match run/recipe.yaml 'divisor: 16'
expect_match run/recipe.yaml 'shuffle: true'
awk '/^test accuracy/ { exit !($3 > 90) }' out || fail "the digits are not learned"
expect_status 0 "$PERCEPT" train run/recipe.yaml --no-plot --quiet --out again
expect_same run/model.safetensors again/model.safetensors
expect_status 0 "$PERCEPT" evaluate run
expect_contains out "271 examples"
expect_status 0 "$PERCEPT" train --data digits --validation 100 --epochs 1 --no-plot --out whole
expect_contains out "1,697 examples"

# In a folder of its own, plain, it is found too.
mkdir -p place/digits
zcat "$PERCEPT_DATA/digits.csv.gz" >place/digits/digits.csv
expect_status 0 env PERCEPT_DATA=/nowhere "$PERCEPT" data info digits --data-dir place
expect_contains out place/digits
expect_status 1 env PERCEPT_DATA=/nowhere "$PERCEPT" data info digits
expect_contains err /nowhere/digits "percept data get digits"
head -n 1000 place/digits/digits.csv | cut -d, -f1-60,65 >cut.csv && mv cut.csv place/digits/digits.csv
expect_status 1 env PERCEPT_DATA=/nowhere "$PERCEPT" data info digits --data-dir place
expect_contains err "60 features instead of 64"
expect_status 1 "$PERCEPT" train --data digits --label first --out refused
expect_contains err "knows its own columns"
