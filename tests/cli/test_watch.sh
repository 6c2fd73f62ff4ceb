#!/bin/bash
# The live page's server: what it tells, whom it refuses, what it does not serve, and that its buttons' requests arrive.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/cli/watch.sh"

# expect_answer STATUS PATH [CURL...]
expect_answer() {
    local expected=$1 got
    shift
    got=$(watch_ask "$@") || fail "no answer to $*"
    [ "$got" = "$expected" ] || fail "the answer to $* is $got, not $expected: $(head -c 300 answer)"
}
# expect_json FILTER: jq finds it true of the answer.
expect_json() {
    jq -e "$1" answer >/dev/null || fail "not true: $1 of $(head -c 2000 answer)"
}

# ---- Nothing there yet ----
watch_start
[[ $address == http://127.0.0.1:* ]] || fail "it listens at $address"
expect_answer 200 /
expect_contains answer '<!doctype html>'
expect_contains head "default-src 'none'" "script-src 'self'" "frame-ancestors 'none'" 'X-Content-Type-Options: nosniff' \
    'Cache-Control: no-store' 'Content-Type: text/html' 'Cross-Origin-Resource-Policy: same-origin'
expect_lacks head 'Access-Control' 'unsafe'
expect_answer 200 /style.css
expect_contains head 'Content-Type: text/css'
expect_answer 200 /main.js
expect_contains head 'Content-Type: text/javascript'
expect_answer 200 /icon.svg
expect_answer 200 /feed
expect_json '.database == false and .folder == "runs" and (.token | length) == 32'
expect_no_file runs
expect_answer 200 '/run?id=1'
expect_json '.database == false and (has("run") | not)'
token=$(jq -r .token answer)
expect_answer 409 '/run?id=1&ask=stop' -X POST -H "Percept-Token: $token"

# ---- Whom it refuses ----
port=${address##*:}
for host in evil.example "evil.example:$port" "localhost.evil.example:$port" 192.168.0.1 '' "localhost:x"; do
    for path in / /feed /style.css /none '/run?id=1&ask=stop'; do
        expect_answer 403 "$path" -H "Host: $host"
        expect_lacks answer "$token"
    done
done
expect_answer 403 / -H 'Host;'
for host in localhost "localhost:$port" "[::1]:$port" localhost:9999; do
    expect_answer 200 / -H "Host: $host"
done
for origin in null http://evil.example "http://127.0.0.1" "https://127.0.0.1:$port" "http://127.0.0.1:1"; do
    expect_answer 403 /feed -H "Origin: $origin"
    expect_answer 403 '/run?id=1&ask=pause' -X POST -H "Origin: $origin" -H "Percept-Token: $token"
done
expect_answer 200 /feed -H "Origin: http://127.0.0.1:$port"
for wrong in '' x "${token}0" "${token:1}" 00000000000000000000000000000000; do
    expect_answer 403 '/run?id=1&ask=pause' -X POST -H "Percept-Token: $wrong"
done
expect_answer 403 '/run?id=1&ask=pause' -X POST
expect_answer 403 "/run?id=1&ask=pause&token=$token" -X POST

# ---- What it does not serve ----
mkdir runs
echo secret >runs/secret
for path in /runs /runs/secret /secret /../secret /./secret /%2e%2e/secret /..%2fsecret //secret //etc/passwd /etc/passwd \
    /page/index.html /index.html '/style.css/' '/style.css%00' '/%73tyle.css' '/style.css/../secret' '/?/../secret' \
    '/feed/../secret' '/run/secret' '/..\secret' '/%c0%ae%c0%ae/secret' '/style.css;x' 'file:///etc/passwd'; do
    got=$(watch_ask "/${path#/}") || fail "no answer to $path"
    [ "$got" = 404 ] || [ "$path" = '/?/../secret' ] || fail "the answer to $path is $got"
    expect_lacks answer secret root:
done
for path in '/run?id=x' '/run?id=-1' '/run?id=1e3' '/run?id=99999999999999999999' '/run?id=%31' '/run?id=1&from=-1' \
    '/run?id=1&wrong=-2' '/feed?since=now' '/search?id=1%00'; do
    expect_answer 400 "$path"
done
for ask in '' '&ask=' '&ask=delete' '&ask=PAUSE' '&ask=pause%00'; do
    expect_answer 400 "/run?id=1$ask" -X POST -H "Percept-Token: $token"
done
for method in PUT DELETE OPTIONS PATCH TRACE CONNECT BREW get; do
    expect_answer 405 /feed -X $method
    expect_contains head 'Allow: GET, HEAD, POST'
done
expect_answer 200 / --head
expect_answer 404 / -X POST -H "Percept-Token: $token"
expect_answer 404 /feed -X POST -H "Percept-Token: $token"

# ---- Too much, and nonsense ----
head -c 100000 /dev/zero | tr '\0' a >long
expect_answer 413 '/run?id=1&ask=stop' -X POST -H "Percept-Token: $token" --data-binary @long
expect_answer 413 '/run?id=1&ask=stop' -X POST -H "Percept-Token: $token" -H 'Transfer-Encoding: chunked' --data-binary @long
expect_answer 413 /feed -X GET --data-binary x
got=$(watch_ask "/$(head -c 60000 long)" || true)
[[ $got == 4* || $got == 000 ]] || fail "a long path is answered with $got"
got=$(watch_ask / -H "X-Long: $(head -c 60000 long)" || true)
[[ $got == 4* || $got == 000 ]] || fail "a long header is answered with $got"
# raw BYTES: what is answered to bytes that are no good request; the connection ends by itself or is left.
raw() {
    exec 4<>"/dev/tcp/127.0.0.1/$port"
    (printf "$1" >&4) 2>ignored || true # the other side may have heard enough
    timeout 60 cat <&4 >answer || fail "the connection stays open after $1"
    exec 4<&- 4>&-
}
raw 'GET / HTTP/1.0\r\n\r\n'
expect_contains answer ' 403 '
raw 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'
expect_contains answer ' 400 '
raw 'GET /secret\0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
expect_lacks answer ' 200 ' secret
raw 'GET /../secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
expect_contains answer ' 404 '
for twice in 'Host: localhost\r\nHost: evil.example' 'Host: evil.example\r\nHost: localhost' \
    'Host: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example' \
    'Host: localhost\r\nContent-Length: 0\r\nContent-Length: 5'; do
    raw "GET /feed HTTP/1.1\r\n$twice\r\nConnection: close\r\n\r\n"
    expect_contains answer ' 400 '
    expect_lacks answer token
done
raw '\x16\x03\x01\x02\x00\x01\r\n\r\n\r\n'
expect_lacks answer ' 200 '

# More connections than it takes of one client, held open and then left: memory stays bounded, and whoever is new is let in.
connections=()
for _ in $(seq 90); do # as many as are taken, and some of those that may wait
    exec {connection}<>"/dev/tcp/127.0.0.1/$port"
    (printf 'GET / HTTP/1.1\r\nHost: loc' >&"$connection") 2>ignored || true
    connections+=("$connection")
done
memory=$(awk '/VmRSS/ { print $2 }' "/proc/$server/status")
open=$(find "/proc/$server/fd" -lname 'socket:*' | wc -l)
expect_answer 200 /feed
for connection in "${connections[@]}"; do
    exec {connection}>&-
done
# 48 of one client, and up to 4 that are about to be closed; with the socket that listens.
[ "$open" -le 53 ] || fail "$open connections are open at once"
case $PERCEPT_BUILD in *asan* | *tsan*) ;; *) [ "$memory" -lt 100000 ] || fail "it takes $memory KB of memory" ;; esac
expect_answer 200 /feed

# ---- What it tells ----
watch_play begin first
run=$told
watch_play epochs 5
expect_answer 200 /feed
expect_json '.database and .runs.count == 1 and .runs.rows[0].name == "first" and .runs.rows[0].epoch == 5'
expect_json ".runs.live == [$run] and .runs.rows[0].state == \"running\" and .searches == []"
changed=$(jq '.runs.rows[0].updated * 1000 | floor' answer)
expect_answer 200 "/feed?since=$((changed + 1000000))"
expect_json '.runs.count == 1 and .runs.rows == []'
expect_answer 200 "/feed?since=$changed"
expect_json '.runs.rows | length == 1'
expect_answer 200 "/run?id=$run"
expect_json '.run.epochs == 60 and .run.recipe["train.epochs"] == 60 and .epochs.epoch == [0, 1, 2, 3, 4]'
expect_json '(.epochs.train_loss | length) == 5 and .epochs.test_loss[0] == null and .epochs.more == false and .wrong == null'
expect_answer 200 "/run?id=$run&from=3"
expect_json '.epochs.epoch == [3, 4]'
watch_play wrong 3
expect_answer 200 "/run?id=$run&from=5"
expect_json '.wrong.epoch == 4 and (.wrong.pictures | length) == 3 and .epochs.epoch == []'
jq -r '.wrong.pictures[0].pixels' answer | base64 -d >pixels
[ "$(stat -c %s pixels)" = 784 ] || fail "a picture has $(stat -c %s pixels) bytes"
expect_answer 200 "/run?id=$run&wrong=4"
expect_json '.wrong == null'
watch_play search
expect_answer 200 "/search?id=$told"
expect_json '.search.strategy == "halving" and .runs.count == 27 and .rungs[0].epochs == 1'
expect_json '[.runs.rows[].recipe["train.batch_size"]] | all(type == "number")'
latest=$(jq '[.runs.rows[].updated] | max * 1000 | floor' answer)
expect_answer 200 "/search?id=$told&since=$latest"
expect_json '.runs.count == 27 and (.runs.rows | length > 0)'
expect_json '[.runs.rows[].recipe["train.batch_size"]] | all(type == "number")'
expect_answer 200 /feed
expect_json '.runs.count == 1 and .searches[0].name == "lr-and-width" and .searches[0].best > 0.9'
expect_answer 404 '/run?id=999'
expect_json '.problem | test("no run 999")'
expect_answer 404 '/run'
expect_answer 404 '/search?id=9'

# Many epochs come in parts.
watch_play begin long
watch_play epochs 2500
expect_answer 200 "/run?id=$told"
expect_json '.epochs.more and (.epochs.epoch | length) == 2000'
expect_answer 200 "/run?id=$told&from=2000"
expect_json '.epochs.more == false and .epochs.epoch[0] == 2000 and .epochs.epoch[-1] == 2499'
long=$told

# ---- What is asked for arrives ----
for ask in pause none pause stop; do
    expect_answer 200 "/run?id=$long&ask=$ask" -X POST -H "Percept-Token: $token" -H "Origin: http://127.0.0.1:$port"
    watch_play request
    [ "$told" = $ask ] || fail "asked for $ask, the run saw $told"
done
# While another program writes, a button says so at once, and everybody else is served.
watch_play begin busy
busy=$told
watch_play lock
expect_answer 503 "/run?id=$busy&ask=stop" -X POST -H "Percept-Token: $token"
expect_json '.problem | test("try again")'
expect_answer 200 /feed
watch_play unlock
expect_answer 200 "/run?id=$busy&ask=stop" -X POST -H "Percept-Token: $token"
watch_play request
expect_answer 200 "/run?id=$long"
expect_json '.run.state == "interrupted"'
expect_answer 409 "/run?id=$long&ask=pause" -X POST -H "Percept-Token: $token"
expect_json '.problem | test("not in progress")'
for ask in pause none stop; do
    expect_answer 200 "/search?id=1&ask=$ask" -X POST -H "Percept-Token: $token"
    watch_play asked
    [ "$told" = $ask ] || fail "asked for $ask, the search saw $told"
done
[ ! -s watch.err ] || fail "it complains: $(cat watch.err)"

# ---- Its end ----
watch_stop INT
[ "$status" -eq 130 ] || fail "Ctrl-C ends it with status $status"
watch_start --port "$port"
[ "$address" = "http://127.0.0.1:$port" ] || fail "it does not listen at port $port"
expect_answer 200 /feed
[ "$(jq -r .token answer)" != "$token" ] || fail "the token is the same after a restart"
expect_answer 403 "/run?id=$run&ask=stop" -X POST -H "Percept-Token: $token"
expect_status 1 "$PERCEPT" watch --runs runs --port "$port"
expect_contains err "port $port" '--port'
watch_stop TERM
[ "$status" -eq 143 ] || fail "SIGTERM ends it with status $status"

# A database that is none is told on the page, and does not end the server.
mkdir other
echo nonsense >other/percept.db
watch_start --runs other
expect_answer 500 /feed
expect_json '.problem | test("percept.db")'
watch_stop

# --open calls the desktop's program with the address; without one it says where to go.
mkdir bin
mkfifo opened
printf '#!/bin/sh\necho "$1" >%s/opened\n' "$work" >bin/xdg-open
chmod +x bin/xdg-open
watch_path=$work/bin:$PATH
watch_start --open
read -r shown <opened
[ "$shown" = "$address/" ] || fail "the browser was shown $shown"
watch_stop
rm bin/xdg-open
watch_path=$work/bin
watch_start --open
expect_answer 200 /
watch_stop
expect_contains watch.err "$address"

expect_status 2 "$PERCEPT" watch --port 65536
expect_contains err '65535'
expect_status 2 "$PERCEPT" watch --port -1
expect_status 2 "$PERCEPT" watch --host example.org
expect_contains err '127.0.0.1'
expect_status 2 "$PERCEPT" watch runs
expect_status 0 "$PERCEPT" watch --help
expect_contains out '--port' '8765' '--host' 'ssh -L'
