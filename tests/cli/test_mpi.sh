# Processes that mpirun starts train one network: the files are the same for any number of them and of threads, whatever
# interrupts them, and what does not fit together is named before anything is written.
. "$(dirname "$0")/lib.sh"
command -v mpirun >/dev/null || skip "mpirun is not installed (Debian: openmpi-bin)"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # Open MPI's libraries leave memory behind
mpirun -n 2 true 2>err || skip "mpirun cannot start processes here: $(grep -m1 . err)"

moons=(--data moons --layers 2-40-20-2 --batch-size 100 --threads 1 --no-plot)
status=0
mpirun -n 2 "$PERCEPT" train "${moons[@]}" --epochs 1 --out first >out 2>err || status=$?
! grep -q 'built without MPI' err || skip "percept was built without MPI"
[ $status -eq 0 ] || fail "two processes: status $status"

# One of them is the program that users see. Without train.blocks the number of blocks follows from the batch.
expect_contains err "ranks     2, which share the 2 blocks of a batch"
[ "$(grep -c '^epoch 0' err)" -eq 1 ] || fail "not one rank alone reports"
[ "$(grep -c '^test loss' out)" -eq 1 ] || fail "not one rank alone answers"
expect_match first/recipe.yaml '^ *blocks: 0$'
expect_status 0 "$PERCEPT" train "${moons[@]}" --epochs 1 --blocks 0 --quiet --out alone
expect_same first/model.safetensors alone/model.safetensors

# same_on NAME RANKS... -- FLAG...: trains alone and on each number of ranks, the odd ones with two threads.
same_on() {
    local name=$1 ranks=() n file
    shift
    while [ "$1" != -- ]; do
        ranks+=("$1")
        shift
    done
    shift
    expect_status 0 "$PERCEPT" train "$@" --threads 1 --no-plot --quiet --out "$name"
    for n in "${ranks[@]}"; do
        expect_status 0 mpirun -n "$n" "$PERCEPT" train "$@" --threads $((1 + n % 2)) --no-plot --quiet --out "$name-$n"
        for file in model.safetensors metrics.csv checkpoint.safetensors summary.json; do
            expect_same "$name/$file" "$name-$n/$file"
        done
    done
}
printf 'town,size,class\n' >table.csv
for ((i = 0; i < 210; i++)); do
    printf '%s,%d,%d\n' "town$((i % 13))" $((i * 7 % 31)) $((i % 3 == 0))
done >>table.csv
printf 'x,y\n' >targets.csv
for ((i = 0; i < 300; i++)); do
    printf '%d,%d\n' $((i % 17)) $(((i % 17) * (i % 17) + i % 3))
done >>targets.csv

# 700 examples in batches of 90 leave 70 for the last one; more ranks than blocks; fewer blocks than examples in none.
same_on adam 1 2 3 5 8 -- --data moons --layers 2-40-20-2 --batch-size 90 --blocks 7 --dropout 0.2 --l2 1e-3 --epochs 3
same_on sgd 2 3 -- --data moons --layers 2-9-2 --batch-size 90 --blocks 4 --optimizer sgd --epochs 2
same_on momentum 3 -- --data moons --layers 2-9-2 --blocks 5 --optimizer sgd --momentum 0.9 --members 3 --epochs 2
same_on rmsprop 2 5 -- targets.csv --preset plain --targets y --layers 1-16-1 --batch-size 32 --blocks 3 --optimizer rmsprop --epochs 2
same_on adamw 3 -- --data moons --layers 2-16-16-16-2 --normalize layer --residual 2 --blocks 6 --optimizer adamw \
    --weight-decay 0.01 --ema 0.9 --precision float64 --epochs 2
same_on amsgrad 2 -- --data moons --layers 2-30-2 --blocks 8 --optimizer amsgrad --clip-norm 0.5 --epochs 2
same_on muon 3 -- table.csv --preset plain --layers 2-16-16-2 --blocks 3 --optimizer muon --epochs 2
same_on lbfgs 2 -- --data moons --layers 2-8-2 --blocks 3 --optimizer lbfgs --batch-size 700 --epochs 4
same_on tabular 3 -- table.csv --preset tabular --set train.category_dropout=0.2 --blocks 4 --epochs 2 --patience 1
export PERCEPT_BFLOAT16=emulated
same_on bfloat16 2 -- --data moons --layers 2-64-64-2 --precision bfloat16 --blocks 4 --epochs 1
unset PERCEPT_BFLOAT16

# A run continues on another number of ranks, or alone.
for n in 1 3; do
    expect_status 0 mpirun -n $n "$PERCEPT" train --data moons --layers 2-40-20-2 --batch-size 90 --blocks 7 --dropout 0.2 \
        --l2 1e-3 --epochs 1 --threads 1 --no-plot --quiet --out on-$n
    expect_status 0 mpirun -n $((5 - n)) "$PERCEPT" train --resume on-$n --epochs 3 --no-plot --quiet
    expect_same adam/model.safetensors on-$n/model.safetensors
    expect_same adam/metrics.csv on-$n/metrics.csv
done
expect_status 0 "$PERCEPT" train "${moons[@]}" --epochs 1 --quiet --out uncut
expect_status 1 mpirun -n 2 "$PERCEPT" train --resume uncut --epochs 2
expect_contains err "started without train.blocks"

# Cross-validation is one run after the other.
folds=(--data moons --layers 2-8-2 --blocks 3 --folds 2 --epochs 1 --threads 1 --no-plot)
expect_status 0 "$PERCEPT" train "${folds[@]}" --quiet --out folds
expect_status 0 mpirun -n 2 "$PERCEPT" train "${folds[@]}" --out folds-2
expect_same folds/summary.json folds-2/summary.json

# What is wrong is said once, and nothing is left behind.
expect_status 2 mpirun -n 3 "$PERCEPT" train --nonsense
[ "$(grep -c 'no flag --nonsense' err)" -eq 1 ] || fail "not said once"
expect_status 1 mpirun -n 2 "$PERCEPT" train "${moons[@]}" --normalize batch --out refused
expect_contains err "batch-norm needs whole ones"
expect_status 1 mpirun -n 2 "$PERCEPT" train "${moons[@]}" --optimizer sgd --learning-rate 1e30 --out diverged
[ "$(grep -c '^percept: the loss became' err)" -eq 1 ] || fail "a divergence is not said once"
if grep -qw avx2 /proc/cpuinfo; then
    expect_status 1 mpirun -n 2 env PERCEPT_ISA=avx2 "$PERCEPT" train "${moons[@]}" --out refused : \
        -n 1 env PERCEPT_ISA=plain "$PERCEPT" train
    expect_contains err "rank 2 on $(hostname) computes with plain, rank 0 on $(hostname) with avx2"
fi
cp "$PERCEPT" other
echo >>other
expect_status 1 mpirun -n 1 "$PERCEPT" train "${moons[@]}" --out refused : -n 1 ./other train
expect_contains err "rank 1 on $(hostname) runs another build of percept"
mkdir here there
cp table.csv here
expect_status 1 mpirun -n 1 -wdir "$PWD/here" "$PERCEPT" train table.csv --out "$PWD/refused" : \
    -n 1 -wdir "$PWD/there" "$PERCEPT" train
expect_contains err "rank 1 on $(hostname): there is no dataset and no file 'table.csv'"
sed 's/^town5,4,/town5,3,/' table.csv >there/table.csv
expect_status 1 mpirun -n 1 -wdir "$PWD/here" "$PERCEPT" train table.csv --out "$PWD/refused" : \
    -n 1 -wdir "$PWD/there" "$PERCEPT" train
expect_contains err "rank 1 on $(hostname) has other data than rank 0"
[ ! -e refused ] || fail "a refused run left a folder"

# Whatever ends them: the run continues from its checkpoint, on any number of ranks, to the same files.
long=(--data moons --layers 2-40-20-2 --batch-size 100 --blocks 7 --threads 1 --no-plot --epochs 150)
expect_status 0 "$PERCEPT" train "${long[@]}" --quiet --out long
mkfifo progress
after_checkpoint() { # after_checkpoint FOLDER COMMAND...: starts a run, and calls the command once it has a checkpoint
    local folder=$1 line process
    shift
    mpirun -n 3 bash -c 'echo $$ >pid-$OMPI_COMM_WORLD_RANK; exec "$@"' percept "$PERCEPT" train "${long[@]}" --out "$folder" \
        >out 2>progress &
    process=$!
    exec 3<progress
    while [ ! -e "$folder/checkpoint.safetensors" ] && read -r line <&3; do :; done
    "$@" $process || true # it may have ended before
    cat <&3 >err
    exec 3<&-
    wait $process || true
}
kill_rank() {
    kill -9 "$(<pid-$1)"
}
kill_all() {
    kill -9 "$(<pid-0)" "$(<pid-1)" "$(<pid-2)"
}
after_checkpoint interrupted kill -TERM
after_checkpoint lost kill_rank 1
after_checkpoint headless kill_rank 0
after_checkpoint all-lost kill_all
for folder in interrupted lost headless all-lost; do
    expect_file $folder/checkpoint.safetensors
    expect_status 0 mpirun -n 2 "$PERCEPT" train --resume $folder --no-plot --quiet
    expect_same long/model.safetensors $folder/model.safetensors
    expect_same long/metrics.csv $folder/metrics.csv
done
