#!/bin/bash
# The playground's server: its files and nothing else, whom it refuses, and what it says where there is no playground.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/cli/watch.sh"
. "$SOURCE/tests/cli/playground.sh"

expect_answer() {
    local expected=$1 got
    shift
    got=$(watch_ask "$@") || fail "no answer to $*"
    [ "$got" = "$expected" ] || fail "the answer to $* is $got, not $expected: $(head -c 300 answer)"
}

# ---- No playground ----
for folder in /nowhere empty; do
    mkdir -p empty
    PERCEPT_PLAYGROUND=$folder expect_status 1 "$PERCEPT" playground --port 0
    expect_lines err 1
done
expect_contains err 'percept.wasm' 'make playground'
cp "$PERCEPT" empty/percept # with nothing beside it
expect_status 1 empty/percept playground --port 0
expect_contains err 'built without the playground' 'make playground' PERCEPT_PLAYGROUND
expect_status 2 "$PERCEPT" playground --port 70000

# ---- Its files ----
mkdir -p site/inner
echo '<!doctype html>' >site/index.html
printf '\0asm' >site/percept.wasm
echo 'const x = 1;' >site/main.js
echo secret >site/secret
echo secret >site/inner/secret.js
export PERCEPT_PLAYGROUND=$work/site
expect_status 2 "$PERCEPT" playground --host example.org
playground_start
expect_answer 200 /
expect_contains answer '<!doctype html>'
expect_contains head "default-src 'none'" "'wasm-unsafe-eval'" "frame-ancestors 'none'" "require-trusted-types-for 'script'" \
    'X-Content-Type-Options: nosniff' 'Cache-Control: no-store' 'Content-Type: text/html; charset=utf-8'
expect_lacks head "'unsafe-" 'Access-Control'
expect_answer 200 /percept.wasm
expect_contains head 'Content-Type: application/wasm'
expect_same answer site/percept.wasm
expect_answer 200 /main.js
expect_contains head 'Content-Type: text/javascript'
for path in /secret /inner/secret.js /inner /../secret /%73ecret /main.js/ /index.html /feed '/run?id=1' '/search?id=1' /style.css \
    //etc/passwd; do
    expect_answer 404 "$path"
    expect_lacks answer secret root:
done

# ---- Whom it refuses ----
port=${address##*:}
for host in evil.example "evil.example:$port" "localhost.evil.example:$port" 192.168.0.1; do
    expect_answer 403 / -H "Host: $host"
done
for origin in null http://evil.example "https://127.0.0.1:$port"; do
    expect_answer 403 /main.js -H "Origin: $origin"
done
expect_answer 403 / -X POST
expect_answer 403 '/run?id=1&ask=stop' -X POST
expect_answer 405 / -X DELETE
expect_answer 413 / -X GET --data x

# The files are those of the start: what comes later is not served.
echo 'late' >site/late.js
echo 'const x = 2;' >site/main.js
expect_answer 404 /late.js
expect_answer 200 /main.js
expect_contains answer 'x = 1'
[ ! -s watch.err ] || fail "it complains: $(cat watch.err)"
watch_stop INT
[ "$status" = 130 ] || fail "it ended with $status"
