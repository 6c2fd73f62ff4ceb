#!/bin/bash
# On a disk too small a run ends with a message and status 1; once there is room, it goes on to the same files.
. "$(dirname "$0")/faults.sh"
mkdir disk
if [ "${1:-}" != inside ]; then
    # In a name space of its own, so that nothing stays mounted.
    namespace=(unshare --mount)
    [ "$(id -u)" -eq 0 ] || namespace+=(--map-root-user)
    "${namespace[@]}" mount -t tmpfs -o size=64k percept-test disk 2>/dev/null || skip "mounting a tmpfs is not allowed here"
    cd /
    rm -rf "$work"
    exec "${namespace[@]}" bash "$SOURCE/tests/long/test_full_disk.sh" inside
fi
failures=0
for ((pages = 1; pages < 64; pages++)); do
    mount -t tmpfs -o "size=$((4 * pages))k" percept-test disk
    status=0
    "$PERCEPT" train "${training[@]}" --out disk/run >out 2>err || status=$?
    mount -o remount,size=1m disk
    rm -f run
    ln -s disk/run run
    [ -z "$(find disk -name '.percept-*')" ] || fail "an unfinished file is left behind"
    [ $status -eq 0 ] || failures=$((failures + 1))
    [ $status -eq 0 ] || expect_contains err "No space left on device"
    after_failure $status "a disk of $pages pages"
    expect_status 0 "$PERCEPT" runs list --runs disk
    umount disk
    [ $status -ne 0 ] || break
done
[ $status -eq 0 ] || fail "no disk was large enough"
[ $failures -gt 2 ] || fail "only $failures disks were too small"
echo "$failures disks were too small"
