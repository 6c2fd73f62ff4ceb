#!/bin/bash
# Gradients of recipes and runs are checked by every method; what is said, written and drawn agrees; wrong calls are told.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
net=(--layers 784-16-12-10)

# ---- A few of each layer by default, drawn with the seed ----
expect_status 0 "$PERCEPT" gradcheck "${net[@]}"
expect_contains out "784-16-12-10, relu, softmax, 12,894 parameters, initial weights" "the first example" "engine cpu" \
    "central differences with step 1e-05"
expect_match out '^W1\[[0-9]+,[0-9]+\] +-?[0-9.]+e'
expect_match out '^b3\[[0-9]\] +-?[0-9.]+e'
[ "$(grep -cE '^[Wb][123]\[' out)" -eq 24 ] || fail "not four of each"
expect_match out '^right: [0-9]+ gradients'
expect_match err '^24 gradients checked in'
[ "$(LC_ALL=C.UTF-8 wc -L <out)" -le 80 ] || fail "a line has more than 80 columns"
cp out first
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --threads 3
expect_same out first
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --seed 1
! cmp -s out first || fail "another seed draws the same"

# ---- All of them, and the features, by every method and engine ----
for method in central forward complex; do
    expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --all --inputs --examples 2 --method $method --json
    expect_match out '"checked": 14462,$'
    expect_contains out '"right": true' "\"method\": \"$method\"" '"name": "x"' '"examples": 2'
done
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --all --engine reference --set model.l1=0.001 --set model.l2=0.01
expect_contains out "engine reference" "12,894"

# ---- A dead network: everything is 0 or a kink, and it is said ----
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --init zeros --method complex
expect_contains out "28 weighted sums lie exactly at a kink" "right:" "–"
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --init zeros --all
expect_contains out "within the step of a kink" kink
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --init zeros --method complex --set model.stages=prelu --json
expect_contains out '"stage": "prelu"'

# ---- Loop form and matrix form ----
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --loop
expect_contains out "loop form" "matrix form" "the first example" "the first 10 examples"
[ "$(grep -c '^equal: all 12,894 parameters' out)" -eq 2 ] || fail "not equal in both"
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --loop --examples batch --set train.batch_size=33 --json
expect_contains out '"examples": 33' '"right": true'

# ---- Something trained ----
expect_status 0 "$PERCEPT" train "${net[@]}" --set data.per_class=20 --validation 20 --epochs 1 --no-plot --quiet --out run
expect_status 0 "$PERCEPT" gradcheck run --all --method complex --examples 3
expect_contains out "12,894 parameters, trained" "the first 3 examples"
expect_status 0 "$PERCEPT" gradcheck run/model.safetensors --data fashion-mnist
expect_contains out trained
expect_status 0 "$PERCEPT" gradcheck run/recipe.yaml
expect_contains out "initial weights"
expect_status 1 "$PERCEPT" gradcheck run/model.safetensors
expect_contains err --data
expect_status 1 "$PERCEPT" gradcheck run "${net[@]}"
expect_contains err --layers trained
expect_status 1 "$PERCEPT" gradcheck run --examples 1000
expect_contains err 1000 180
expect_status 1 "$PERCEPT" gradcheck nothing.yaml
expect_match err '^percept: .*nothing.yaml'

# ---- What makes no sense ----
expect_status 2 "$PERCEPT" gradcheck --method centrl
expect_contains err "did you mean central?"
expect_status 2 "$PERCEPT" gradcheck --epsilon 0
expect_status 2 "$PERCEPT" gradcheck --examples none
expect_contains err "or batch"
expect_status 2 "$PERCEPT" gradcheck --all --first 3
expect_contains err exclude
expect_status 2 "$PERCEPT" gradcheck --loop --sweep
expect_status 2 "$PERCEPT" gradcheck --layer 0
expect_status 1 "$PERCEPT" gradcheck "${net[@]}" --layer 4
expect_contains err "1 to 3"
expect_status 1 "$PERCEPT" gradcheck "${net[@]}" --method complex --epsilon 0.001
expect_contains err 1e-10
expect_status 0 "$PERCEPT" gradcheck --help
expect_contains out "--sweep" "--inputs" "--data"

# ---- Files, sweep and picture ----
need_command gnuplot
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --layer 3 --first 10 --sweep --out check
[ "$(grep -cE '^W3\[0,[0-9]\]' out)" -eq 10 ] || fail "not the first ten"
expect_lacks out "W3[1," "b3["
expect_lines check/gradcheck.csv 11
expect_match check/gradcheck.csv '^"W3\[0,9\]",-?[0-9.e-]+,-?[0-9.e-]+,(equal|zero)$'
expect_lines check/sweep.csv 25
expect_file check/sweep.gp check/sweep.svg check/sweep.png
[ "$(head -1 check/sweep.csv)" = inverse,step,forward,central ] || fail "other columns"
awk -F, '$1 == 100 { coarse = $4 } $1 == 10000 { fine = $4 } END { exit !(fine < coarse / 100) }' check/sweep.csv ||
    fail "central differences do not become better"
expect_status 0 "$PERCEPT" gradcheck "${net[@]}" --init zeros --layer 1 --sweep --out dead
expect_contains err "nothing to draw"
