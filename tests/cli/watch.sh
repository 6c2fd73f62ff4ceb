# A server of the live page, and runs for it. To be sourced behind lib.sh; needs the commands curl and jq.
#
#   watch_start [FLAG...]       percept watch --runs runs; `address` is where it is, without the last slash, `server` its process;
#                             `watch_path` is the PATH for it alone
#   watch_stop [SIGNAL]         `status` is what it ended with
#   watch_play LINE             what tests/cli/watch_runs.c does; `told` is what it answers. It is started by the first line.
#   watch_ask PATH [CURL...]    prints the answer's status; the body is in `answer`, the headers in `head`

[ -n "${PERCEPT_BUILD:-}" ] || skip "PERCEPT_BUILD does not name the build's folder"
need_command curl
need_command jq

server=
player=

# Fails if the server is gone before it said its address.
watch_start() {
    mkfifo watch.out
    PATH=${watch_path:-$PATH} "$PERCEPT" watch --runs runs --port 0 "$@" >watch.out 2>watch.err &
    server=$!
    read -r address <watch.out || fail "no address was printed: $(cat watch.err)"
    rm watch.out
    address=${address%/}
    trap 'watch_end; remove_work' EXIT
}

watch_stop() {
    status=0
    kill -"${1:-TERM}" "$server"
    wait "$server" || status=$?
    server=
}

watch_play() {
    if [ -z "$player" ]; then
        coproc PLAYER { exec "$PERCEPT_BUILD/tests/watch_runs" runs; }
        player=$PLAYER_PID
    fi
    echo "$*" >&"${PLAYER[1]}"
    read -r told <&"${PLAYER[0]}" || fail "watch_runs ended at '$*'"
}

# What was started and still runs.
watch_end() {
    for process in $server $player; do
        kill "$process" 2>/dev/null || true
    done
    server=
    player=
}

watch_ask() {
    local path=$1
    shift
    curl --noproxy "*" --silent --show-error --path-as-is --max-time 60 --globoff --dump-header head --output answer --write-out '%{http_code}' \
        "$@" "$address$path"
}
