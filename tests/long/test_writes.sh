#!/bin/bash
# Every call of a training run that opens, writes, syncs or renames fails in turn (strace makes it fail): a message and
# status 1, or the run does without; what is on the disk stays good.
. "$(dirname "$0")/faults.sh"
need_command strace
strace -qq -o log true 2>/dev/null || skip "strace may not trace here"

# in_turn CALL ERROR: fails the first call, the second, …, until a run makes no more of them. Calls of the loader, before
# the program itself begins, are left out.
in_turn() {
    local call=$1 error=$2 n status injected count=0
    for ((n = 1; ; n++)); do
        rm -rf run
        status=0
        strace -f -qq -o log -e "trace=$call" -e "inject=$call:error=$error:when=$n" \
            "$PERCEPT" train "${training[@]}" --out run >out 2>err || status=$?
        injected=$(grep -F '(INJECTED)' log || true)
        [ -n "$injected" ] || break
        [ $status -ne 127 ] || continue
        count=$((count + 1))
        case $injected in
        *"write(2"*) # a message that cannot be written cannot be asked for
            [ $status -le 1 ] || fail "write $n: status $status"
            ;;
        *) after_failure $status "$call $n ($injected)" ;;
        esac
        left=$(find run -name '.percept-*' 2>/dev/null || true)
        [ -z "$left" ] || fail "$call $n: $left is left behind"
    done
    [ $count -gt 0 ] || fail "no run makes the call $call"
    echo "$call: $count"
}
in_turn openat EMFILE
in_turn openat EACCES
in_turn write ENOSPC
in_turn write EIO
in_turn fsync EIO
in_turn rename EIO
in_turn mkdir ENOSPC
in_turn read EIO
in_turn flock ENOLCK
