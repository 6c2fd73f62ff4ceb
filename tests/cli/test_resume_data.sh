#!/bin/bash
# A run knows its data: --resume refuses others, data that were moved are asked for, and the working folder does not matter.
. "$(dirname "$0")/lib.sh"
awk 'BEGIN { srand(1); print "a,b,w,label"
             for (i = 0; i < 60; i++) { x = rand(); y = rand(); print x "," y "," 1 + i % 3 "," (x > y ? "yes" : "no") } }' >good.csv
small=(--layers 2-4-2 --epochs 3 --set data.split=48,12,0 --set data.shuffle=false --set data.weight=w --no-plot --quiet)

begun() { # begun RUN: a run that was stopped after its last checkpoint, on d.csv
    rm -rf "$1"
    cp good.csv d.csv
    expect_status 0 "$PERCEPT" train --preset plain --data d.csv "${small[@]}" --out "$1"
    rm "$1/summary.json"
}

# ---- Changed ----
begun whole
cp -r whole before
expect_refused_change() { # expect_refused_change PART: d.csv is refused, and the run stays as it was
    expect_status 1 "$PERCEPT" train --resume whole --no-plot --quiet
    expect_contains err "the data of 'whole' have changed" "the $1 of '" "d.csv"
    expect_lines err 1
    diff -r whole before || fail "the run was changed"
}
sed 's/,yes$/,q/; s/,no$/,yes/; s/,q$/,no/' good.csv >d.csv # every label
expect_refused_change "training part"
awk 'NR == 30 { sub(/,(yes|no)$/, $0 ~ /yes$/ ? ",no" : ",yes") } 1' good.csv >d.csv # one label
expect_refused_change "training part"
awk -F, -v OFS=, 'NR == 30 { $2 += 0.001 } 1' good.csv >d.csv # one feature
expect_refused_change "training part"
awk -F, -v OFS=, 'NR == 30 { $3 = 7 } 1' good.csv >d.csv # one weight
expect_refused_change "training part"
awk -F, -v OFS=, 'NR == 58 { $3 = 7 } 1' good.csv >d.csv # of the last rows
expect_refused_change "validation part"
sed '1s/a/c/' good.csv >d.csv # a column's name
expect_status 1 "$PERCEPT" train --resume whole --no-plot --quiet
expect_contains err "it is of another model: its features differ"
expect_lacks err '{'
diff -r whole before || fail "the run was changed"
cp good.csv d.csv
expect_status 0 "$PERCEPT" train --resume whole --no-plot --quiet
expect_file whole/summary.json

# Without a checkpoint, too: the run's recipe was resolved for other data.
begun early
rm early/checkpoint.safetensors
sed 's/,yes$/,maybe/' good.csv >d.csv
expect_status 1 "$PERCEPT" train --resume early --no-plot --quiet
expect_contains err "have changed"

# Targets of a regression
cp good.csv d.csv
expect_status 0 "$PERCEPT" train --preset plain --data d.csv --targets a --set data.drop=label --layers 2-3-1 --epochs 2 --validation 12 \
    --no-plot --quiet --out line
rm line/summary.json
awk -F, -v OFS=, 'NR == 20 { $1 += 1 } 1' good.csv >d.csv
expect_status 1 "$PERCEPT" train --resume line --no-plot --quiet
expect_contains err "have changed"
cp good.csv d.csv

# ---- A run of a version that kept no checksum goes on, with a warning ----
begun old
sed -i 's/checkpoint_data/checkpoint_gone/' old/checkpoint.safetensors
rm old/data.json
expect_status 0 "$PERCEPT" train --resume old --no-plot --quiet
expect_contains err "warning: 'old' was started by an older Percept"
expect_file old/data.json
expect_same old/model.safetensors whole/model.safetensors

# ---- Used after they changed: a warning ----
expect_status 0 "$PERCEPT" evaluate whole --part valid
expect_lacks err warning
sed 's/,yes$/,q/; s/,no$/,yes/; s/,q$/,no/' good.csv >d.csv
expect_status 0 "$PERCEPT" evaluate whole --part valid
expect_contains err "warning: the data of 'whole' have changed since it was trained"
expect_status 0 "$PERCEPT" evaluate whole --data good.csv --part train
expect_lacks err warning
cp good.csv d.csv

# ---- From another working folder ----
expect_contains whole/recipe.yaml "name: $PWD/d.csv"
mkdir elsewhere
begun far
(cd elsewhere && expect_status 0 "$PERCEPT" train --resume ../far --no-plot --quiet) || exit 1
expect_same far/model.safetensors whole/model.safetensors
(cd elsewhere && expect_status 0 "$PERCEPT" evaluate ../far --part valid) || exit 1
expect_status 0 "$PERCEPT" evaluate far --part valid
expect_contains out "on d.csv, validation part" # not the whole path where it lies in this folder

# ---- Moved ----
begun moved
mv d.csv elsewhere/e.csv
expect_status 1 "$PERCEPT" train --resume moved --no-plot --quiet
expect_contains err "$PWD/d.csv" "--data"
expect_status 1 "$PERCEPT" evaluate moved --part valid
expect_contains err "the data of 'moved' are not at '$PWD/d.csv' any more" "--data"
expect_status 1 "$PERCEPT" plot whole boundary
expect_contains err "the data of 'whole' are not at '$PWD/d.csv' any more"
expect_status 0 "$PERCEPT" evaluate moved --data elsewhere/e.csv --part train
expect_status 0 "$PERCEPT" train --resume moved --data elsewhere/e.csv --no-plot --quiet
expect_same moved/model.safetensors whole/model.safetensors
expect_contains moved/recipe.yaml "name: $PWD/elsewhere/e.csv"
expect_contains moved/data.json "$PWD/elsewhere/e.csv"
# A finished run, for good; and not to other data
expect_status 0 "$PERCEPT" train --resume whole --data elsewhere/e.csv --no-plot --quiet
expect_status 0 "$PERCEPT" evaluate whole --part valid
sed 's/,yes$/,maybe/' good.csv >other.csv
expect_status 1 "$PERCEPT" train --resume whole --data other.csv --no-plot --quiet
expect_contains err "have changed"
expect_contains whole/recipe.yaml "name: $PWD/elsewhere/e.csv"

# ---- A search keeps the absolute path, too (that it refuses other data: unit/search) ----
cp good.csv d.csv
cat >space.yaml <<'END'
data: {name: d.csv, validation: 12, weight: w, drop: [a]}
model: {layers: [1, 3, 2]}
train: {epochs: 2}
search: {trials: 3}
space:
  train.learning_rate: {low: 0.001, high: 0.1, scale: log}
END
expect_status 0 "$PERCEPT" search space.yaml --out found --quiet
expect_contains found/space.yaml "$PWD/d.csv"

# ---- Files of validation and test, too ----
head -n 41 good.csv >d.csv
{ head -n 1 good.csv && tail -n 19 good.csv; } >v.csv
expect_status 0 "$PERCEPT" train --preset plain --data d.csv --validation-file v.csv --layers 2-4-2 --epochs 3 --set data.weight=w \
    --no-plot --quiet --out apart
expect_contains apart/recipe.yaml "$PWD/v.csv"
cp -r apart stopped
rm stopped/summary.json
(cd elsewhere && expect_status 0 "$PERCEPT" train --resume ../stopped --no-plot --quiet) || exit 1
expect_same stopped/model.safetensors apart/model.safetensors
expect_status 0 "$PERCEPT" train --resume stopped --epochs 4 --no-plot --quiet
rm stopped/summary.json
mv v.csv elsewhere/w.csv
expect_status 1 "$PERCEPT" train --resume stopped --no-plot --quiet
expect_contains err "$PWD/v.csv" "--validation-file"
expect_status 0 "$PERCEPT" train --resume stopped --validation-file elsewhere/w.csv --no-plot --quiet
sed -i 's/,yes$/,maybe/; s/,no$/,yes/; s/,maybe$/,no/' elsewhere/w.csv
rm stopped/summary.json
expect_status 1 "$PERCEPT" train --resume stopped --no-plot --quiet
expect_contains err "the validation part"
