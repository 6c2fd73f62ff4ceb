#!/bin/bash
# Experiments with every random choice determined give the figures that were published, and say so.
. "$(dirname "$0")/../cli/lib.sh"
need_digits

agreed() { # agreed NAME COUNT: the last run compared so many figures and agreed in all
    expect_contains out "$2 values compared, $2 agreed"
    expect_file "$1/report.html"
    expect_contains "$1/report.html" "$2 of $2 values agree"
    expect_lacks out DIFFERS
}

expect_status 0 "$PERCEPT" reproduce radboud --out radboud
agreed radboud 2100
expect_lines radboud/metrics.csv 526
expect_match radboud/metrics.csv '^run,epoch,train_loss,train_accuracy,test_loss,test_accuracy$'

# One run of several is as it was among them, and alone in the table.
expect_status 0 "$PERCEPT" reproduce radboud --run lr-0.001 --out one
agreed one 400
expect_same <(grep '^lr-0.001,' radboud/metrics.csv) <(tail -n +2 one/metrics.csv)

# What was done can be done again from the folder.
expect_status 0 "$PERCEPT" reproduce one/study.yaml --run batch-1 --quiet --out again
expect_lines out 0
expect_lines err 0
expect_same <(grep '^batch-1,' radboud/metrics.csv) <(tail -n +2 again/metrics.csv)

# A changed experiment is not compared.
expect_status 0 "$PERCEPT" reproduce radboud --run single-linear --set seed=1 --set train.epochs=2 --out changed
expect_contains out "0 values compared"
expect_lines changed/metrics.csv 3
expect_status 0 "$PERCEPT" reproduce changed/study.yaml --run single-linear --quiet --out changed-again
expect_same changed/metrics.csv changed-again/metrics.csv

# What was stopped goes on, with the runs that had finished, to the same end.
"$PERCEPT" reproduce radboud --out stopped 2>err >out &
study=$!
until [ -e stopped/lr-0.01/metrics.csv ]; do kill -0 $study || fail "it ended early"; done
kill -TERM $study
status=0
wait $study || status=$?
[ $status -eq 143 ] || fail "status $status after SIGTERM"
expect_contains err "percept reproduce --resume stopped"
expect_lacks out compared
stamp=$(stat -c %y stopped/epochs-50/model.safetensors)
expect_status 0 "$PERCEPT" reproduce --resume stopped
agreed stopped 2100
expect_same radboud/metrics.csv stopped/metrics.csv
[ "$stamp" = "$(stat -c %y stopped/epochs-50/model.safetensors)" ] || fail "a finished run was trained again"
expect_status 2 "$PERCEPT" reproduce radboud --resume stopped
expect_status 1 "$PERCEPT" reproduce --resume nowhere
expect_contains err "nothing to resume"

# A figure that differs is told of.
mkdir -p own/published
cp "$SOURCE/recipes/radboud.yaml" own/
sed '/^epochs-50,3,train_loss/s/,0\.[0-9]*,/,0.5,/' "$SOURCE/recipes/published/radboud.csv" >own/published/radboud.csv
expect_status 0 "$PERCEPT" reproduce own/radboud.yaml --run epochs-50 --out differing
expect_contains out DIFFERS "200 values compared, 199 agreed"

need_mnist
expect_status 0 "$PERCEPT" reproduce cs171-binary --out binary
agreed binary 310
expect_lines binary/metrics.csv 101
for picture in curves accuracy confusion-train confusion-test gallery-train gallery-test; do
    expect_file binary/plots/$picture.svg
    expect_file binary/plots/$picture.png
done
