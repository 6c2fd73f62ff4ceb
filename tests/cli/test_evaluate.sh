#!/bin/bash
# Evaluation repeats training's figures; matrix and figures per class add up; wrong sources are told.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
small=(--set data.per_class=50 --validation 100 --layers 784-16-10 --epochs 2 --no-plot)
expect_status 0 "$PERCEPT" train "${small[@]}" --out run
cp out trained

# ---- The same figures as training's last lines ----
expect_status 0 "$PERCEPT" evaluate run
expect_lines err 0
for figure in "test accuracy" "test loss"; do
    [ "$(grep "^$figure" out)" = "$(grep "^$figure" trained)" ] || fail "evaluation and training disagree on $figure"
done
expect_status 0 "$PERCEPT" evaluate run --part=valid
for figure in "validation accuracy" "validation loss"; do
    [ "$(grep "^$figure" out)" = "$(grep "^$figure" trained)" ] || fail "evaluation and training disagree on $figure"
done
expect_contains out "100 examples"
expect_status 0 "$PERCEPT" evaluate run --part train
expect_contains out "400 examples"

# ---- The matrix: ten rows whose sum is the number of examples and whose diagonal is the accuracy ----
expect_status 0 "$PERCEPT" evaluate run
expect_contains out "T-shirt/top" "Ankle boot" "Confusion matrix" recall precision
sed -n '/^Confusion matrix/,$p' out | tail -n +3 >matrix
expect_lines matrix 10
grep '^test accuracy' out >accuracy
awk 'NR == FNR { accuracy = $3; next }
     { for (i = 0; i < 10; i++) { count = $(NF - 9 + i); sum += count; if (i == FNR - 1) right += count } }
     END { exit !(sum == 500 && sprintf("%.2f", 100 * right / sum) == accuracy) }' accuracy matrix ||
    fail "the matrix does not add up to the accuracy"
[ "$(awk '{ print length($0) }' matrix | sort -u | wc -l)" -eq 1 ] || fail "the matrix is not aligned"
[ "$(LC_ALL=C.UTF-8 wc -L <out)" -le 80 ] || fail "a line has more than 80 columns"

# ---- A model alone, and other data ----
expect_status 1 "$PERCEPT" evaluate run/model.safetensors
expect_contains err --data
expect_status 0 "$PERCEPT" evaluate run/model.safetensors --data fashion-mnist
expect_contains out "10,000 examples"
cp out alone
expect_status 0 "$PERCEPT" evaluate run --data fashion-mnist
expect_same out alone

# ---- Two classes and one output ----
expect_status 0 "$PERCEPT" train "${small[@]}" --classes 5,8 --layers 784-8-1 --validation 20 --out pair
grep '^test accuracy' out >accuracy
expect_status 0 "$PERCEPT" evaluate pair
expect_contains out Sandal Bag "$(cat accuracy)"
expect_status 1 "$PERCEPT" evaluate pair --part train --data fashion-mnits
expect_contains err fashion-mnist

# ---- A file without parts, with more classes than a matrix can show: 26 of them, 4 examples each, told by one pixel ----
bytes() { # bytes NUMBER...: as octal for printf %b
    awk 'BEGIN { for (i = 1; i < ARGC; i++) printf "\\0%03o", ARGV[i] }' "$@"
}
pixels=() labels=()
for class in {0..25}; do
    for ((i = 0; i < 4; i++)); do
        labels+=($class)
        for ((p = 0; p < 26; p++)); do
            pixels+=($((p == class ? 255 : i)))
        done
    done
done
printf %b "$(bytes 0 0 8 3 0 0 0 104 0 0 0 2 0 0 0 13 "${pixels[@]}")" >letters-images-idx3-ubyte
printf %b "$(bytes 0 0 8 1 0 0 0 104 "${labels[@]}")" >letters-labels-idx1-ubyte
expect_status 0 "$PERCEPT" train --data letters-images-idx3-ubyte --split 1,0 --layers 26-26 --epochs 1 --no-plot --out letters
expect_match out '^training accuracy '
expect_contains out "26-26, softmax, 702 parameters" "letters-images-idx3-ubyte, 104 examples, 1 epoch"
expect_lacks out test validation
expect_status 0 "$PERCEPT" evaluate letters
expect_match out '^training accuracy '
expect_contains out "104 examples" "commonest confusions"
sed -n '/^The commonest/,$p' out | tail -n +3 >listed
expect_lines listed 15
awk 'NR > 1 && $3 > before || $1 == $2 || $3 < 1 { exit 1 } { before = $3 }' listed || fail "not the commonest, in order"
expect_status 1 "$PERCEPT" evaluate letters --part valid
expect_contains err "no validation part"

# ---- What is not a model ----
expect_status 1 "$PERCEPT" evaluate nothing
expect_match err '^percept: .*nothing'
mkdir empty
expect_status 1 "$PERCEPT" evaluate empty
expect_match err '^percept: .*empty'
head -c 1000 run/model.safetensors >broken.safetensors
expect_status 1 "$PERCEPT" evaluate broken.safetensors --data fashion-mnist
expect_match err '^percept: .*broken.safetensors'
expect_status 1 "$PERCEPT" evaluate pair --data-dir /nowhere --data nothing
expect_match err '^percept: .*nothing'
