#!/bin/bash
# A run that was killed or interrupted goes on with --resume and leaves the same files, to the bit, as one that was not.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
small=(--set data.per_class=50 --validation 100 --layers 784-16-10 --batch-size 16 --no-plot --quiet)
files=(model.safetensors metrics.csv summary.json checkpoint.safetensors)

expect_same_run() { # expect_same_run RUN RUN
    local file
    for file in "${files[@]}"; do
        expect_same "$1/$file" "$2/$file"
    done
    expect_lines <(find "$2" -name '.percept-*') 0
}

# ---- Killed at random moments, until it is through ----
# The moments are chosen by chance; what is expected does not depend on them.
killed() { # killed RUN ARGUMENT...: trains in RUN; killed, it goes on; no more than 12 kills
    local run=$1 status=0 kills=0
    shift
    local command=(train "$@" --out "$run")
    while [ $kills -lt 12 ]; do
        status=0
        { timeout -s KILL "0.$((RANDOM % 5))$((RANDOM % 9 + 1))" "$PERCEPT" "${command[@]}" >out 2>err; } 2>/dev/null ||
            status=$?
        [ $status -ne 0 ] || return 0
        [ $status -eq 137 ] || fail "status $status, not 0 or 137, after $kills kills"
        kills=$((kills + 1))
        # Killed before its first step, a run leaves nothing to go on with.
        [ ! -e "$run/recipe.yaml" ] || command=(train --resume "$run" --no-plot --quiet)
    done
    expect_status 0 "$PERCEPT" "${command[@]}"
}
long=("${small[@]}" --epochs 700 --seed 5)
expect_status 0 "$PERCEPT" train "${long[@]}" --out whole
killed epochs "${long[@]}"
expect_same_run whole epochs
killed steps "${long[@]}" --checkpoint-every 7
expect_same_run whole steps

# ---- Interrupted: saved at the next step ----
mkfifo progress
interrupted() { # interrupted SIGNAL STATUS ARGUMENT...: sends SIGNAL once a line has been told
    local signal=$1 expected=$2 status=0 line
    shift 2
    "$PERCEPT" train "$@" >out 2>progress &
    local process=$!
    exec 3<progress
    while read -r line <&3 && [[ $line != epoch* ]]; do :; done
    kill -s "$signal" $process || true # its status tells if it had ended before
    cat <&3 >err
    exec 3<&-
    wait $process || status=$?
    [ $status -eq "$expected" ] || fail "SIG$signal gave status $status, not $expected"
    expect_contains err "percept train --resume stopped"
}
talking=("${long[@]/--quiet/--no-plot}")
interrupted INT 130 "${talking[@]}" --out stopped
expect_file stopped/checkpoint.safetensors
expect_no_file stopped/summary.json
interrupted TERM 143 --resume stopped --no-plot
expect_status 0 "$PERCEPT" evaluate stopped
expect_status 0 "$PERCEPT" train --resume stopped --no-plot --threads 3 --set threads=2
expect_match err '^continuing after [0-9,]+ epochs'
expect_same_run whole stopped

# ---- A finished run has nothing to go on with ----
before=$(find whole -printf '%p %T@\n' | sort)
expect_status 0 "$PERCEPT" train --resume whole
expect_contains out "whole is finished"
[ "$before" = "$(find whole -printf '%p %T@\n' | sort)" ] || fail "resuming a finished run changed it"

# ---- What a kill may leave: no checkpoint, a torn line, a file half-written ----
again() { # again: the run `torn` goes on and ends like `whole`
    expect_status 0 "$PERCEPT" train --resume torn --no-plot --quiet
    expect_same_run whole torn
}
take_back() { # take_back: `torn` is as before its end
    rm -rf torn
    cp -r whole torn
    rm torn/summary.json
}
take_back
again
take_back
rm torn/model.safetensors torn/checkpoint.safetensors
head -c 1000 whole/metrics.csv >torn/metrics.csv
again
take_back
rm torn/checkpoint.safetensors torn/metrics.csv torn/model.safetensors
echo half >torn/.percept-1-0.tmp
again
take_back
printf '700,0.1,0.' >>torn/metrics.csv
again

# ---- What cannot go on ----
refused() { # refused STATUS TEXT ARGUMENT...
    local status=$1 text=$2
    shift 2
    expect_status "$status" "$PERCEPT" train "$@"
    expect_match err '^percept: '
    expect_contains err "$text"
}
refused 1 "nowhere" --resume nowhere
mkdir empty
refused 1 "empty" --resume empty
refused 2 "train.epochs" --resume torn --epochs 3
refused 2 "train.seed" --resume torn --set train.seed=3
refused 2 "seed" --resume torn --set seed=3
refused 2 "--out" --resume torn --out other
refused 2 "--force" --resume torn --force
refused 2 "recipe" torn/recipe.yaml --resume torn
take_back
sed -i 's/^  learning_rate: .*/  learning_rate: 0.5/' torn/recipe.yaml
refused 1 "recipe" --resume torn
take_back
head -n 300 whole/metrics.csv >torn/metrics.csv
refused 1 "torn/metrics.csv" --resume torn
take_back
head -c 5000 whole/checkpoint.safetensors >torn/checkpoint.safetensors
refused 1 "torn/checkpoint.safetensors" --resume torn
cp whole/checkpoint.safetensors torn/checkpoint.safetensors
printf '\377\377' | dd of=torn/checkpoint.safetensors bs=1 seek=50000 conv=notrunc status=none
refused 1 "damaged" --resume torn
expect_same whole/model.safetensors torn/model.safetensors
rm torn/checkpoint.safetensors # as the message says
again

# ---- One process at a time ----
take_back
flock -n torn "$PERCEPT" version >out # flock(1) takes the same lock
exec 4<torn
flock -n 4
refused 1 "another process" --resume torn
exec 4<&-
again

# ---- Another instruction set: reported, not refused ----
other=$(isas | sed -n 2p)
if [ -n "$other" ]; then
    take_back
    rm torn/checkpoint.safetensors
    expect_status 0 env PERCEPT_ISA="$other" "$PERCEPT" train --resume torn --no-plot --quiet
    rm torn/summary.json
    expect_status 0 "$PERCEPT" train --resume torn --no-plot --quiet
    expect_match err "^percept: warning: .*$other"
fi
