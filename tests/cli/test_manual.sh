#!/bin/bash
# Manual pages say what help says, are sound roff, and show nothing odd on a terminal; the build has made one of each.
. "$(dirname "$0")/lib.sh"
expect_status 0 "$PERCEPT" help --list
cp out pages
while read -r name words; do
    page=$(echo "$name $words" | sed 's/ *$//; s/ /-/g')
    expect_status 0 "$PERCEPT" help --man $words
    expect_lines err 0
    cp out "$page.1"
    expect_contains "$page.1" ".SH NAME" "${page//-/\\-} \\- " ".SH SYNOPSIS" ".SH DESCRIPTION" ".SH EXAMPLES"
    # All flags, keys and commands of the help, each as an entry of its own.
    expect_status 0 "$PERCEPT" help --help-all $words
    for word in $(sed '1,/^\(Flags\|Commands\)$/d' out | grep -oE '^  [a-z0-9_.-]+'); do
        expect_contains "$page.1" "\\fB${word//-/\\-}\\fR"
    done
    expect_same <(LC_ALL=C tr -d '\11\12\40-\176' <"$page.1") /dev/null # ASCII: other signs are named
    if command -v mandoc >/dev/null; then
        # A date would have to be that of a build.
        mandoc -T lint -W warning "$page.1" 2>&1 | grep -v 'missing date' >err || true
        expect_lines err 0
    fi
    if command -v groff >/dev/null; then
        groff -man -ww -Tutf8 "$page.1" >out 2>err || fail "groff does not take $page.1"
        expect_lines err 0
    fi
done <pages
[ "$(ls *.1 | wc -l)" -eq "$(wc -l <pages)" ] || fail "some pages have one name"
expect_contains percept-train.1 '\[u2265]' # ≥
expect_contains percept-data-list.1 "percept(1)," "percept\\-data(1)"
for form in "data help --man info" "help data --man info" "help data info --man"; do
    expect_status 0 "$PERCEPT" $form
    expect_same out percept-data-info.1
done
expect_contains percept.1 "percept\\-train(1)"

# ---- What the build made ----
share=${PERCEPT_BUILD:-/none}/share
[ -d "$share" ] || skip "PERCEPT_BUILD names no build with pages"
for page in *.1; do
    expect_same "$page" "$share/man/man1/$page"
done
"$PERCEPT" completion bash | cmp - "$share/bash-completion/completions/percept" || fail "the script for bash"
"$PERCEPT" completion zsh | cmp - "$share/zsh/site-functions/_percept" || fail "the script for zsh"
"$PERCEPT" completion fish | cmp - "$share/fish/vendor_completions.d/percept.fish" || fail "the script for fish"
