#!/bin/bash
# Processes that mpirun starts do the trials of one search: results, winner and model are those of one process, whatever the
# strategy, the number of processes and interruptions.
. "$(dirname "$0")/lib.sh"
command -v mpirun >/dev/null || skip "mpirun is not installed (Debian: openmpi-bin)"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # Open MPI's libraries leave memory behind
mpirun -n 2 true 2>err || skip "mpirun cannot start processes here: $(grep -m1 . err)"
cat >space.yaml <<'EOF'
data: {name: moons, examples: 300}
model: {layers: [2, 12, 2]}
train: {epochs: 9, optimizer: adam}
search: {strategy: random, trials: 9, repeats: 2}
space:
  train.learning_rate: {low: 0.001, high: 0.1, scale: log}
  model.layers: [[2, 12, 2], [2, 8, 8, 2]]
EOF
status=0
mpirun -n 2 "$PERCEPT" search space.yaml --jobs 1 --out first >out 2>err || status=$?
! grep -q 'built without MPI' err || skip "percept was built without MPI"
[ $status -eq 0 ] || fail "two processes: status $status"
[ "$(grep -c '^folder' err)" -eq 1 ] || fail "not one rank alone reports"
expect_contains err '9 trials of 2 runs, 2 at once'

# same SPACE NAME RANKS...: one process, then each number of ranks.
same() {
    local space=$1 name=$2 n file
    shift 2
    expect_status 0 "$PERCEPT" search "$space" --jobs 1 --quiet --out "$name"
    for n in "$@"; do
        expect_status 0 mpirun -n "$n" "$PERCEPT" search "$space" --jobs $((1 + n % 2)) --quiet --out "$name-$n"
        for file in results.csv best/model.safetensors best/recipe.yaml; do
            expect_same "$name/$file" "$name-$n/$file"
        done
        expect_no_file "$name-$n/checkpoints/"*
    done
}
same space.yaml random 2 3 4
sed 's/strategy: random, trials: 9, repeats: 2/strategy: halving, trials: 9/' space.yaml >halving.yaml
same halving.yaml halving 2 3
sed 's/strategy: random, trials: 9, repeats: 2/strategy: tpe, trials: 8, ensemble: 3/' space.yaml >tpe.yaml
same tpe.yaml tpe 3
expect_same tpe/ensemble.csv tpe-3/ensemble.csv

# Trials that diverge or fail do so elsewhere, too; TensorBoard gets what ranks report.
sed 's/low: 0.001, high: 0.1, scale: log/low: 1e30, high: 1e38, scale: log/; s/adam/sgd/; s/trials: 9, repeats: 2/trials: 4/' space.yaml >wild.yaml
expect_status 1 "$PERCEPT" search wild.yaml --jobs 1 --quiet --out wild
expect_status 1 mpirun --quiet -n 2 "$PERCEPT" search wild.yaml --jobs 1 --quiet --out wild-2
expect_same wild/results.csv wild-2/results.csv
for n in 1 2; do
    expect_status 0 mpirun -n $n "$PERCEPT" search space.yaml --jobs 1 --quiet --no-best --trials 3 --set tensorboard=events-$n --out "in-$n/search"
done
diff <(cd events-1 && find . -name 'events*' | sed 's/out.tfevents.*//' | sort) <(cd events-2 && find . -name 'events*' | sed 's/out.tfevents.*//' | sort) ||
    fail "other event files"

# Interrupted by its time, and continued by another number of ranks; and with a rank killed in the middle.
expect_status 1 mpirun --quiet -n 2 "$PERCEPT" search space.yaml --jobs 1 --quiet --minutes 0.000001 --out timed
expect_status 0 mpirun -n 3 "$PERCEPT" search --resume timed --minutes 600 --jobs 1 --quiet
expect_same random/results.csv timed/results.csv
sed 's/epochs: 9/epochs: 3000/; s/trials: 9, repeats: 2/trials: 6/' space.yaml >long.yaml
mkfifo progress
for victim in 0 1; do
    rm -rf killed
    mpirun -n 2 bash -c 'echo $$ >pid-$OMPI_COMM_WORLD_RANK; exec "$@"' percept "$PERCEPT" search long.yaml --jobs 1 --out killed \
        >killed.out 2>progress &
    process=$!
    exec 3<progress
    while read -r line <&3 && [[ $line != "trial "* ]]; do :; done # one of six has ended
    kill -KILL "$(<pid-$victim)" || fail "rank $victim had ended before"
    cat <&3 >err
    exec 3<&-
    wait $process && fail "the search ended as if no rank had been killed"
    expect_status 0 mpirun -n 3 "$PERCEPT" search --resume killed --jobs 1 --quiet
    mv killed "killed-$victim"
done
expect_status 0 "$PERCEPT" search long.yaml --jobs 2 --quiet --out whole
for victim in 0 1; do
    expect_same whole/results.csv "killed-$victim/results.csv"
    expect_same whole/best/model.safetensors "killed-$victim/best/model.safetensors"
done

# A rank without the data, or with other data, is named.
mkdir here there
awk 'BEGIN { srand(1); for (i = 0; i < 60; i++) { for (j = 0; j < 64; j++) printf "%d,", rand() * 17; print i % 10 } }' >here/digits.csv
sed '1s/^[0-9]*,/17,/' here/digits.csv >there/digits.csv
cat >named.yaml <<'EOF'
data: {name: digits}
model: {layers: [64, 3, 10]}
train: {epochs: 1}
search: {strategy: random, trials: 3}
space: {train.learning_rate: [0.1, 0.2, 0.3]}
EOF
two() { # two MESSAGE NAME
    expect_status 1 mpirun --quiet -n 1 env PERCEPT_DATA="$PWD/here" "$PERCEPT" search named.yaml --jobs 1 --quiet --out "$2" : \
        -n 1 env PERCEPT_DATA="$PWD/there" "$PERCEPT" search named.yaml
    expect_contains err 'rank 1 on ' "$1"
}
two 'other ones than those of rank 0' other
rm there/digits.csv
two "the dataset 'digits' is not in" none
