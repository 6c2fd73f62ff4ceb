#!/bin/bash
# The playground in a browser: its controls do what they say, its recipe gives the same losses on the command line, and nothing
# stands in the console. Screenshots are left in build/*/screenshots.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/cli/watch.sh"
. "$SOURCE/tests/cli/playground.sh"
. "$SOURCE/tests/cli/browser.sh"
need_playground
shots=$PERCEPT_BUILD/screenshots
mkdir -p "$shots"
playground_start
browser_start
trap 'browser_stop; watch_end; remove_work' EXIT

ready='document.querySelectorAll(".unit").length > 0 && document.getElementById("yaml").textContent !== ""'

# ---- The first look ----
browser_view 1280 900 light
browser_open "$address/"
browser_until "$ready"
[ "$(text count-epoch)" = 0 ] || fail "it begins at epoch $(text count-epoch)"
[ "$(browser_value 'document.querySelectorAll(".unit").length')" = 14 ] || fail "not 2 + 6 + 4 + 2 boxes"
browser_value '[...document.querySelectorAll("button, input, select")].filter(c => !(c.ariaLabel || c.textContent.trim() ||
    c.closest("label"))).length' >unnamed
[ "$(cat unnamed)" = 0 ] || fail "$(cat unnamed) controls have no name"

# ---- Step, epoch ----
click epoch
browser_until 'document.getElementById("count-epoch").textContent === "1"'
click step
browser_until 'document.getElementById("unit-text").textContent !== ""'
for _ in 2 3; do
    epoch=$(text count-epoch)
    click epoch
    browser_until "document.getElementById('count-epoch').textContent !== '$epoch'"
done

# ---- What the page shows is what the command line computes ----
text yaml >recipe.yaml
expect_contains recipe.yaml 'name: circles' 'layers: 2-6-4-2' 'epochs: 3'
PERCEPT_ISA=plain expect_status 0 "$PERCEPT" train recipe.yaml --quiet --no-plot --out run
for column in train_loss valid_loss; do
    value=$(awk -F, -v name=$column 'NR == 1 {for (i = 1; i <= NF; i++) if ($i == name) at = i} END {printf "%.3f", $at}' run/metrics.csv)
    expect_contains <(text loss-legend) "$value"
done

# ---- Settings, layers, links ----
click layer-more
browser_until 'document.querySelectorAll(".unit").length === 18'
browser_value 'document.querySelector(".layer [aria-label=\"One unit more in layer 1\"]").click()' >/dev/null
browser_until 'document.querySelectorAll(".unit").length === 19'
browser_value 'document.querySelector("#datasets input[value=spirals]").click()' >/dev/null
set_field classes 3
set_field init zeros
set_field activation relu
set_field rate 0.05
set_field dropout 0.1
set_field normalize batch
set_field optimizer sgd
set_field seed 42
browser_until 'document.getElementById("yaml").textContent.includes("layers: 2-7-4-4-3")'
browser_until 'document.getElementById("yaml").textContent.includes("seed: 42")'
text yaml >recipe.yaml
expect_contains recipe.yaml 'seed: 42' 'name: spirals' 'class_count: 3' 'activation: relu' 'init: zeros' 'dropout: 0.1' 'normalize: batch' \
    'optimizer: sgd' 'learning_rate: 0.05'
expect_status 0 "$PERCEPT" train recipe.yaml --quiet --no-plot --out spirals
link=$(browser_value location.hash | jq -r .)
echo "$link" >link
expect_contains link data=spirals classes=3 hidden=7-4-4 init=zeros seed=42
browser_open "$address/?again$link"
browser_until "$ready"
[ "$(text yaml)" = "$(cat recipe.yaml)" ] || fail "the link does not hold everything"

# ---- Zeros do not learn: every hidden unit is dead ----
browser_until 'document.querySelectorAll(".unit.dead").length === 15'

# ---- What is not allowed changes nothing; what fails is said ----
set_field rate -1
[ "$(browser_value 'document.getElementById("rate").getAttribute("aria-invalid")')" = '"true"' ] || fail "a rate of -1 is taken"
browser_open "$address/?third#data=<b>&hidden=1e9&rate=x&examples=7&speed=100&init=normal&initScale=1000&optimizer=sgd&rate=1000&activation=identity"
browser_until "$ready"
click run
browser_until '!document.getElementById("problem").hidden'
expect_contains <(text problem) 'the loss'
click restart
browser_until 'document.getElementById("problem").hidden'

# ---- A table of one's own ----
browser_open "$address/?own#data=own&table=$(printf 'x,y,size,kind\n%s' "$(for i in 1 2 3 4 5 6 7 8 9; do
    printf '%d,%d,%d,%s\n' $((i * 5 % 11)) $((i * i % 7)) $((i * 3 % 5)) "$([ $((i % 2)) = 0 ] && echo even || echo odd)"; done)" | jq -sRr @uri)"
browser_until "$ready"
expect_match <(text yaml) '^  layers: 3-6-4-2$'
[ "$(browser_value 'document.getElementById("axes").hidden')" = false ] || fail "the axes cannot be chosen"
set_field up 2
browser_until 'location.hash.includes("up=2")'
set_field kind numbers
set_field predict size
browser_until 'document.getElementById("yaml").textContent.includes("targets: size")'
browser_until 'document.getElementById("word-score").textContent === "R²"'
set_field table 'x,y,class\n1,2,a\n3,inf,b\n'
browser_until '!document.getElementById("problem").hidden'
# Nothing trains on what was refused, and the reason stays.
click run
[ "$(browser_value 'document.getElementById("run").getAttribute("aria-pressed")')" = '"false"' ] || fail "it trains on an earlier table"
[ "$(browser_value 'document.getElementById("problem").hidden')" = false ] || fail "the reason is gone"
# Names are text, and classes may outnumber the colours; what cannot be drawn is refused.
set_field kind classes
set_field predict ''
set_field table "<img src=x>,y,<b>class\\n$(for i in {1..48}; do printf '%d,%d,<i>k%d</i>\\n' $((i * 5 % 11)) "$i" $((i % 12)); done)"
browser_until 'document.getElementById("problem").hidden && document.getElementById("legend").textContent.includes("<i>k11</i>")'
click epoch
browser_until 'document.getElementById("count-epoch").textContent === "1"'
set_field table "x,y,class\\n$(for i in {1..202}; do printf '%d,%d,k%d\\n' $((i * 5 % 11)) "$i" $((i % 101)); done)"
browser_until 'document.getElementById("problem").textContent.includes("101 classes")'
browser_open "$address/?points"
browser_until "$ready"
browser_value 'document.querySelector("#datasets input[value=own]").click()' >/dev/null
browser_until 'document.getElementById("yaml").textContent.includes("points.csv")'
set_field brush c
browser_value 'document.getElementById("plane").dispatchEvent(new MouseEvent("click", {clientX: 1100, clientY: 200, bubbles: true}))' >/dev/null
browser_until 'document.getElementById("table").value.trim().endsWith(",c")'

# ---- A surface ----
browser_open "$address/?hills#data=hills&hidden=8&speed=20&rate=0.03"
browser_until "$ready"
click run
browser_until 'Number(document.getElementById("count-epoch").textContent) >= 3'
click run

# ---- Inside ----
click landscape-measure
browser_until 'document.getElementById("landscape-text").textContent.includes("in the middle")'
click gradient-check
browser_until 'document.getElementById("check-text").textContent.includes("derivatives")'
text check-text >checked
expect_contains checked '33 derivatives'
expect_lacks checked WRONG
browser_shot "$shots/playground-hills.png"

# ---- It runs, and looks well at each width ----
for look in '1280 900 light' '1280 900 dark' '390 844 light' '390 844 dark'; do
    read -r width height scheme <<<"$look"
    browser_view "$width" "$height" "$scheme"
    browser_open "$address/?$width$scheme#data=spirals&hidden=8-6&speed=100&noise=0.05&rate=0.03"
    browser_until "$ready"
    click run
    browser_until 'Number(document.getElementById("count-epoch").textContent) >= 40'
    click run
    browser_until 'document.getElementById("run").getAttribute("aria-pressed") === "false"'
    [ "$(browser_value 'document.documentElement.scrollWidth <= innerWidth')" = true ] || fail "at $width it is wider than the window"
    browser_shot "$shots/playground-$width-$scheme.png"
done
browser_complaints | grep -vF "asks for $address/" >complaints || true
[ ! -s complaints ] || fail "the browser complains: $(cat complaints)"
[ ! -s watch.err ] || fail "the server complains: $(cat watch.err)"
