#!/bin/bash
# A search from its space to its winner: what is printed and written, that the number of trainings at once changes nothing,
# that it is gone on with, and that wrong calls are told.
. "$(dirname "$0")/lib.sh"
need_digits

cat >space.yaml <<'END'
name: small
data.name: digits
train: {epochs: 4, optimizer: sgd}
search: {strategy: halving, trials: 8, halving: {least_epochs: 1, reduction: 2}}
space:
  train.learning_rate: {low: 0.01, high: 1, scale: log}
  model.hidden: {depth: [1, 2], width: [8, 16]}
conditions:
  - model.parameters < 1200
END

# Folder, tables, winner; the database lies beside the folder.
expect_status 0 "$PERCEPT" search space.yaml --jobs 2
expect_contains out 'hidden' '8 trials: ' 'winner    trial ' 'test accuracy' 'runs/small-001/results.csv' \
    'percept report runs/small-001' 'percept evaluate runs/small-001/best'
expect_match out '^ +rung +epochs +came +went on +lost +best$'
expect_match out '^ +2 +4 +[0-9]+ +0 '
expect_contains err 'search    halving: 8 trials, 2 at once' 'best so far' 'training the winner'
expect_file runs/small-001/space.yaml runs/small-001/best/model.safetensors runs/small-001/best/plots/curves.svg \
    runs/percept.db
expect_no_file runs/small-001/checkpoints
expect_lines runs/small-001/results.csv 9
expect_match runs/small-001/results.csv '^trial,state,rung,epochs,valid_accuracy,deviation,converged,diverged,train\.'
expect_status 0 "$PERCEPT" evaluate runs/small-001/best

# One at a time, and the space that was written: the same table.
expect_status 0 "$PERCEPT" search space.yaml --jobs 1 --no-best --quiet
expect_no_file runs/small-002/best
[ ! -s err ] && [ ! -s out ] || fail "--quiet is not quiet"
expect_same runs/small-001/results.csv runs/small-002/results.csv
expect_status 0 "$PERCEPT" search runs/small-001/space.yaml --no-best --quiet --out again --json
expect_same runs/small-001/results.csv again/results.csv
expect_contains out '"folder": "again"' '"objective": "valid_accuracy"' '"rungs": [{' '"test": null' '"model.hidden": '

# Flags and --set win over the file; another seed is another search.
expect_status 0 "$PERCEPT" search space.yaml --strategy random --trials 3 --seed 7 --repeats 2 --no-best \
    --out other --set train.epochs=2 --set search.figure=median # the former name of search.metric
expect_contains other/space.yaml 'metric: median'
expect_lines other/results.csv 4
expect_match other/results.csv '^0,done,,2,0\.[0-9]+,[0-9.e-]+,2,,'
expect_contains out '±'

# What is held is not searched over, unless it is to be; what is finished is not gone on with.
expect_status 1 "$PERCEPT" search space.yaml --out other
expect_contains err 'holds a run already' '--force'
expect_status 0 "$PERCEPT" search space.yaml --out other --force --no-best --quiet
expect_same runs/small-001/results.csv other/results.csv
expect_status 0 "$PERCEPT" search --resume other
expect_contains out 'other is finished'
expect_status 1 "$PERCEPT" train --out other
expect_contains err 'holds a run already'

# Interrupted, and gone on with: the table of the undisturbed search. The long ones are killed in tests/long.
(
    "$PERCEPT" search space.yaml --out broken --jobs 1 --no-best --set train.epochs=2000 2>err &
    echo $! >pid
    wait $! && status=0 || status=$?
    echo $status >status
) &
for _ in $(seq 600); do
    grep -q '^trial 1:' err 2>/dev/null && break
    sleep 0.05
done
kill -INT "$(cat pid)" 2>/dev/null || true
wait
expect_match status '^(130|0)$' # it may have been quicker
if [ "$(cat status)" = 130 ]; then
    expect_contains err 'interrupted; what was done is kept' 'percept search --resume broken'
    expect_status 0 "$PERCEPT" search --resume broken --jobs 2 --no-best --quiet
fi
expect_status 0 "$PERCEPT" search space.yaml --out whole --no-best --quiet --set train.epochs=2000
expect_same whole/results.csv broken/results.csv

# Wrong calls.
expect_status 2 "$PERCEPT" search
expect_contains err 'SPACE is missing'
expect_status 2 "$PERCEPT" search digit
expect_contains err "did you mean 'digits'?"
expect_status 2 "$PERCEPT" search space.yaml --strategy gird
expect_contains err "did you mean 'grid'?"
expect_status 2 "$PERCEPT" search space.yaml --set train.learning_rate=0.1
expect_contains err 'train.learning_rate is what the space varies'
expect_status 2 "$PERCEPT" search space.yaml --set search.trails=3
expect_contains err "did you mean 'search.trials'?"
expect_status 2 "$PERCEPT" search --resume other --trials 9
expect_contains err 'leave out --trials'
expect_status 1 "$PERCEPT" search --resume runs
expect_contains err 'holds no search to resume'
expect_status 1 "$PERCEPT" search space.yaml --strategy grid
expect_contains err 'space.yaml: a grid needs values of train.learning_rate'
printf 'space:\n  train.learning_rate: {low: 1, high: 0.1}\n' >wrong.yaml
expect_status 1 "$PERCEPT" search wrong.yaml
expect_contains err 'wrong.yaml:2: train.learning_rate: low (1) must be below high (0.1)'

# Data for the space of data that are no tables: parts for validation and test, and the space is then their own.
awk 'BEGIN { print "width,height,kind"; for (i = 0; i < 200; i++) print i % 17 "," i % 5 "," (i % 17 > 8 ? "5% large" : "small") }' >table.csv
expect_status 0 "$PERCEPT" search table --set data.name=table.csv --trials 6 --set train.epochs=16
expect_contains out 'hidden' 'dropout' 'learning_rate' 'batch_size' 'weight_decay' '6 trials: ' 'test accuracy'
expect_file runs/table-001/best/model.safetensors
expect_match runs/table-001/space.yaml '^  name: .*table\.csv$'
expect_match runs/table-001/space.yaml '^  stratify: true$'
expect_status 0 "$PERCEPT" search runs/table-001/space.yaml --quiet --no-best --out table-again
expect_same runs/table-001/results.csv table-again/results.csv
expect_status 0 "$PERCEPT" search table --set data.name=table.csv --quiet --trials 2 --no-best --set train.epochs=8 --set data.validation=0.3 --out other --force
expect_match other/space.yaml '^  validation: 0.3$'
expect_lacks other/space.yaml '  split: '
# Flags that say how a file is read are those of train.
sed 's/,[^,]*$/,0.5/; 1s/,0.5/,price/; 3s/0.5/1.5/' table.csv >prices.csv
expect_status 1 "$PERCEPT" search table --set data.name=prices.csv --out prices
expect_contains err "for regression add --targets price"
expect_status 0 "$PERCEPT" search prices.csv --targets price --drop height --quiet --trials 2 --no-best \
    --out prices
expect_match prices/space.yaml '^  targets: \[price\]$'
expect_match prices/space.yaml '^  drop: \[height\]$'
expect_status 0 "$PERCEPT" search circles --quiet --trials 2 --no-best --set train.epochs=8 --out circles
expect_match circles/space.yaml '^  name: circles$'
expect_status 1 "$PERCEPT" search none.csv
expect_contains err "there is no file 'none.csv'"
expect_status 2 "$PERCEPT" search fashion-mnits
expect_contains err "did you mean"
