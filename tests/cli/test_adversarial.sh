#!/bin/bash
# Training on examples that are moved against the network: other parameters than without, the same bits for any number of threads
# and after an interruption, with members, blocks and in float64; and what it refuses.
. "$(dirname "$0")/lib.sh"
awk 'BEGIN { srand(3); print "a,b,c,class"
    for (i = 0; i < 300; i++) { a = rand(); b = rand(); c = rand(); print a "," b "," c "," (a + b * c > 0.8 ? "yes" : "no") } }' >rows.csv
sed 's/0\.\([0-9]\)[0-9]*,\(yes\|no\)$/k\1,\2/' rows.csv >kinds.csv
train() { # train NAME FLAG...
    local name=$1
    shift
    expect_status 0 "$PERCEPT" train rows.csv --preset plain --layers 3-16-8-2 --epochs 4 --batch-size 32 --quiet --no-plot --out "$name" "$@"
}
against=(--set train.adversarial=0.3)
train plain
train one "${against[@]}" --threads 1
! cmp -s plain/model.safetensors one/model.safetensors || fail "nothing was moved"
expect_contains one/recipe.yaml 'adversarial: 0.3' 'adversarial_share: 0.5'
for threads in 2 3; do
    train threads "${against[@]}" --threads $threads --force
    expect_same one/model.safetensors threads/model.safetensors
done
train none "${against[@]}" --set train.adversarial_share=0
expect_same plain/model.safetensors none/model.safetensors
train half "${against[@]}" --epochs 2
expect_status 0 "$PERCEPT" train --resume half --epochs 4 --quiet --no-plot
expect_same one/model.safetensors half/model.safetensors

# With what else changes batches.
train members "${against[@]}" --members 2 --seed 0
train member "${against[@]}" --members 2 --threads 2
expect_same members/model.safetensors member/model.safetensors
train blocks "${against[@]}" --blocks 3 --threads 1
train shared "${against[@]}" --blocks 3 --threads 2
expect_same blocks/model.safetensors shared/model.safetensors
train normal "${against[@]}" --normalize batch --dropout 0.2 --precision float64 --clip-norm 1
if [ -e "${PERCEPT_DATA:-/none}/digits.csv.gz" ]; then
    for threads in 1 2; do
        expect_status 0 "$PERCEPT" train --data digits --layers 64-16-10 --epochs 2 --set data.augment.rotation=9 --set data.augment.mixup=0.2 \
            "${against[@]}" --threads $threads --quiet --no-plot --out digits-$threads
    done
    expect_same digits-1/model.safetensors digits-2/model.safetensors
fi

# What cannot be.
expect_status 1 "$PERCEPT" train kinds.csv --preset plain "${against[@]}" --quiet --out wrong
expect_contains err 'train.adversarial' 'columns of categories'
expect_status 1 "$PERCEPT" train rows.csv --preset plain "${against[@]}" --optimizer lbfgs --batch-size 192 --quiet --out wrong
expect_contains err 'train.adversarial' 'lbfgs'
expect_status 2 "$PERCEPT" train rows.csv --set train.adversarial=-1
expect_no_file wrong
