#!/bin/bash
# Every allocation of a training run fails in turn: a message and status 1 (or the run does without), nothing leaks, what
# is on the disk stays good. Then some of them with all later ones failing too, and some of a run that is resumed.
. "$(dirname "$0")/faults.sh"
faults=$PERCEPT_BUILD/tests/long/faults.so
[ -e "$faults" ] || skip "this build has no faults.so (sanitizers replace the allocator themselves)"
half= # a run with a checkpoint and no end, once there is one
aborts=0
forgotten=0

# jansson (2.14) ignores that its buffer could not grow, and asserts later that nothing was lost; nobody can catch that.
jansson_aborted() {
    [ "$1" -eq 134 ] && grep -q "lex_scan_string: Assertion" err
}

# libyaml (0.2.5) forgets the entries of a list or map that it reads when its table of nodes cannot grow.
libyaml_forgot() {
    [ "$left" -eq 1 ] && grep -q "not enough memory to read '.*\.yaml'" err
}

# failing NAME=N COMMAND...: the command with those faults.
failing() {
    local fault=$1 status=0
    shift
    env "$fault" FAULTS_REPORT=report LD_PRELOAD="$faults" "$@" >out 2>err || status=$?
    if jansson_aborted $status; then
        aborts=$((aborts + 1))
        echo "percept: killed by an assertion of jansson" >err # so that what it left is looked at
        failed=1
        return
    fi
    [ -s report ] || fail "$fault: status $status, no report: the program did not come to its end"
    read -r made left <report
    if libyaml_forgot; then
        forgotten=$((forgotten + 1))
        left=0
    fi
    [ "$left" -eq 0 ] || fail "$fault: $left blocks were not released (status $status: $(head -n 1 err))"
    [ $status -eq 0 ] || [ -s err ] || fail "$fault: status $status without a message"
    rm report
    failed=$status
}

made=0
failing FAULTS_AT=0 "$PERCEPT" train "${training[@]}" --out run
total=$made
for ((n = 1; n <= total; n++)); do
    rm -rf run
    failing FAULTS_AT=$n "$PERCEPT" train "${training[@]}" --out run
    if [ -z "$half" ] && [ -e run/checkpoint.safetensors ] && [ ! -e run/summary.json ]; then
        half=half
        cp -r run half
    fi
    after_failure "$failed" "allocation $n of $total"
done
echo "$total allocations of a run"
[ -n "$half" ] || fail "no failure came after a checkpoint"

for ((n = 1; n <= total; n += 7)); do
    rm -rf run
    failing FAULTS_FROM=$n "$PERCEPT" train "${training[@]}" --out run
    after_failure "$failed" "allocation $n and all after it"
done

rm -rf run
cp -r half run
failing FAULTS_AT=0 "$PERCEPT" train --resume run --no-plot --quiet --threads 1
total=$made
for ((n = 1; n <= total; n += 3)); do
    rm -rf run
    cp -r half run
    failing FAULTS_AT=$n "$PERCEPT" train --resume run --no-plot --quiet --threads 1
    after_failure "$failed" "allocation $n of $total of a resumed run"
done
echo "$total allocations of a resumed run"
[ $aborts -le 20 ] || fail "jansson ended $aborts runs"
[ $forgotten -le 2 ] || fail "libyaml forgot a block in $forgotten runs"
[ $aborts -eq 0 ] || echo "jansson ended $aborts runs"
