# A headless Chromium for tests, without a network, driven through its debugging pipe (Chrome DevTools Protocol: JSON
# messages, a NUL byte behind each). To be sourced behind lib.sh; needs the commands chromium and jq.
#
#   browser_start               skips the test where no browser is there
#   browser_view WIDTH HEIGHT [light|dark]
#   browser_open FILE           and waits until it is loaded; the same with an address, http://127.0.0.1:…
#   browser_loaded              waits until a page is loaded whose loading began since `: >browser.events`
#   browser_value EXPRESSION    prints what JavaScript says of the page, as JSON
#   browser_until EXPRESSION    waits until it is true of the page
#   browser_shot FILE.png       the whole page
#   browser_print FILE.pdf
#   browser_complaints          what the page asked of the network, and what stands in its console, a line each
#   browser_stop

# Seconds within which the browser answers anything. A patience, not a measure.
BROWSER_PATIENCE=120

# Sorts what the browser says: the answer goes to browser.message, events are added to browser.events; on standard output
# a short line for each, since bash reads a pipe byte by byte.
browser_sort='
    $| = 1;
    while (defined(my $message = <STDIN>)) {
        chomp $message;
        my $answer = $message =~ /^\{"id":(\d+)/ ? $1 : "event";
        open(my $file, $answer eq "event" ? ">>browser.events" : ">browser.message") or die;
        print $file "$message\n";
        close $file;
        print "$answer\n";
    }'

browser_start() {
    local program domain
    program=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
        skip "there is no browser (package chromium)"
    need_command jq
    need_command perl
    mkfifo browser.in browser.out browser.told
    # The root of a container may not make sandboxes; the page is our own. No name is resolved: there is no network but for
    # a server of the test's own.
    "$program" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --disable-extensions \
        --disable-background-networking --disable-component-update --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE 127.0.0.1' \
        --user-data-dir="$work/browser" --remote-debugging-pipe about:blank \
        3<browser.in 4>browser.out >/dev/null 2>browser.err &
    browser=$!
    perl -0 -e "$browser_sort" <browser.out >browser.told &
    exec 7>browser.in 8<browser.told
    trap 'browser_stop; remove_work' EXIT
    browser_number=0
    browser_session=
    : >browser.events
    browser_tell Target.createTarget '{"url": "about:blank"}'
    browser_tell Target.attachToTarget "{\"targetId\": $(jq .targetId browser.answer), \"flatten\": true}"
    browser_session=$(jq -r .sessionId browser.answer)
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

# browser_next: waits for the next message; `told` is its number, or "event".
browser_next() {
    read -r -t $BROWSER_PATIENCE told <&8 || fail "the browser says nothing more"
}

# browser_tell METHOD [PARAMETERS]: the result is in browser.answer. In a subshell, as of $(browser_value ...), the number is
# used again later; one question is open at a time, so that does not matter.
browser_tell() {
    local parameters=${2:-'{}'} session=
    [ -z "$browser_session" ] || session=", \"sessionId\": \"$browser_session\""
    browser_number=$((browser_number + 1))
    printf '{"id": %d, "method": "%s", "params": %s%s}\0' $browser_number "$1" "$parameters" "$session" >&7
    until browser_next && [ "$told" = $browser_number ]; do :; done
    jq -e -c .result browser.message >browser.answer || fail "the browser refused $1: $(cat browser.message)"
}

browser_view() {
    local mobile=false
    [ "$1" -ge 600 ] || mobile=true
    browser_tell Emulation.setDeviceMetricsOverride \
        "{\"width\": $1, \"height\": $2, \"deviceScaleFactor\": 1, \"mobile\": $mobile}"
    browser_tell Emulation.setEmulatedMedia \
        "{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"${3:-light}\"}]}"
}

browser_open() {
    local address=$1
    browser_own=$address
    case $address in
    http://127.0.0.1:*) browser_own=${address%%#*} ;;
    *) address=file://$(jq -rn --arg path "$(realpath "$1")" '$path | split("/") | map(@uri) | join("/")') ;;
    esac
    : >browser.events
    browser_tell Page.navigate "$(jq -n --arg url "$address" '{url: $url}')"
    browser_loaded
}

browser_loaded() {
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

browser_until() {
    browser_value "new Promise(resolve => {
        const end = Date.now() + 1000 * ($BROWSER_PATIENCE - 30);
        const look = () => ($1) ? resolve(true) : Date.now() > end ? resolve(false) : setTimeout(look, 50);
        look();
    })" >browser.until
    [ "$(cat browser.until)" = true ] ||
        fail "this never becomes true: $1; the page says: $(browser_value 'document.body.innerText' | head -c 1500)"
}

browser_shot() {
    browser_tell Page.captureScreenshot '{"captureBeyondViewport": true}'
    jq -r .data browser.answer | base64 -d >"$1"
}

browser_print() {
    browser_tell Page.printToPDF '{"preferCSSPageSize": true}'
    jq -r .data browser.answer | base64 -d >"$1"
}

browser_complaints() {
    jq -r --arg own "$browser_own" 'if .method == "Network.requestWillBeSent" and
               (.params.request.url | (startswith($own) or test("^(file|data):")) | not)
           then "asks for " + .params.request.url
           elif .method == "Log.entryAdded" then "log: " + .params.entry.text
           elif .method == "Runtime.exceptionThrown" then "exception: " + .params.exceptionDetails.text
           elif .method == "Runtime.consoleAPICalled" then "console: " + .params.type
           else empty end' browser.events
}
