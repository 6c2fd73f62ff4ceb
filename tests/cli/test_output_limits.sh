#!/bin/bash
# A reader that closes the pipe ends a command without a word; a file that may not grow (ulimit -f) is a failure with one.
. "$(dirname "$0")/lib.sh"
printf 'a,b,y\n' >t.csv
for i in {1..40}; do echo "$((i * 3 % 41)),$((i * 7 % 11)),$([ $((i % 2)) = 0 ] && echo u || echo v)" >>t.csv; done
tail -n +2 t.csv | cut -d, -f1,2 >rows.csv
expect_status 0 "$PERCEPT" train --preset plain --data t.csv --layers 2-3-2 --epochs 1 --validation 8 --no-plot --quiet --out runs/run

# ---- A closed pipe ----
mkfifo pipe
into_closed_pipe() { # into_closed_pipe COMMAND...: its standard output is a pipe that nobody reads any more
    expect_status 141 bash -c 'exec 3<>pipe 4>pipe 3>&-; exec "$@" >&4' - "$PERCEPT" "$@"
    expect_lacks err "percept:" Broken
}
into_closed_pipe --help
into_closed_pipe train --help
into_closed_pipe version
into_closed_pipe completion bash
into_closed_pipe runs list
into_closed_pipe runs show 1
into_closed_pipe data list
into_closed_pipe data info t.csv
into_closed_pipe evaluate runs/run --part valid
into_closed_pipe evaluate runs/run --part valid --json
into_closed_pipe predict runs/run rows.csv
into_closed_pipe predict runs/run rows.csv --json
# The run is there all the same.
into_closed_pipe train --data t.csv --layers 2-3-2 --epochs 1 --validation 8 --no-plot --out other
expect_file other/summary.json
# A failure of another kind stays what it is.
expect_status 1 bash -c 'exec 3<>pipe 4>pipe 3>&-; exec "$PERCEPT" evaluate nowhere >&4'
expect_contains err nowhere

# ---- ulimit -f: a signal ends other programs ----
limited() { # limited BLOCKS COMMAND...: files of 1 KiB blocks
    expect_status 1 bash -c 'ulimit -f $1 && shift && exec "$@"' - "$1" "$PERCEPT" "${@:2}"
    expect_contains err "File too large"
}
limited 40 train --data t.csv --layers 2-300-300-2 --epochs 1 --validation 8 --no-plot --quiet --out large
expect_contains err "large/checkpoint.safetensors"
expect_contains err "continue  "
expect_no_file large/model.safetensors large/summary.json
[ -z "$(find large -name '.percept-*')" ] || fail "something half-written is left"
# What was begun for event files of several members is released in the right order.
limited 40 train --data t.csv --members 2 --layers 2-300-300-2 --epochs 1 --no-plot --quiet --tensorboard events --out members
expect_status 0 "$PERCEPT" train --resume large --no-plot --quiet
expect_file large/summary.json
for i in {1..500}; do cat rows.csv; done >many.csv
expect_status 1 bash -c 'ulimit -f 40 && exec "$PERCEPT" predict runs/run many.csv >predicted.csv'
expect_contains err "standard output could not be written" "File too large"
