#!/bin/bash
# The page and the pictures of a search: every trial is there, what was lost is told in words, and pages stay small.
. "$(dirname "$0")/lib.sh"
make_search=${PERCEPT_BUILD:?}/tests/search_fixture

# ---- A page without pictures ----
"$make_search" runs/some 40 halving
expect_status 0 "$PERCEPT" report runs/some --no-plot
page=runs/some/report.html
expect_contains out "report    $page"
[ "$(tail -n 1 "$page")" = "</html>" ] || fail "$page is not whole"
expect_lacks "$page" 'src="http' 'href="http' "url(" "@import" "nan" "(null)" "<img"
expect_lines <(grep '<script>' "$page") 1
expect_contains "$page" '<h1>some</h1>' 'a search (halving) of 40 trials' '4 diverged, 3 failed' 'learning_rate' \
    'hidden layers' 'scale: log' 'stopped at a rung' 'went on'
rows() { grep -o '<tr class="[a-z]*"><td class="plain">.*' "$1"; }
expect_lines <(rows "$page") 40
expect_lines <(rows "$page" | grep '^<tr class="bad"') 7
[ "$(rows "$page" | grep -n '^<tr class="good"' | cut -d : -f 1)" = 1 ] || fail "the best is not the first, or alone"
# The table stands in order without the script: finished trials, the others, the lost.
rows "$page" | grep -o '>[0-9.]* %<' | tr -d '>%< ' >figures
expect_lines figures 33
finished=$(rows "$page" | grep -c '>done<')
head -n "$finished" figures | sort -rnc || fail "the finished are not in order"
tail -n +$((finished + 1)) figures | sort -rnc || fail "those that were stopped are not in order"

# ---- Refusals ----
expect_status 1 "$PERCEPT" plot runs/some curves
expect_contains err "is the folder of a search; its kinds are parallel, keys and rungs"
expect_status 1 "$PERCEPT" plot runs parallel
expect_contains err "no space.yaml"
mkdir -p elsewhere
cp -r runs/some elsewhere/some
expect_status 1 "$PERCEPT" report elsewhere/some
expect_contains err "elsewhere/percept.db"

# ---- Pictures ----
need_command gnuplot
"$make_search" runs/plain 24
"$make_search" runs/many 1000
for kind in parallel keys rungs; do
    expect_status 0 "$PERCEPT" plot runs/some $kind
    expect_same out <(printf 'runs/some/plots/%s.%s\n' $kind svg $kind png)
    expect_file runs/some/plots/$kind.{svg,png,gp,csv}
done
expect_contains runs/some/plots/parallel.svg ">learning_rate<" ">hidden layers<" ">validation accuracy (%)<" ">adam<" \
    ">128-64<" ">the best<" "7 diverged or failed"
expect_contains runs/some/plots/keys.svg ">train.batch_size<" ">0.001<" ">sgd<" "stopped before the last epoch"
expect_contains runs/some/plots/rungs.svg "33 → " ">16<"
expect_status 1 "$PERCEPT" plot runs/plain rungs
expect_contains err "no successive halving"
expect_status 0 "$PERCEPT" report runs/plain
expect_lines <(grep -o '<img' runs/plain/report.html) 2
expect_status 0 "$PERCEPT" report runs/some
expect_lines <(grep -o '<img' runs/some/report.html) 3
expect_status 0 "$PERCEPT" report runs/many
expect_lines <(rows runs/many/report.html) 1000
[ "$(wc -c <runs/many/report.html)" -lt 4000000 ] || fail "the page of 1000 trials is too large"

# ---- A search that has just begun ----
"$make_search" runs/empty 0
expect_status 0 "$PERCEPT" report runs/empty
expect_contains runs/empty/report.html "0 trials" "No trial has been trained to its end"
"$make_search" runs/one 1
expect_status 0 "$PERCEPT" report runs/one
expect_contains runs/one/report.html "1 trial: 1 finished"
