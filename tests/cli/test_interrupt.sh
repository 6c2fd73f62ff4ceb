#!/bin/bash
# Ctrl-C and SIGTERM end training between two steps, keep the best model so far and say so, with status 130 and 143.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
endless=(--set data.per_class=50 --validation 100 --layers 784-16-10 --epochs 1000000 --no-plot)
mkfifo progress

interrupted() { # interrupted SIGNAL STATUS FOLDER: sends SIGNAL once two epochs have been told
    local line status=0 epochs=0
    "$PERCEPT" train "${endless[@]}" --out "$3" >out 2>progress &
    local process=$!
    exec 3<progress
    while [ $epochs -lt 2 ] && read -r line <&3; do
        [[ $line != epoch* ]] || epochs=$((epochs + 1))
    done
    kill -s "$1" $process || true # its status tells if it had ended before
    cat <&3 >err
    exec 3<&-
    wait $process || status=$?
    [ $status -eq "$2" ] || fail "SIG$1 gave status $status, not $2"
    expect_lines out 0
    expect_match err '^percept: interrupted after [0-9]+ epochs$'
    expect_contains err "$3/checkpoint.safetensors" "model.safetensors" "the best so far" "percept train --resume $3"
    expect_file "$3/recipe.yaml" "$3/model.safetensors" "$3/checkpoint.safetensors"
    expect_no_file "$3/summary.json"
    # Every line of the metrics is whole.
    [ "$(awk -F, '{ print NF }' "$3/metrics.csv" | sort -u)" = 5 ] || fail "metrics.csv has broken lines"
    [ "$(wc -l <"$3/metrics.csv")" -ge 3 ] || fail "metrics.csv lacks the epochs told"
}
interrupted INT 130 first
interrupted TERM 143 second
expect_status 0 "$PERCEPT" evaluate first
expect_match out '^test accuracy '
