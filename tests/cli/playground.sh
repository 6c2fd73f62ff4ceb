# A server of the playground. To be sourced behind lib.sh and watch.sh, whose watch_ask and watch_stop it shares.
#
#   playground_start [FLAG...]  percept playground; `address` is where it is, without the last slash, `server` its process
#   need_playground             skips the test where `make playground` has built none beside the program; `playground` is its folder

playground_start() {
    mkfifo playground.out
    PATH=${watch_path:-$PATH} "$PERCEPT" playground --port 0 "$@" >playground.out 2>watch.err &
    server=$!
    read -r address <playground.out || fail "no address was printed: $(cat watch.err)"
    rm playground.out
    address=${address%/}
    trap 'watch_end; remove_work' EXIT
}

need_playground() {
    playground=$(dirname "$PERCEPT")/../playground
    [ -f "$playground/percept.wasm" ] || skip "there is no playground beside the program (make playground, which needs emscripten)"
}

# On a page of the playground in a browser (browser.sh): the text of an element, a click, and a value as a person types it.
text() { browser_value "document.getElementById('$1').textContent" | jq -r .; }
click() { browser_value "document.getElementById('$1').click()" >/dev/null; }
set_field() {
    browser_value "(() => { const field = document.getElementById('$1'); field.value = '$2';
        field.dispatchEvent(new Event(field.type === 'range' ? 'input' : 'change', {bubbles: true})); })()" >/dev/null
}
