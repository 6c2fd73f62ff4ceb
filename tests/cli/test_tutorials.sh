#!/bin/bash
# Every page in docs/tutorials works as it stands: its blocks marked `sh` run in their order, in an empty folder; a block that
# names a file (```csv new.csv) is that file. The library is installed for the page that needs it.
. "$(dirname "$0")/lib.sh"
need_command gnuplot

mkdir bin
ln -s "$PERCEPT" bin/percept
export PATH=$work/bin:$PATH

# run_page PAGE: in a folder of its own
run_page() {
    local page=$1 name
    name=$(basename "$page" .md)
    mkdir "$name"
    (
        cd "$name" || exit
        # 1.sh, 2.sh, … are the blocks; each first writes the files that stand before it.
        awk '/^```/ && !inside { inside = 1; kind = substr($1, 4); file = $2; next }
             /^```/ { if (kind == "sh") { close(out); out = "" } inside = 0; next }
             !inside { next }
             kind == "sh" { if (out == "") out = ++count ".sh"; print > out }
             file != "" { print > file }' "$page"
        [ -e 1.sh ] || exit 1
    ) || fail "$page shows no commands"
    for block in $(cd "$name" && ls [0-9]*.sh | sort -n); do
        (cd "$name" && bash -eu "$block") >out 2>err || fail "$page: block ${block%.sh} failed: $(tail -n 3 err)"
    done
}

for page in table notebook c-source onnx; do
    run_page "$SOURCE/docs/tutorials/$page.md"
done
expect_match table/prices.csv '^address,price$'
expect_lines table/prices.csv 3
awk -F, '$1 == "Oak Lane 3" { exit !($2 > 250000 && $2 < 420000) }' table/prices.csv ||
    fail "a house is predicted far from what houses like it cost: $(cat table/prices.csv)"

# The page on C needs an installed library, which instrumented builds are not for.
if grep -q '^PERCEPT_SANITIZE:STRING=$' "$PERCEPT_BUILD/CMakeCache.txt"; then
    expect_status 0 "$SOURCE/scripts/install" "$PERCEPT_BUILD" "$work/prefix"
    export PKG_CONFIG_PATH=$work/prefix/lib/pkgconfig LD_LIBRARY_PATH=$work/prefix/lib
    run_page "$SOURCE/docs/tutorials/c-program.md"
    expect_lines out 2
fi
