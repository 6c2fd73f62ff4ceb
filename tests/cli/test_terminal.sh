#!/bin/bash
# What somebody wrote into names and files is shown, and commands nothing: U+009B, which begins a terminal's commands as
# escape and [ do, stands in no line that is printed, nor does any other control character.
. "$(dirname "$0")/lib.sh"

csi=$'\xc2\x9b' broken=$'\x9b'
folder="runs/run${csi}31m" data="data${csi}2J.csv"
awk -v csi="$csi" 'BEGIN {
    print "first" csi ",second,label" csi
    for (i = 0; i < 120; i++)
        print i % 12 ",", i * 7 % 11 "," (i % 12 > 5 ? "high" csi "5m" : "low\033[1m")
}' | tr -d ' ' >"$data"

# expect_plain: nothing that was printed commands a terminal.
expect_plain() {
    if grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' out err; then
        fail "a control character is printed: $(grep -ahP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' out err | head -1 | od -c | head -3)"
    fi
}
# plain STATUS ARGUMENT...
plain() {
    local status=$1
    shift
    expect_status "$status" "$PERCEPT" "$@"
    expect_plain
}

plain 0 data info "$data"
expect_contains out 'high?5m'
plain 0 train --data "$data" --layers 2-4-1 --epochs 2 --out "$folder" --no-plot
expect_contains out 'run?31m/model.safetensors'
plain 0 train --data "$data" --layers 2-4-1 --epochs 2 --out "$folder" --force --quiet --no-plot
plain 0 evaluate "$folder"
expect_contains out 'high?5m'
plain 0 runs list
plain 0 runs show "$folder"
plain 2 train --data "$data" --layers "2-4${csi}"
plain 1 train --data "none$csi.csv"
expect_contains err 'none?.csv'
plain 1 evaluate "none$csi"
plain 1 evaluate "none$broken"
plain 2 train --set "data.nam$csi=1"
plain 2 "trai$csi"
plain 0 train --resume "$folder"
printf 'name: s\ndata: {name: "data\\u009b2J.csv", validation: 0.2}\ntrain: {epochs: 1}\nspace: {train.batch_size: [8, 16], model.layers: [2-3-1]}\nsearch: {strategy: grid}\n' >space.yaml
plain 0 search space.yaml --out "search$csi"
expect_contains out 'search?/results.csv'
plain 0 search --resume "search$csi"

# JSON is the same value for whoever reads it.
plain 0 evaluate "$folder" --json
expect_contains out 'high\u009b5m'
plain 0 runs show "$folder" --json
