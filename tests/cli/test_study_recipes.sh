#!/bin/bash
# A study of runs that have their recipes in files of their own: the folder of the study gets these files and can be continued
# and repeated without the originals; medians over seeds of means over a grid.
. "$(dirname "$0")/lib.sh"

mkdir -p from/base from/published
cat >from/base/moons.yaml <<'EOF'
data: {name: moons, examples: 120}
model: {layers: [2, 4, 2]}
train: {epochs: 2, optimizer: adam}
EOF
cat >from/both.yaml <<'EOF'
about: Two entries
train: {epochs: 9, batch_size: 10}
runs:
  - name: whole
    recipe: base/moons.yaml
    seeds: [0, 1, 2]
  - name: folds
    recipe: base/moons.yaml
    data: {split: [1, 0, 0], folds: 3}
    grid: {data.fold: [0, 1, 2]}
    seeds: [0, 1]
parts:
  - seeds: {figure: final test_accuracy, runs: [whole], caption: Whole}
  - seeds: {figure: final valid_accuracy, runs: [folds], grid: mean, caption: Folds}
EOF
cat >from/published/both.csv <<'EOF'
run,epoch,figure,value,tolerance,kind,reason
whole,,median final test_accuracy,0.1,0,at-least,a goal
folds,,median final valid_accuracy,0.1,0,at-least,a goal
folds,,median final valid_accuracy,0,0,shown,for reading
EOF
expect_status 0 "$PERCEPT" reproduce from/both.yaml --out both
expect_contains out '2 values compared, 2 agreed'
expect_same both/base/moons.yaml from/base/moons.yaml
expect_contains both/whole_seed-1/recipe.yaml 'epochs: 2' 'batch_size: 10' 'name: moons'
expect_contains both/folds_2_seed-1/recipe.yaml 'fold: 2' 'folds: 3'

# The median of two is their mean: so that of the seeds is the mean of all six.
median=$(awk '$1 == "folds" && /not compared/ { print $6 }' out)
mean=$(cat both/folds_*/summary.json | jq -s 'map(.valid.accuracy) | add / length')
awk -v a="$median" -v b="$mean" 'BEGIN { exit !(a > 0 && (a - b) ^ 2 < 1e-6) }' || fail "the median is $median, not $mean"

# Repeated and continued from its own folder, with the originals gone.
mv from gone
expect_status 0 "$PERCEPT" reproduce both/study.yaml --run folds --out again --quiet
expect_same again/folds_0_seed-0/model.safetensors both/folds_0_seed-0/model.safetensors
rm -r both/whole_seed-2
expect_status 0 "$PERCEPT" reproduce --resume both --quiet
expect_file both/whole_seed-2/model.safetensors

# What cannot be.
refuse() { # refuse RECIPE TEXT
    printf 'runs:\n  - {name: one, recipe: "%s"}\nparts: []\n' "$1" >wrong.yaml
    expect_status 1 "$PERCEPT" reproduce wrong.yaml --out wrong
    expect_contains err 'wrong.yaml:2' "$2"
    expect_no_file wrong
}
refuse ../moons.yaml 'not beside the study or below it'
refuse /moons.yaml 'not beside the study or below it'
refuse none.yaml 'none.yaml'
sed 's/grid: mean/grid: median/' both/study.yaml >both/wrong.yaml
expect_status 1 "$PERCEPT" reproduce both/wrong.yaml --run folds --out wrong
expect_contains err 'grid: expected mean'
