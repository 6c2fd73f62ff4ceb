# Shared by the tests of failures: a small training, what it should leave, and what must hold after it failed.
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"

# Thousands of runs, each of which waits for the disk several times: in memory, where there is such a place.
if [ -w /dev/shm ]; then
    rm -rf "$work"
    work=$(mktemp -d -p /dev/shm)
    cd "$work"
    export HOME=$work
fi

"$PERCEPT" data make moons --count 60 --seed 3 >moons.csv
training=(--preset plain --members 2 --data moons.csv --layers 2-8-2 --epochs 3 --batch-size 8 --validation 0.2 --checkpoint-every 5 --ema 0.9
    --clip-norm 1 --threads 1 --no-plot --quiet --tensorboard logs)
expect_status 0 "$PERCEPT" train "${training[@]}" --out whole

# after_failure STATUS WHAT: the training into `run` that ended with STATUS said so, and what it left is good: it goes on,
# or begins again, and ends like the undisturbed one. Expects standard error in `err`.
after_failure() {
    local status=$1 what=$2 file
    [ "$status" -le 1 ] || fail "$what: status $status"
    [ "$status" -eq 0 ] || grep -q '^percept: ' err || fail "$what: no message"
    if [ "$status" -eq 0 ] && [ ! -e run/summary.json ]; then
        fail "$what: status 0, but no summary"
    fi
    if [ -e run/recipe.yaml ]; then
        "$PERCEPT" train --resume run --no-plot --quiet >out2 2>err2 || fail "$what: cannot go on: $(cat err2)"
    else
        "$PERCEPT" train "${training[@]}" --out run >out2 2>err2 || fail "$what: cannot begin again: $(cat err2)"
    fi
    for file in model.safetensors metrics.csv summary.json checkpoint.safetensors; do
        cmp -s whole/$file run/$file || fail "$what: $file differs after going on"
    done
}
