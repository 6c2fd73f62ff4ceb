#!/bin/bash
# Every training, fold and reproduced run leaves a row beside its folder; percept runs finds, tells, compares, tags and
# forgets them; where the database cannot be used, runs go on without.
. "$(dirname "$0")/lib.sh"
"$PERCEPT" data make moons --count 80 --seed 3 >moons.csv
small=(--data moons.csv --layers 2-8-2 --batch-size 8 --validation 0.2 --threads 1 --no-plot --quiet)
list() { # list FLAG...: the ids of a list, in one line
    "$PERCEPT" runs list --columns id --csv "$@" >out 2>err || fail "runs list $*: status $?"
    tail -n +2 out | paste -sd ' '
}
expect_list() { # expect_list IDS FLAG...
    local expected=$1 found
    shift
    found=$(list "$@")
    [ "$found" = "$expected" ] || fail "runs list $*: '$found', not '$expected'"
}

# ---- What is recorded ----
expect_status 1 "$PERCEPT" runs list
expect_contains err "there is no runs database 'runs/percept.db' yet"
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --epochs 4 --out runs/first
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --epochs 6 --learning-rate 0.05 --out runs/second
expect_status 1 "$PERCEPT" train --preset plain "${small[@]}" --epochs 4 --optimizer sgd --learning-rate 1e30 --out runs/wild
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --epochs 2 --folds 3 --out runs/folds
cat >study.yaml <<'END'
about: two sizes
data: {name: moons, examples: 80, split: [0.6, 0.2, 0.2]}
train: {epochs: 2, batch_size: 8}
threads: 1
runs:
  - grid: {model.layers: [2-4-2, 2-8-2]}
END
expect_status 0 "$PERCEPT" reproduce study.yaml --out runs/study --quiet
expect_list "1 2 3 4 5 6 7 8"
[ "$(ls runs)" = "$(printf '%s\n' first folds percept.db second study wild)" ] || fail "runs holds $(ls runs)"
expect_list "3" --where 'state = diverged'
expect_list "2 3 4" --where 'id in [2, 4]'
expect_list "1 2 7 8" --where 'kind in [train, reproduce] and not state in [diverged]'
expect_list "4 5 6" --where 'kind = fold'
expect_list "7 8" --where 'kind = reproduce and folder ~ study/'

# ---- Lists ----
expect_list "2" --where 'train.learning_rate = 0.05'
expect_list "1 2" --where 'kind = train and not state = diverged'
expect_list "2 1" --where 'kind = train and state = done' --order train.epochs --descending
expect_list "3" --order epochs --limit 3 --where 'id = 3'
expect_status 0 "$PERCEPT" runs list
expect_match out '^id  folder .* state .* valid_accuracy'
expect_match out '^ *3  wild .* diverged '
expect_lines out 9
expect_status 0 "$PERCEPT" runs list --csv --columns id,model.layers,data.split --where 'id = 7'
expect_contains out 'id,model.layers,data.split' '7,2-4-2,"0.6,0.2,0.2"'
expect_status 0 "$PERCEPT" runs list --json --where 'folder = first'
expect_match out '^\[\{.*"model.layers": \[2, 8, 2\].*"state": "done".*\}\]$'
expect_status 0 "$PERCEPT" runs list --where 'valid_accuracy > 2'
expect_contains out 'no runs'
for wrong in 'valid_acuracy > 1:did you mean' 'id >:a value' 'id = 1 and:expected a column' 'epoch = many:a number'; do
    expect_status 2 "$PERCEPT" runs list --where "${wrong%%:*}"
    expect_contains err "${wrong#*:}"
done
expect_status 2 "$PERCEPT" runs list --order nonsense
expect_status 2 "$PERCEPT" runs lsit
expect_contains err "did you mean 'list'"

# ---- One run, and several ----
expect_status 0 "$PERCEPT" runs show second
expect_match out '^train.learning_rate +0.05$'
expect_match out '^files +second/metrics.csv$'
expect_match out '^ +5 +[0-9.]+ +[0-9.]+ %'
expect_lacks out train.beta1
cp out by-name
expect_status 0 "$PERCEPT" runs show 2
expect_same by-name out
expect_status 0 "$PERCEPT" runs show runs/second
expect_same by-name out
expect_status 0 "$PERCEPT" runs show "$PWD/runs/second/" --runs runs/../runs --all
expect_match out '^train.beta1 +0.9$'
expect_status 0 "$PERCEPT" runs show 2 --json
expect_match out '"epoch_figures": \[\{.*"files": \["second/metrics'
expect_status 1 "$PERCEPT" runs show 99
expect_contains err "there is no run '99'"
expect_status 0 "$PERCEPT" runs compare first second
expect_match out '^train.learning_rate +0.001 +0.05$'
expect_match out '^train.epochs +4 +6$'
expect_lacks out train.batch_size
expect_status 0 "$PERCEPT" runs compare 1 2 7 --json
expect_match out '^\{"differences": \{.*"train.epochs": \[4, 6, 2\]'
expect_status 2 "$PERCEPT" runs compare 1
if command -v gnuplot >/dev/null; then
    expect_status 0 "$PERCEPT" runs compare 1 2 --out compared
    expect_file compared/curves.{svg,png,gp,csv}
    expect_contains compared/curves.svg "1 first" "2 second"
fi
expect_status 0 "$PERCEPT" runs best --where 'kind = train' --by epoch
expect_match out '^id +1$'
expect_status 0 "$PERCEPT" runs best --json
expect_match out '^\{"best_epoch".*"state": "done"'
expect_status 1 "$PERCEPT" runs best --where 'id = 3'
expect_contains err "no finished run"

# ---- Tags, forgetting ----
expect_status 0 "$PERCEPT" runs tag 1 good base
expect_list "1" --where 'tags ~ good'
expect_status 0 "$PERCEPT" runs tag first good --remove
expect_list "" --where 'tags ~ good'
expect_list "1" --where 'tags = base'
expect_status 2 "$PERCEPT" runs tag 1
expect_status 0 "$PERCEPT" runs delete 3 4
expect_file runs/wild runs/folds/fold-0
touch runs/first/mine
expect_status 0 "$PERCEPT" runs delete 1 second --files
expect_no_file runs/second runs/first/model.safetensors
expect_file runs/first/mine
expect_list "5 6 7 8"
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --epochs 1 --out runs/first # there is no run in it any more
expect_list "9" --where 'folder = first'
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --epochs 2 --out runs/first --force
expect_list "9" --where 'folder = first and epoch = 2'

# ---- Killed, resumed ----
mkfifo progress
"$PERCEPT" train --preset plain "${small[@]:0:11}" --epochs 1000000 --no-plot --out runs/killed >out 2>progress &
process=$!
exec 3<progress
while read -r line <&3 && [[ $line != *"epoch 1:"* ]]; do :; done
expect_list "10" --where 'state = running'
expect_status 1 "$PERCEPT" runs delete killed --files
expect_contains err "run 10 is in progress"
expect_file runs/killed/recipe.yaml
kill -9 $process
wait $process || true
exec 3<&-
expect_list "10" --where 'state = interrupted'
expect_status 0 "$PERCEPT" runs delete killed --files
expect_no_file runs/killed

# ---- Without a database ----
printf '\0\0\0\143' | dd of=runs/percept.db bs=1 seek=60 conv=notrunc 2>/dev/null # its version becomes 99
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --epochs 1 --out runs/unrecorded
expect_match err "^percept: warning: the run is not recorded: .*has version 99, and Percept"
expect_lines err 1
expect_file runs/unrecorded/summary.json
expect_status 1 "$PERCEPT" runs list
expect_contains err "a newer Percept wrote it"
echo "this is no database, but long enough to be taken for one" >runs/percept.db
expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" --epochs 1 --out runs/unrecorded --force
expect_contains err "it is no SQLite database"
