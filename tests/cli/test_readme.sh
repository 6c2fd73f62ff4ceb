#!/bin/bash
# Every command that README.md shows in a block marked `sh` and that calls the program runs as it is written, in the order
# of the page. Logical lines that start with `percept` or `build/release/percept` count; a line goes on after a backslash.
. "$(dirname "$0")/lib.sh"
[ -e "$SOURCE/README.md" ] || skip "there is no README.md"
need_fashion_mnist
need_command gnuplot

mkdir -p bin build/release
ln -s "$PERCEPT" bin/percept
ln -s "$PERCEPT" build/release/percept
for folder in recipes examples; do
    [ ! -e "$SOURCE/$folder" ] || ln -s "$SOURCE/$folder" $folder
done
awk '/^```/ { block = $0 == "```sh"; next }
     !block { next }
     { line = line $0 }
     /\\$/ { line = substr(line, 1, length(line) - 1); next }
     { if (line ~ /^(percept|build\/release\/percept)( |$)/) print line
       line = "" }' "$SOURCE/README.md" >commands
[ -s commands ] || fail "README.md shows no command"
# What it shows of make is at least a target that make knows.
for target in $(sed -n 's/^make \([a-z-]*\).*/\1/p' "$SOURCE/README.md"); do
    expect_status 0 make -n -C "$SOURCE" "$target"
done
while read -r command <&3; do
    PATH=$work/bin:$PATH expect_status 0 bash -c "$command"
done 3<commands
