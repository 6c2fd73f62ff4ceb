#!/bin/bash
# train --json prints one line for programs, and nothing else on standard output; --quiet prints warnings and errors only.
. "$(dirname "$0")/lib.sh"
expect_status 0 "$PERCEPT" data make moons --count 300 --seed 3 --out moons.csv
small=(--data moons.csv --layers 2-4-2 --epochs 2 --no-plot)
fields='best_epoch data epochs folder notes parameters seconds state stopped_early test train valid warnings'

expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --set data.split=0.5,0.2,0.3 --json --out run
expect_lines out 1
for field in $fields; do
    expect_contains out "\"$field\": "
done
expect_contains out '"epochs": 2' '"folder": "run"' '"parameters": 22' '"state": "done"' '"warnings": []' '"count": 90' \
    '"count": 60' '"count": 150'
expect_contains err "epoch 1"
# The figures are those of summary.json.
for part in test train valid; do
    figure=$(grep -o "\"$part\": {\"accuracy\": [0-9.]*" out | grep -o '[0-9.]*$')
    tr -d '\n ' <run/summary.json | grep -q "\"$part\":{\"accuracy\":$figure" || fail "accuracy of $part"
done

# With --quiet the line is all that there is.
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --json --quiet --out quiet
expect_lines out 1
expect_lines err 0
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --set data.split=0.5,0.5,0 --json --quiet --out untested
expect_contains out '"test": null'

# What is warned of stands in the answer, too.
mkdir locked
printf 'no database\n' >locked/percept.db
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --json --quiet --out locked/run
expect_lines out 1
expect_contains out '"warnings": ["the run is not recorded: '
expect_match err '^percept: warning: the run is not recorded: '

# A finished run, and a cross-validation.
expect_status 0 "$PERCEPT" train --resume run --json
expect_lines out 1
expect_contains out '{"folder": "run", "state": "finished"}'
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --folds 3 --json --quiet --out folds
expect_lines out 1
expect_lines err 0
expect_contains out '"folder": "folds"' '"folds": [{"accuracy": 0.' '"valid": {"accuracy": {"deviation": 0.' '"mean": 0.'

# ---- Quiet ----
silent() { # silent ARGUMENT...: prints nothing
    expect_status 0 "$PERCEPT" "$@"
    expect_lines out 0
    expect_lines err 0
}
silent train "${small[@]}" --quiet --out plain
silent train --resume plain --quiet
silent train "${small[@]}" --quiet --folds 2 --out plain-folds
printf 'data: {name: moons, examples: 100}\nmodel: {layers: [2, 2]}\ntrain: {epochs: 1}\nspace: {train.batch_size: [8, 16]}\nsearch: {strategy: grid}\n' >space.yaml
silent search space.yaml --no-best --quiet --out search
silent search --resume search --quiet
printf 'data: {name: moons, examples: 100}\nmodel: {layers: [2, 2]}\ntrain: {epochs: 1}\nruns: [{name: a}]\nparts: [{text: b}]\n' >study.yaml
silent reproduce ./study.yaml --quiet --out study
