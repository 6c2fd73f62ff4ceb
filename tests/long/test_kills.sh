#!/bin/bash
# MNIST, 784-256-10, eight epochs of Adam, killed at twenty random moments: the files of the undisturbed run, to the bit.
. "$(dirname "$0")/../cli/lib.sh"
need_mnist
run=(--data mnist --layers 784-256-10 --batch-size 64 --epochs 8 --seed 3 --optimizer adam --learning-rate 0.001)

expect_status 0 "$PERCEPT" train "${run[@]}" --out whole
for way in "" "--checkpoint-every 100" "--threads 1"; do
    kills=0
    rm -rf killed
    # shellcheck disable=SC2206 # words are meant
    command=(train "${run[@]}" $way --out killed)
    while [ $kills -lt 20 ]; do
        status=0
        { timeout -s KILL "$((RANDOM % 2)).$((RANDOM % 10))$((RANDOM % 9 + 1))" "$PERCEPT" "${command[@]}" >out 2>err; } \
            2>/dev/null || status=$?
        [ $status -ne 0 ] || break
        [ $status -eq 137 ] || fail "status $status, not 0 or 137, after $kills kills"
        kills=$((kills + 1))
        [ ! -e killed/recipe.yaml ] || command=(train --resume killed)
    done
    [ $status -eq 0 ] || expect_status 0 "$PERCEPT" "${command[@]}"
    for file in model.safetensors metrics.csv summary.json checkpoint.safetensors; do
        expect_same whole/$file killed/$file
    done
    echo "$kills kills $way"
done
