#!/bin/bash
# The page of a search in a browser: it complains of nothing, fits a phone and a desk, light and dark, and a click on a
# heading sorts the table.
. "$(dirname "$0")/lib.sh"
. "$SOURCE/tests/cli/browser.sh"
need_command gnuplot
browser_start
"${PERCEPT_BUILD:?}/tests/search_fixture" runs/some 60 halving
expect_status 0 "$PERCEPT" report runs/some
page=runs/some/report.html

for view in "390 844 light" "390 844 dark" "1280 900 light" "1280 900 dark"; do
    read -r width height scheme <<<"$view"
    browser_view $width $height $scheme
    browser_open "$page"
    [ -z "$(browser_complaints)" ] || fail "$view: $(browser_complaints)"
    [ "$(browser_value '[...document.images].filter(i => i.naturalWidth > 0).length')" = 3 ] || fail "$view: no pictures"
    wide=$(browser_value 'document.documentElement.scrollWidth')
    [ "$wide" -le $width ] || fail "the page is $wide pixels wide in a window of $width"
    mkdir -p "$PERCEPT_BUILD/screenshots"
    browser_shot "$PERCEPT_BUILD/screenshots/search-$width-$scheme.png"
done

column() { # column NAME: the cells of a column, one a line
    browser_value "(() => {
        const table = document.querySelector('table.sortable');
        const c = [...table.tHead.rows[0].cells].findIndex(head => head.textContent === '$1');
        return [...table.tBodies[0].rows].map(row => row.cells[c].lastChild?.textContent ?? '').join('\\n');
    })()" | jq -r .
}
sort_by() { # sort_by NAME
    browser_value "[...document.querySelectorAll('.sortable button')].find(b => b.textContent === '$1').click()" >ignored
}
browser_view 1280 900 light
browser_open "$page"
expect_lines <(column trial) 60
sort_by train.learning_rate
column train.learning_rate | sort -gc || fail "numbers are not sorted"
sort_by train.learning_rate
column train.learning_rate | sort -grc || fail "a second click does not turn the order round"
sort_by "hidden layers"
expect_same <(column "hidden layers" | uniq) <(printf '64\n128-64\n256-128\n')
sort_by "validation accuracy"
column "validation accuracy" | grep . | sed 's/ %//' | sort -gc || fail "figures are not sorted"
[ -z "$(column "validation accuracy" | tail -n 1)" ] || fail "trials without a figure do not come last"
sort_by trial
column trial | sort -nc || fail "trials are not sorted"
[ "$(browser_value 'document.querySelectorAll("[aria-sort]").length')" = 1 ] || fail "it is not told what is sorted by"
[ -z "$(browser_complaints)" ] || fail "$(browser_complaints)"
browser_stop
