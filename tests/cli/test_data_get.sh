#!/bin/bash
# Downloads survive servers that break off, send wrong bytes, lie about lengths and send elsewhere; a file appears whole and
# right, or not at all.
. "$(dirname "$0")/lib.sh"
need_digits
server=${PERCEPT_BUILD:?names the build folder}/tests/http_server
[ -x "$server" ] || skip "the test server is not built"
digits=$(realpath "$PERCEPT_DATA/digits.csv.gz")
unset PERCEPT_DATA http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY

"$server" "$digits" "$work/log" >port &
server_id=$!
trap 'kill $server_id 2>/dev/null || true; remove_work' EXIT
while [ ! -s port ]; do
    kill -0 $server_id || fail "the server did not start"
done
address=http://127.0.0.1:$(cat port)
place=$work/data/digits/digits.csv.gz

get() { # get WAY... [--timeout SECONDS]: from mirrors that serve in these ways
    local arguments=()
    while [ $# -gt 0 ]; do
        case $1 in
        --*) arguments+=("$1" "$2") && shift ;;
        *) arguments+=(--mirror "$address/$1/") ;;
        esac
        shift
    done
    "$PERCEPT" data get digits --data-dir "$work/data" "${arguments[@]}"
}
begin() { # a fresh start
    rm -rf data
    : >log
}
expect_got() { # the file, whole and right, and nothing beside it
    expect_same "$place" "$digits"
    [ "$(ls -A data/digits)" = digits.csv.gz ] || fail "something else is left: $(ls -A data/digits)"
}
expect_nothing() {
    [ -z "$(ls -A data/digits)" ] || fail "something is left: $(ls -A data/digits)"
}

# Well served; a second call asks nobody.
for way in plain whole redirect; do
    begin
    expect_status 0 get $way
    expect_got
    expect_contains out data/digits
    expect_lines out 1
done
expect_contains log /redirect/digits.csv.gz /plain/after
: >log
expect_status 0 get plain
expect_contains err "was there"
expect_lines log 0
expect_status 0 "$PERCEPT" data info digits --data-dir data
expect_contains out 1,797

# A connection that breaks is taken up where it broke.
begin
expect_status 0 get drop
expect_got
expect_match log '^/drop/digits.csv.gz -$'
expect_match log '^/drop/digits.csv.gz 28756$'
expect_match log '^/drop/digits.csv.gz 43134$'
# Promised bytes that never come: asked for once more, then what is there turns out to be all.
begin
expect_status 0 get long
expect_got
# Half an old file and half a new one: once more, from the start, and then another mirror.
begin
expect_status 0 get stale plain
expect_got
[ "$(grep -c '^/stale/digits.csv.gz -$' log)" -ge 2 ] || fail "the stale file was not asked for anew"
# A server that is busy is asked again.
begin
expect_status 0 get busy
expect_got
expect_lines log 2

# A mirror that will not do is passed over, and one that serves well afterwards is not confused by what came before.
for way in wrong short huge endless other loop local missing garbage; do
    begin
    expect_status 0 get $way plain
    expect_got
    begin
    expect_status 1 get $way
    expect_contains err "digits.csv.gz could not be downloaded: 127.0.0.1" --mirror
    expect_no_file "$place"
    # Bytes that may be the beginning of the right file stay for another time, wrong ones do not.
    case $way in other | huge) ;; *) expect_nothing ;; esac
done
expect_status 1 get missing
expect_contains err "the server answered 404"
expect_status 1 get wrong
expect_contains err "wrong bytes"
expect_status 1 get endless
expect_contains err "more bytes than the file can have"

# No other scheme is followed: what /etc/hostname holds is not fetched. The name of the machine itself may stand in a message
# for other reasons, as part of a temporary folder's name.
expect_status 1 get local
expect_match err 'digits.csv.gz could not be downloaded: 127\.0\.0\.1:[0-9]+: Protocol "file"'
expect_nothing

# A server that says nothing is given up, and the next one is asked.
begin
expect_status 0 get mute plain --timeout 1
expect_got
begin
expect_status 1 get mute --timeout 1
expect_contains err "the server sent nothing for 1 s"
expect_lines log 1
expect_nothing

# What is larger than the file can be is no part of it, and goes, whatever the server does.
begin
expect_status 1 get cut
head -c 1000000 /dev/zero >large
cp large "$(ls data/digits/*.part)"
expect_status 1 get cut
[ "$(stat -c %s data/digits/*.part)" -eq 28756 ] || fail "the first half is not there alone"
cp large "$(ls data/digits/*.part)"
kill $server_id
wait $server_id || true
expect_status 1 get cut
expect_nothing
rm port # else its old number might still be read
"$server" "$digits" "$work/log" >port &
server_id=$!
while [ ! -s port ]; do
    kill -0 $server_id || fail "the server did not start again"
done
address=http://127.0.0.1:$(cat port)

# What a call had got when it was interrupted, the next one goes on with.
begin
"$PERCEPT" data get digits --data-dir "$work/data" --mirror "$address/stall/" >out 2>err &
get_id=$!
while kill -0 $get_id && [ "$(stat -c %s data/digits/*.part 2>/dev/null)" != 28756 ]; do
    continue
done
kill -TERM $get_id
status=0
wait $get_id || status=$?
[ $status -eq 143 ] || fail "interrupted, it ended with status $status, not 143"
expect_contains err "the same command continues"
expect_no_file "$place"
expect_status 0 get stall
expect_got
expect_match log '^/stall/digits.csv.gz 28756$'

# A server that breaks off each time is given up after some attempts; what came is kept.
begin
expect_status 1 get cut
expect_no_file "$place"
[ "$(stat -c %s data/digits/*.part)" -eq 28756 ] || fail "the first half is not kept"

# What is there and wrong is somebody's: refused, not overwritten.
begin
mkdir -p data/digits
echo mine >data/digits/digits.csv
expect_status 1 get plain
expect_contains err data/digits/digits.csv "move it away"
expect_lines log 0
[ "$(cat data/digits/digits.csv)" = mine ] || fail "the file was changed"

# No server, no place, no such dataset.
begin
expect_status 1 "$PERCEPT" data get digits --data-dir data --mirror http://127.0.0.1:1/
expect_contains err "could not be downloaded" "127.0.0.1:1"
expect_nothing
: >file
expect_status 1 "$PERCEPT" data get digits --data-dir file --mirror "$address/plain"
expect_contains err file
expect_status 0 "$PERCEPT" data get digits --mirror "$address/plain"
expect_same "$XDG_DATA_HOME/percept/digits/digits.csv.gz" "$digits"
expect_status 2 "$PERCEPT" data get digit
expect_contains err "did you mean 'digits'"
expect_status 2 "$PERCEPT" data get digits --mirror ftp://127.0.0.1/
expect_contains err "https://"
