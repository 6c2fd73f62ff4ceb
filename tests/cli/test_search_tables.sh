#!/bin/bash
# A search for a table: around the preset, with an ensemble of the best trials as its winner, one model that is used like any
# other; it ends by time, is continued, and keeps the best so far.
. "$(dirname "$0")/lib.sh"

awk 'BEGIN { srand(5); print "width,height,colour,kind,price"
    for (i = 0; i < 240; i++) { w = int(rand() * 50); h = int(rand() * 9); c = substr("redgreenblue", 1 + 3 * (i % 2), 3)
        k = w + 9 * (i % 2) + 12 * rand() > 32 ? "large" : "small"
        print w "," h "," c "," k "," 3.5 + w * h / 7 + rand() } }' >table.csv
grep -v '^9,' table.csv | cut -d, -f1-4 >kinds.csv
cut -d, -f1-3,5 table.csv >prices.csv

# Small networks, so that the test is quick; all else is the space for tables.
sed 's/model.hidden:.*/model.hidden: [6, 9-9]/; s/train.epochs:.*/train.epochs: [3, 5]/; s/ensemble: 16/ensemble: 5, around: {startup: 3}/' \
    "$SOURCE/recipes/search/tabular.yaml" >small.yaml
cat >>small.yaml <<'END'
data: {name: kinds.csv, label: kind}
END

# Trials: the preset with three seeds, then changes.
expect_status 0 "$PERCEPT" search small.yaml --trials 8 --set train.checkpoint_every=0 --out one
expect_contains err 'search    around: 8 trials'
expect_contains out 'winner    ensemble of ' 'in validation' 'test accuracy' 'one/ensemble.csv' 'evaluate one/best'
expect_contains one/space.yaml 'strategy: around' 'objective: valid_loss' 'ensemble: 5'
expect_lines one/results.csv 9
expect_match one/results.csv '^2,done,,[0-9]+,0\.[0-9]+,,1,(,)+$'
expect_no_file one/checkpoints
awk -F, 'FNR == 1 { next } NR == FNR { count += $4; next } END { exit !(count > 0 && count <= 5) }' one/ensemble.csv one/ensemble.csv ||
    fail "the ensemble has not up to five members"
"$PERCEPT" search small.yaml --trials 8 --out two --jobs 1 --json --quiet >json
expect_same one/results.csv two/results.csv
expect_same one/ensemble.csv two/ensemble.csv
expect_same one/best/model.safetensors two/best/model.safetensors
expect_match json '"ensemble": \{"figure": 0\.[0-9]+, "members": [1-5], "networks": \[\{"count": [1-5], "member": 0, "repeat": 0, "trial": '
figure=$(sed 's/.*"figure": \([0-9.]*\), "members.*/\1/' json)

# One model file like any other, and a run folder.
expect_status 0 "$PERCEPT" evaluate one/best --part valid --json
expect_contains out "\"loss\": $figure"
expect_status 0 "$PERCEPT" predict one/best kinds.csv
expect_status 0 "$PERCEPT" explain one/best
expect_status 0 "$PERCEPT" export one/best --to c --out model.c
expect_status 0 "$PERCEPT" combine one/best two/best --out both.safetensors
expect_status 0 "$PERCEPT" report one --no-plot
expect_status 0 "$PERCEPT" report one/best --no-plot

# Targets, from the file and nothing else.
expect_status 0 "$PERCEPT" search prices.csv --targets price --trials 2 --set model.members=2 --set search.around.startup=2 --quiet --out prices
expect_match prices/ensemble.csv '^[01],0,[01],[0-9]+,'
expect_status 0 "$PERCEPT" predict prices/best prices.csv
expect_contains out 'price'

# A key that is set is not varied by the space that comes with the program.
expect_status 0 "$PERCEPT" search kinds.csv --trials 3 --set train.epochs=2 --set search.around.startup=1 --quiet --out fixed
expect_lacks fixed/space.yaml 'train.epochs:'
expect_contains fixed/space.yaml 'train.batch_size:'
expect_contains fixed/best/recipe.yaml 'epochs: 2'
expect_status 2 "$PERCEPT" search small.yaml --trials 3 --set train.epochs=2
expect_contains err 'train.epochs is what the space varies; change it there'

# Parts in files of their own.
head -120 kinds.csv >train.csv
{ head -1 kinds.csv; sed -n 121,170p kinds.csv; } >valid.csv
{ head -1 kinds.csv; sed -n 171,220p kinds.csv; } >test.csv
expect_status 0 "$PERCEPT" search train.csv --label kind --validation-file valid.csv --test-file test.csv --trials 2 \
    --set train.epochs=2 --set search.around.startup=1 --json --quiet --out parts
expect_contains out '"count": 50'
expect_contains parts/best/recipe.yaml valid.csv

# Ended by time, before the first step even on the fastest machine: continued with more of it, to the same end as without a
# limit.
expect_status 1 "$PERCEPT" search small.yaml --trials 3 --minutes 0.000001 --out timed
expect_contains err 'search    around: 3 trials in 1e-06 minutes' 'no trial came to its end in 1e-06 minutes' '--minutes' \
    'search --resume timed'
expect_status 0 "$PERCEPT" search --resume timed --minutes 600
expect_contains out '3 trials: 3 done' 'winner    ensemble'
head -4 one/results.csv >first.csv
expect_same first.csv timed/results.csv
expect_status 0 "$PERCEPT" search --resume timed
expect_contains out 'is finished'
expect_status 0 "$PERCEPT" search --resume timed --minutes 600
expect_contains out 'is finished'
expect_status 0 "$PERCEPT" evaluate timed/best
expect_status 1 "$PERCEPT" search kinds.csv --label kind --minutes 0.000001 --out short
expect_contains err 'search    around: all trials in 1e-06 minutes'
expect_status 0 "$PERCEPT" search small.yaml --trials 2 --out timed --force --quiet
expect_lines timed/results.csv 3

# Interrupted: the best so far is there, and the search goes on to the same end.
(
    "$PERCEPT" search small.yaml --trials 60 --jobs 1 --out broken 2>err &
    echo $! >pid
    wait $! && status=0 || status=$?
    echo $status >status
) &
for _ in $(seq 600); do
    grep -q '^trial 5:' err 2>/dev/null && break
    sleep 0.05
done
kill -INT "$(cat pid)" 2>/dev/null || true
wait
expect_match status '^(130|0)$' # it may have been quicker
if [ "$(cat status)" = 130 ]; then
    expect_contains err 'the best so far is in broken/best' 'percept search --resume broken'
    expect_status 0 "$PERCEPT" evaluate broken/best
    expect_status 0 "$PERCEPT" search --resume broken --quiet
fi
expect_lines broken/results.csv 61

# What cannot be.
sed '/^space:/a\  data.missing: [mean, below]' small.yaml >missing.yaml
expect_status 1 "$PERCEPT" search missing.yaml --out missing
expect_contains err 'an ensemble reads the data in one way'
expect_no_file missing
expect_status 2 "$PERCEPT" search small.yaml --minutes 0
expect_contains err '--minutes'
expect_status 2 "$PERCEPT" search --resume one --minutes 1 --trials 9
expect_contains err 'leave out --trials'
