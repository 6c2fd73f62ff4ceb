# A headless Chromium for tests, without a network, driven through its debugging pipe (Chrome DevTools Protocol: JSON
# messages, a NUL byte behind each). To be sourced behind lib.sh; needs the commands chromium and jq.
#
#   browser_start               skips the test where no browser is there
#   browser_view WIDTH HEIGHT [light|dark]
#   browser_open FILE           and waits until it is loaded
#   browser_value EXPRESSION    prints what JavaScript says of the page, as JSON
#   browser_shot FILE.png       the whole page
#   browser_print FILE.pdf
#   browser_complaints          what the page asked of the network, and what stands in its console, a line each
#   browser_stop

# Seconds within which the browser answers anything. A patience, not a measure.
BROWSER_PATIENCE=120

browser_start() {
    local program
    program=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
        skip "there is no browser (package chromium)"
    need_command jq
    mkfifo browser.in browser.out
    # The root of a container may not make sandboxes; the page is our own. No name is resolved: there is no network.
    "$program" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-extensions \
        --disable-background-networking --disable-component-update --host-resolver-rules='MAP * ~NOTFOUND' \
        --user-data-dir="$work/browser" --remote-debugging-pipe about:blank \
        3<browser.in 4>browser.out >/dev/null 2>browser.err &
    browser=$!
    exec 7>browser.in 8<browser.out
    trap 'browser_stop; rm -rf "$work"' EXIT
    browser_number=0
    browser_session=
    : >browser.events
    local target
    target=$(browser_ask Target.createTarget '{"url": "about:blank"}' | jq -r .targetId)
    browser_number=1
    browser_session=$(browser_ask Target.attachToTarget "{\"targetId\": \"$target\", \"flatten\": true}" |
        jq -r .sessionId)
    browser_number=2
    local domain
    for domain in Page Network Log Runtime; do
        browser_tell "$domain.enable"
    done
}

browser_stop() {
    [ -n "${browser:-}" ] || return 0
    exec 7>&- 8<&-
    kill "$browser" 2>/dev/null || true
    wait "$browser" 2>/dev/null || true
    browser=
}

# browser_next: the next message, in `message`; events are kept.
browser_next() {
    IFS= read -r -d '' -t $BROWSER_PATIENCE message <&8 || fail "the browser says nothing more"
    case $message in
    '{"id":'*) ;;
    *) printf '%s\n' "$message" >>browser.events ;;
    esac
}

# browser_ask METHOD [PARAMETERS]: prints the result. browser_tell counts the messages; this one may run in a subshell.
browser_ask() {
    local parameters=${2:-'{}'} session=
    [ -z "$browser_session" ] || session=", \"sessionId\": \"$browser_session\""
    browser_number=$((browser_number + 1))
    printf '{"id": %d, "method": "%s", "params": %s%s}\0' $browser_number "$1" "$parameters" "$session" >&7
    while browser_next; do
        case $message in
        "{\"id\":$browser_number,"*) break ;;
        esac
    done
    case $message in
    "{\"id\":$browser_number,\"error\":"*) fail "the browser refused $1: $message" ;;
    esac
    printf '%s' "$message" | jq -c .result
}
browser_tell() {
    browser_ask "$@" >browser.answer
}

browser_view() {
    browser_tell Emulation.setDeviceMetricsOverride \
        "{\"width\": $1, \"height\": $2, \"deviceScaleFactor\": 1, \"mobile\": $([ "$1" -lt 600 ] && echo true || echo false)}"
    browser_tell Emulation.setEmulatedMedia \
        "{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"${3:-light}\"}]}"
}

browser_open() {
    local path
    path=$(jq -rn --arg path "$(realpath "$1")" '$path | split("/") | map(@uri) | join("/")')
    : >browser.events
    browser_tell Page.navigate "{\"url\": \"file://$path\"}"
    until grep -q '"method":"Page.loadEventFired"' browser.events; do
        browser_next
    done
}

browser_value() {
    browser_tell Runtime.evaluate "$(jq -n --arg expression "$1" \
        '{expression: $expression, returnByValue: true, awaitPromise: true}')"
    jq -e 'has("exceptionDetails") | not' browser.answer >/dev/null || fail "$(cat browser.answer)"
    jq -c .result.value browser.answer
}

browser_shot() {
    browser_tell Page.captureScreenshot '{"captureBeyondViewport": true}'
    jq -r .data browser.answer | base64 -d >"$1"
}

browser_print() {
    browser_tell Page.printToPDF '{"preferCSSPageSize": true, "printBackground": false}'
    jq -r .data browser.answer | base64 -d >"$1"
}

browser_complaints() {
    jq -r 'if .method == "Network.requestWillBeSent" and (.params.request.url | test("^(file|data):") | not)
           then "asks for " + .params.request.url
           elif .method == "Log.entryAdded" then "log: " + .params.entry.text
           elif .method == "Runtime.exceptionThrown" then "exception: " + .params.exceptionDetails.text
           elif .method == "Runtime.consoleAPICalled" then "console: " + .params.type
           else empty end' browser.events
}
