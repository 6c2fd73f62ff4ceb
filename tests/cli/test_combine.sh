#!/bin/bash
# One model of several: it predicts the mean of what they predict, is measured beside them, and is used like any other; models
# that do not fit are refused.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN { srand(3); print "width,colour,kind"
    for (i = 0; i < 300; i++) { w = int(rand() * 50); c = substr("redgreenblue", 1 + 3 * (i % 2), 3)
        print w "," c "," (w + 9 * (i % 2) + 6 * rand() > 28 ? "large" : "small") } }' >table.csv
train() {
    "$PERCEPT" train table.csv --label kind --set model.layers=2-8-2 --set model.embedding_bins=4 --epochs 3 --quiet --no-plot "$@"
}
train --seed 1 --members 1 --out one # which has another split, and so another scaling
train --seed 2 --members 2 --set data.split_seed=1 --out two
train --seed 3 --members 1 --set data.split_seed=1 --dropout 0 --learning-rate 0.001 --out three
train --seed 4 --members 1 --set data.split_seed=1 --layers 2-9-2 --out wider

# Members of both; each network counts once.
expect_status 0 "$PERCEPT" combine two three --out both.safetensors
expect_contains out '3 members' 'validation part, ' 'ROC AUC' 'combination' 'both.safetensors'
expect_match out '^two +2 '
expect_match out '^combination +3 '
for name in two three both.safetensors; do
    "$PERCEPT" predict $name table.csv 2>/dev/null | cut -d, -f2 >$name.csv
done
expect_match two.csv '^large$'
paste -d, two.csv three.csv both.safetensors.csv | awk -F, 'NR > 1 { d = ($1 * 2 + $2) / 3 - $3; if (d * d > 1e-12) exit 1 }' ||
    fail "the combination does not predict the mean"
expect_status 0 "$PERCEPT" evaluate both.safetensors --data table.csv
expect_status 0 "$PERCEPT" export both.safetensors --to c --out both.c
expect_status 0 "$PERCEPT" explain both.safetensors --data table.csv

# JSON, and other data than the run's.
expect_status 0 "$PERCEPT" combine two three two --json
expect_match out '^\{"by": "probabilities", "combination": \{"accuracy": 0\.[0-9]+, "loss": .*"name": "combined.safetensors".*"members": 5'
expect_file combined.safetensors
expect_status 0 "$PERCEPT" combine two/model.safetensors three/model.safetensors --out models.safetensors
expect_same models.safetensors both.safetensors
expect_contains err 'warning: the models were not measured' '--data'
expect_status 0 "$PERCEPT" combine two/model.safetensors three/model.safetensors --data table.csv
expect_contains out 'all of it, 300 examples'

# Averages of weights are of one shape, and have the size of one.
expect_status 0 "$PERCEPT" combine three three --by weights --out mean.safetensors
expect_same mean.safetensors three/model.safetensors
expect_status 1 "$PERCEPT" combine two three --by weights
expect_contains err "'three' does not fit 'two'" 'it has 1 members, not 2'

# What does not fit, in one line, with nothing written.
rm combined.safetensors
expect_status 1 "$PERCEPT" combine two wider
expect_contains err "'wider' does not fit 'two': its layer 1 has 9 outputs, not 8"
expect_lines err 1
expect_status 1 "$PERCEPT" combine one two
expect_contains err "'two' does not fit 'one'" 'another training part'
expect_no_file combined.safetensors
expect_status 1 "$PERCEPT" combine two/model.safetensors three --out two/model.safetensors
expect_contains err 'would replace'
expect_status 2 "$PERCEPT" combine two
expect_contains err 'at least two'
expect_status 2 "$PERCEPT" combine two three --by votes
expect_contains err 'probabilities'
