#!/bin/bash
# Training that cannot be done says what, where and what to do, ends with 1 and leaves nothing behind.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
small=(--set data.per_class=50 --validation 100 --layers 784-16-10 --epochs 2 --no-plot)

refused() { # refused TEXT ARGUMENT...: status 1, one line with TEXT, no folder
    local text=$1
    shift
    expect_status 1 "$PERCEPT" "$@"
    expect_lines out 0
    expect_match err '^percept: '
    expect_contains err "$text"
    expect_no_file run runs
}

# ---- Recipes and data ----
refused nothing.yaml train nothing.yaml --out run
mkdir folder
refused folder train folder --out run
printf 'train:\n  epochs: 3\n  learnin_rate: 1\n' >wrong.yaml
refused wrong.yaml:3 train wrong.yaml --out run
expect_contains err learning_rate
printf 'train:\n  epochs: -3\n' >wrong.yaml
refused wrong.yaml:2 train wrong.yaml --out run
printf 'train: [\n' >wrong.yaml
refused wrong.yaml train wrong.yaml --out run
refused "fashion-mnist" train --data fashion-mnits --out run
refused nothing.csv train --data nothing.csv --out run
refused 784 train --layers 100-10 --out run
refused 10 train --layers 784-3 --out run

# ---- Damaged files ----
origin=/usr/share/datasets/fashion-mnist
damaged() { # damaged: a folder of links to the real files, to be replaced one by one
    rm -rf data
    mkdir -p data/fashion-mnist
    ln -s $origin/*.gz data/fashion-mnist
}
replace() { # replace NAME: standard input becomes the file
    rm data/fashion-mnist/$1
    cat >data/fashion-mnist/$1
}
damaged
head -c 100000 $origin/train-images-idx3-ubyte.gz | replace train-images-idx3-ubyte.gz
refused train-images-idx3-ubyte.gz train --data-dir data --out run
damaged
printf 'not a picture' | gzip | replace t10k-images-idx3-ubyte.gz
refused t10k-images-idx3-ubyte.gz train --data-dir data --out run
damaged
zcat $origin/t10k-labels-idx1-ubyte.gz >labels # 8 bytes of header, 10,000 labels; number 4999 becomes 10
{ head -c 5007 labels && printf '\012' && tail -c 5000 labels; } | gzip | replace t10k-labels-idx1-ubyte.gz
refused t10k-labels-idx1-ubyte.gz train --data-dir data --out run
expect_contains err 4999 10
damaged
zcat $origin/train-labels-idx1-ubyte.gz >labels
head -c 30000 labels | gzip | replace train-labels-idx1-ubyte.gz
refused train-labels-idx1-ubyte.gz train --data-dir data --out run

# ---- Folders that cannot be ----
touch file
refused file train "${small[@]}" --out file/run
refused file train "${small[@]}" --out file
refused /proc train "${small[@]}" --out /proc/run

# ---- Divergence: told with epoch and step; what was written stays valid ----
expect_status 1 "$PERCEPT" train "${small[@]}" --optimizer sgd --learning-rate 1e30 --quiet --out run
expect_match err '^percept: .*epoch [0-9]+, step [0-9]+'
expect_contains err "smaller" learning_rate
expect_file run/recipe.yaml run/metrics.csv
expect_no_file run/model.safetensors run/summary.json
expect_match run/metrics.csv '^epoch,'

# A dataset where a recipe belongs.
expect_status 2 "$PERCEPT" train moons
expect_contains err "'moons' is a dataset" "--data"
