#!/bin/bash
# The live page in a browser: it is there before anything else, follows a training that grows, its buttons act on processes,
# a restart of the server is overcome, the address keeps what is looked at, and it reads on a phone and a desk, light and
# dark.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/cli/watch.sh"
. "$SOURCE/tests/cli/browser.sh"
browser_start
training=
finish() {
    [ -z "$training" ] || kill "$training" 2>/dev/null || true
    watch_end
    browser_stop
    remove_work
}
watch_start
trap finish EXIT

text() { # text SELECTOR: what stands there
    browser_value "document.querySelector('$1')?.innerText"
}
press() { # press SELECTOR, or the button with these words
    browser_value "(document.querySelector('$1') ?? [...document.querySelectorAll('button, a')].find(b => b.innerText === '$1')).click()" >ignored
}
go() { # go HASH
    browser_value "location.hash = '$1'" >ignored
}
state_is() {
    browser_until "document.querySelector('.title .state')?.classList.contains('$1')"
}
quiet() { # the console is empty, and nothing but the server was asked
    [ -z "$(browser_complaints)" ] || fail "$1: $(browser_complaints)"
}
wide=0
click_at() { # click_at SELECTOR WHERE: presses the mouse within it, WHERE of its width from its left
    local place
    place=$(browser_value "(({left, top, width, height}) => [left + width * $2, top + height / 2])(document.querySelector('$1').getBoundingClientRect())")
    browser_tell Input.dispatchMouseEvent "$(jq -n --argjson at "$place" '{type: "mouseMoved", x: $at[0], y: $at[1]}')"
}

# ---- Before there is anything ----
browser_view 1280 900 light
browser_open "$address/"
browser_until 'document.querySelector("#connection").innerText === "live"'
expect_no_file runs
text .empty >said
expect_contains said 'percept train' 'runs'
quiet 'an empty page'

# ---- A training that appears, grows, waits and ends ----
"$PERCEPT" train --quiet --data circles --layers 2-8-2 --epochs 1000000 --out runs/real-one >train.out 2>train.err &
training=$!
browser_until 'document.querySelector(".runs a.name")?.innerText === "real-one"'
press '.runs a.name'
state_is running
browser_until 'document.querySelectorAll(".lines path").length >= 2'
length='document.querySelector(".lines path").getAttribute("d").length'
epoch='Number(document.querySelector(".tiles .value").innerText.split(" / ")[0])'
before=$(browser_value "$epoch")
browser_until "$epoch > $before + 10"
after=$(browser_value "$epoch")
browser_until "$epoch > $after + 10"
# What is known already is not sent again.
known='performance.getEntriesByType("resource").map(entry => new URL(entry.name)).filter(url => url.pathname === "/run")
    .map(url => Number(url.searchParams.get("from")))'
browser_value "$known" >known
jq -e '.[0] == 0 and ([range(1; length)] as $i | . as $all | all($i[]; $all[.] >= $all[. - 1])) and .[-1] > 10' known >ignored ||
    fail "epochs are asked for again: $(cat known)"

press Pause
state_is paused
browser_until '[...document.querySelectorAll("button")].some(b => b.innerText === "Continue" && b.checkVisibility())'
watch_ask '/run?id=1' >ignored
held=$(jq .run.epoch answer)
[ "$(jq -r .run.state answer)" = paused ] || fail "the run does not wait"
kill -0 "$training" || fail "the training ended instead of waiting"
browser_until "performance.getEntriesByType('resource').filter(entry => entry.name.includes('/run')).length > $(jq length known) + 2"
watch_ask '/run?id=1' >ignored
[ "$(jq .run.epoch answer)" = "$held" ] || fail "a run that waits goes on"
press Continue
state_is running
browser_until "$epoch > $held + 5"

# Stopping is asked about: no is no.
press Stop
browser_until 'document.querySelector("dialog").open'
text dialog >said
expect_contains said 'Stop real-one?'
press 'dialog [value=no]'
browser_until '!document.querySelector("dialog").open'
kill -0 "$training" || fail "it was stopped in spite of no"
press Stop
browser_until 'document.querySelector("dialog").open'
press 'dialog [value=yes]'
status=0
wait "$training" || status=$?
training=
[ "$status" -ne 0 ] || fail "the training was not stopped"
expect_file runs/real-one/checkpoint.safetensors
state_is interrupted
browser_until '[...document.querySelectorAll(".controls button")].every(b => !b.checkVisibility())'
quiet 'a training'

# ---- Many of them ----
watch_play scene
watch_play begin growing-004
growing=$told
watch_play epochs 14
watch_play wrong 12
watch_play search
go ''
browser_until 'document.querySelectorAll(".runs li").length === 8 && document.querySelectorAll(".searches li").length === 1'
[ "$(text '.runs .name')" = '"growing-004"' ] || fail "what runs does not come first: $(text '.runs .name')"
[ "$(browser_value '[...document.querySelectorAll(".name")].some(name => name.innerText === "names <b>with</b> & signs")')" = true ] ||
    fail "a name is not shown as it is"
browser_value 'const find = document.querySelector("input[type=search]"); find.value = "baseline"; find.dispatchEvent(new Event("input"))' >ignored
browser_until 'document.querySelectorAll(".runs li").length === 1 && location.hash === "#find=baseline"'
go ''
browser_until 'document.querySelectorAll(".runs li").length === 8'

# A picture's pixels are those of the database, and a grid of them stands on the page.
go "run=$growing"
browser_until 'document.querySelectorAll(".wrong canvas").length === 12'
painted='[...document.querySelectorAll(".wrong canvas")].every(c => c.width === 28 &&
    new Set(c.getContext("2d").getImageData(0, 0, 28, 28).data).size > 10)'
[ "$(browser_value "$painted")" = true ] || fail "the wrong pictures are not painted"

# The chart is read by pointer and by keys; the logarithmic axis and the view stay in the address.
where='document.querySelector(".chart .where").innerText'
browser_until "$where === 'epoch 13'"
click_at '.chart svg[tabindex]' 0.5
browser_until "$where !== 'epoch 13'"
browser_value 'document.querySelector(".chart svg[tabindex]").focus()' >ignored
for key in Home ArrowRight ArrowRight; do
    browser_tell Input.dispatchKeyEvent "{\"type\": \"keyDown\", \"key\": \"$key\"}"
done
browser_until "$where === 'epoch 2'"
linear=$(browser_value 'document.querySelector(".lines path").getAttribute("d")')
press '.chart .toggle input'
browser_until "location.hash.includes('log=1') && document.querySelector('.lines path').getAttribute('d') !== $linear"
quiet 'the runs'
: >browser.events
browser_tell Page.reload
browser_loaded
browser_until 'document.querySelector(".chart .toggle input")?.checked && document.querySelector("h1").innerText === "growing-004"'

# Ten thousand epochs come in parts, are drawn with few points, and are not asked for twice.
go 'run=6'
browser_until 'document.querySelector("h1").innerText === "deep-and-patient" && document.querySelector(".chart .where").innerText === "epoch 9999"'
[ "$(browser_value "$length < 40000")" = true ] || fail "ten thousand epochs are drawn point by point"

# ---- A search ----
go 'search=1'
state_is running
browser_until 'document.querySelectorAll("tbody tr").length === 27 && document.querySelectorAll(".plots figure").length >= 3 &&
    document.querySelector(".rungs").checkVisibility()'
figures='[...document.querySelectorAll("tbody tr")].map(row => parseFloat(row.children[2].innerText)).filter(Number.isFinite)'
[ "$(browser_value "$figures.every((value, i, all) => i === 0 || all[i - 1] >= value)")" = true ] || fail "the best is not first"
press 'th:nth-child(5) button'
browser_until 'document.querySelector("th:nth-child(5)").ariaSort === "ascending" && location.hash.includes("sort=")'
press 'th:nth-child(5) button'
browser_until 'document.querySelector("th:nth-child(5)").ariaSort === "descending"'
press Pause
watch_play asked
[ "$told" = pause ] || fail "the search was asked for $told"
state_is paused
press Continue
watch_play asked
state_is running

# ---- Comparison ----
go ''
browser_until 'document.querySelectorAll(".pick input").length === 8'
browser_value 'for (const i of [1, 2]) document.querySelectorAll(".pick input")[i].click()' >ignored
browser_until 'document.querySelector(".choice").checkVisibility()'
press Compare
browser_until 'document.querySelectorAll(".chart")[0].querySelectorAll(".legend li").length === 2 && document.querySelector("tbody tr")'
go 'run=999'
browser_until 'document.querySelector(".notice.bad").innerText.includes("no run 999")'

# ---- The server goes and comes back ----
go "run=$growing"
browser_until "$where === 'epoch 13'"
# A refused request is nothing to complain of, but the browser notes it: 404 above, and none answered from here on.
[ -z "$(browser_complaints | grep -v '^log: Failed to load resource' || true)" ] || fail "$(browser_complaints)"
watch_stop
browser_until 'document.querySelector("#connection").innerText.includes("gone")'
watch_play epochs 6
: >browser.events # a new server brings a new page
watch_start --port "${address##*:}"
trap finish EXIT
browser_loaded
browser_until "document.querySelector('#connection').innerText === 'live' && $where === 'epoch 19'"
press Pause
watch_play request
[ "$told" = pause ] || fail "after a restart the run was asked for $told"
state_is paused
press Continue
watch_play request
: >browser.events

# ---- Its looks ----
# The least contrast of words with what they lie on (WCAG 2.2).
contrast='(() => {
    const light = ([r, g, b]) => [[r, .2126], [g, .7152], [b, .0722]].reduce((sum, [c, w]) =>
        sum + w * (c / 255 <= .04045 ? c / 255 / 12.92 : ((c / 255 + .055) / 1.055) ** 2.4), 0);
    const numbers = text => text.startsWith("color(srgb") ? text.match(/[\d.]+/g).slice(0, 3).map(c => 255 * c) : text.match(/[\d.]+/g).map(Number);
    const ground = node => {
        for (; node; node = node.parentElement) {
            const colour = numbers(getComputedStyle(node).backgroundColor);
            if (colour.length === 3)
                return colour;
        }
    };
    let least = 21;
    for (const node of document.querySelectorAll("h1,h2,h3,p,a,b,dt,dd,td,th,summary,output,button:enabled,.label,.value,.note,.where,.time,.state span:not(.sign)")) {
        if (!node.checkVisibility() || node.innerText === "")
            continue;
        const [one, other] = [light(numbers(getComputedStyle(node).color)), light(ground(node))];
        least = Math.min(least, (Math.max(one, other) + .05) / (Math.min(one, other) + .05));
    }
    return least;
})()'
for view in "390 844 light" "390 844 dark" "1280 900 light" "1280 900 dark"; do
    read -r width height scheme <<<"$view"
    browser_view $width $height $scheme
    for page in "list " "run run=$growing" "search search=1" "compare compare=2,4,7"; do
        read -r name hash <<<"$page"
        go "$hash"
        browser_until "$([ $name = list ] && echo 'document.querySelectorAll(".runs li").length === 8' ||
            echo '[...document.querySelectorAll(".plot svg")].some(svg => svg.checkVisibility() && svg.querySelector(".axes"))')"
        browser_until '[...document.querySelectorAll(".plot svg")].every(svg => !svg.checkVisibility() || svg.clientWidth <= svg.parentElement.clientWidth)'
        wide=$(browser_value 'document.documentElement.scrollWidth')
        [ "$wide" -le $width ] || fail "$name is $wide pixels wide in a window of $width"
        [ "$(browser_value "$contrast >= 4.5")" = true ] || fail "$name, $view: contrast $(browser_value "$contrast")"
        mkdir -p "$PERCEPT_BUILD/screenshots"
        browser_shot "$PERCEPT_BUILD/screenshots/watch-$name-$width-$scheme.png" # for a person to look at
    done
done
ground='getComputedStyle(document.body).backgroundColor'
dark=$(browser_value "$ground")
browser_view 1280 900 light
[ "$(browser_value "$ground")" != "$dark" ] || fail "the page is as light in the dark"
# Who wants no motion sees none.
moves='getComputedStyle(document.querySelector(".state.running .sign")).animationName'
go ''
browser_until 'document.querySelector(".state.running .sign")'
[ "$(browser_value "$moves")" = '"breathe"' ] || fail "what runs does not breathe"
browser_tell Emulation.setEmulatedMedia '{"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}'
[ "$(browser_value "$moves")" = '"none"' ] || fail "it moves in spite of prefers-reduced-motion"
quiet 'the tour'
browser_stop
