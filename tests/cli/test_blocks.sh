# Batches cut into blocks (train.blocks): no bit depends on threads or interruptions, and the loss is that of whole batches but
# for rounding.
. "$(dirname "$0")/lib.sh"

common="--data moons --layers 2-40-20-2 --dropout 0.2 --l2 1e-4 --clip-norm 1 --epochs 4 --no-plot --quiet"
for threads in 1 3; do
    expect_status 0 "$PERCEPT" train $common --blocks 5 --threads $threads --out threads-$threads
done
expect_same threads-1/model.safetensors threads-3/model.safetensors
expect_same threads-1/metrics.csv threads-3/metrics.csv

# Another number of blocks rounds otherwise; the results are close.
expect_status 0 "$PERCEPT" train $common --out whole
cmp -s threads-1/model.safetensors whole/model.safetensors && fail "blocks change no bit"
loss() {
    jq '.train.loss * 1000 | round' "$1"/summary.json
}
[ "$(loss threads-1)" -eq "$(loss whole)" ] || fail "losses $(loss threads-1) and $(loss whole)"

# A resumed run.
expect_status 0 "$PERCEPT" train $common --blocks 5 --epochs 2 --out resumed
expect_status 0 "$PERCEPT" train --resume resumed --epochs 4 --no-plot --quiet
expect_same threads-1/model.safetensors resumed/model.safetensors

# Every optimizer, categories that are dropped, and members.
printf 'town,size,class\n' >table.csv
for ((i = 0; i < 200; i++)); do
    printf '%s,%d,%d\n' "town$((i % 13))" $((i * 7 % 31)) $((i % 3 == 0))
done >>table.csv
for optimizer in sgd momentum rmsprop adam adamw amsgrad muon lbfgs; do
    case $optimizer in
    momentum) set -- --optimizer sgd --momentum 0.9 --set train.category_dropout=0.1 --members 2 ;;
    lbfgs) set -- --optimizer lbfgs ;;
    *) set -- --optimizer $optimizer --set train.category_dropout=0.1 --members 2 ;;
    esac
    for threads in 1 2; do
        expect_status 0 "$PERCEPT" train table.csv --preset plain --layers 2-16-16-2 "$@" \
            --epochs 2 --blocks 3 --threads $threads --out $optimizer-$threads --no-plot --quiet
    done
    expect_same $optimizer-1/model.safetensors $optimizer-2/model.safetensors
done

# Batch norm looks at a whole batch.
expect_status 1 "$PERCEPT" train --data moons --layers 2-8-2 --normalize batch --blocks 4 --out refused
expect_contains err "batch-norm needs whole ones"
expect_lines err 1
[ ! -e refused ] || fail "a refused run left a folder"
