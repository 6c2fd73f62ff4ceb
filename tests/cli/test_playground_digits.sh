#!/bin/bash
# The page on which one draws a digit, in a browser: it learns the pictures that come along, answers a stroke, shows its mistakes,
# takes files of MNIST, and refuses others in plain words. Screenshots are left in build/*/screenshots.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/cli/watch.sh"
. "$SOURCE/tests/cli/playground.sh"
. "$SOURCE/tests/cli/browser.sh"
need_playground
[ -f "$playground/digits.txt" ] || skip "the playground was built without the 8x8 digits (PERCEPT_DATA names the folder that holds digits.csv.gz)"
shots=$PERCEPT_BUILD/screenshots
mkdir -p "$shots"
playground_start
browser_start
trap 'browser_stop; watch_end; remove_work' EXIT

# draw X,Y...: a stroke through these places, in parts of the paper.
draw() {
    browser_value "(() => { const paper = document.getElementById('paper'), box = paper.getBoundingClientRect();
        paper.setPointerCapture = () => {};
        const points = [$(printf '[%s],' "$@")];
        const send = (type, [x, y]) => paper.dispatchEvent(new PointerEvent(type, {pointerId: 1, bubbles: true,
            clientX: box.left + x * box.width, clientY: box.top + y * box.height}));
        send('pointerdown', points[0]);
        points.forEach(point => send('pointermove', point));
        send('pointerup', points[points.length - 1]); })()" >/dev/null
}

browser_view 1280 1000 light
browser_open "$address/digits.html"
browser_until 'document.getElementById("source").textContent.includes("to learn from")'
expect_match <(text source) '1,617 to learn from, 180 for validation'

# ---- It learns, and answers a stroke ----
click run
browser_until 'document.getElementById("count-epoch").textContent === "40"'
browser_until 'document.getElementById("run").getAttribute("aria-pressed") === "false"'
awk -v score="$(text count-score)" 'BEGIN { exit !(score + 0 > 90) }' || fail "validation accuracy $(text count-score)"
draw .3,.22 .42,.15 .58,.15 .68,.25 .65,.38 .5,.47 .64,.54 .7,.66 .62,.8 .45,.86 .3,.78
browser_until '/^3 /.test(document.getElementById("answer-text").textContent)'
browser_value '[...document.querySelectorAll("#bars span")].reduce((sum, span) => sum + parseFloat(span.textContent), 0)' >sum
awk '{ exit !($1 > 99 && $1 < 101) }' sum || fail "the probabilities make $(cat sum) %"
[ "$(browser_value 'document.querySelectorAll("#units canvas").length')" = 64 ] || fail "not 64 units"
browser_shot "$shots/digits-light.png"
click clear
browser_until 'document.getElementById("answer-text").textContent === "–"'
draw .5,.1 .5,.3 .5,.5 .5,.7 .5,.9
browser_until '/^1 /.test(document.getElementById("answer-text").textContent)'

# ---- Mistakes ----
click look
browser_until '!document.getElementById("confusion").hidden'
total=$(browser_value '[...document.querySelectorAll("#confusion button")].reduce((sum, b) => sum + (parseInt(b.textContent) || 0), 0)')
[ "$total" = 180 ] || fail "the cells make $total examples"
browser_value 'document.querySelector("#confusion button.right:enabled").click()' >/dev/null
[ "$(browser_value 'document.querySelectorAll("#shown button").length > 5')" = true ] || fail "no pictures of a cell"
browser_value 'document.querySelector("#shown button").click()' >/dev/null
browser_until 'document.getElementById("answer-text").textContent !== "–"'

# ---- Other settings, and pictures from files ----
set_field hidden 16-12
browser_until 'document.querySelectorAll("#units canvas").length === 16'
set_field rate 0.1e
browser_until '!document.getElementById("problem").hidden'
expect_contains <(text problem) "train.learning_rate"
set_field rate 0.01
browser_until 'document.getElementById("problem").hidden'
choose() { # choose SCRIPT: a script that makes a list of files
    browser_value "(async () => { const data = new DataTransfer(), field = document.getElementById('files');
        for (const file of await ($1)) data.items.add(file);
        field.files = data.files; field.dispatchEvent(new Event('change', {bubbles: true})); })()" >/dev/null
}
idx='(sizes, value) => { const bytes = new Uint8Array(4 + 4 * sizes.length + sizes.reduce((a, b) => a * b, 1)), view = new DataView(bytes.buffer);
    view.setUint32(0, 0x800 + sizes.length); sizes.forEach((size, d) => view.setUint32(4 + 4 * d, size));
    for (let i = 4 + 4 * sizes.length; i < bytes.length; i++) bytes[i] = value(i - 4 - 4 * sizes.length); return bytes; }'
choose "[new File([($idx)([60, 28, 28], i => i * 7 % 256)], 'train-images'),
    new File([await new Response(new Blob([($idx)([60], i => i % 10)]).stream().pipeThrough(new CompressionStream('gzip'))).blob()], 'labels.gz')]"
browser_until 'document.getElementById("source").textContent.includes("60 pictures of train-images")'
browser_until 'document.getElementById("seen-text").textContent.includes("28 × 28")'
choose "[new File(['no pictures'], 'letter.txt')]"
browser_until '!document.getElementById("problem").hidden'
expect_contains <(text problem) 'letter.txt is no IDX file'
choose "[new File([($idx)([3, 28, 28], i => 0)], 'alone')]"
browser_until 'document.getElementById("problem").textContent.includes("no pictures with their labels")'

# ---- Dark, on a phone ----
browser_view 390 844 dark
[ "$(browser_value 'document.documentElement.scrollWidth <= 390')" = true ] || fail "the page is wider than a phone"
browser_shot "$shots/digits-dark.png"
browser_complaints | grep -vF "asks for $address/" >complaints || true
[ ! -s complaints ] || fail "the browser complains: $(cat complaints)"
[ ! -s watch.err ] || fail "the server complains: $(cat watch.err)"
