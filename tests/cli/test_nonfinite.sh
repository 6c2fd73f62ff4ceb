#!/bin/bash
# NaN is no class: its cell is empty in CSV, null in JSON.
. "$(dirname "$0")/lib.sh"
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 60; i++) print i % 7 / 1000 "," i % 5 / 1000 "," (i % 7 > 3 ? "yes" : "no") }' >data.csv
for layers in 2-8-2 2-8-1; do
    expect_status 0 "$PERCEPT" train --preset plain --data data.csv --layers $layers --epochs 2 --validation 10 --no-plot --quiet --out run$layers
    printf 'a,b\n.001,.002\n3e38,-3e38\n' >rows.csv
    expect_status 0 "$PERCEPT" predict run$layers rows.csv
    expect_match out '^(no|yes),[0-9.e-]+,[0-9.e-]+$'
    expect_match out '^,-?nan,-?nan$'
    expect_status 0 "$PERCEPT" predict run$layers rows.csv --json
    expect_contains out '"class": null' '"no": null' '"yes": null'
done
