#!/bin/bash
# Help shows an example first and fits a terminal; wrong usage ends with 2 and names the nearest valid word; output that
# cannot be written is a failure.
. "$(dirname "$0")/lib.sh"

# ---- Help ----
expect_status 0 "$PERCEPT" help --list
[ "$(head -n 1 out)" = percept ] || fail "the list of pages begins otherwise"
levels=()
while read -r _ level; do
    levels+=("$level")
done <out
for level in "" train evaluate predict data "data list" "data info" version completion; do
    [[ " ${levels[*]/#/|} " == *"|$level "* ]] || fail "'$level' is in no list of pages"
done
for level in "${levels[@]}"; do
    expect_status 0 "$PERCEPT" $level --help
    [ "$(head -n 1 out)" = Example ] || fail "help of '$level' does not begin with an example"
    expect_match out "^  percept ${level:-train}"
    expect_lines err 0
    [ "$(LC_ALL=C.UTF-8 wc -L <out)" -le 80 ] || fail "a line has more than 80 columns"
    cp out flag
    expect_status 0 "$PERCEPT" help $level
    expect_same out flag
done
# Keys that everybody needs come with --help, all keys with --help-all.
expect_status 0 "$PERCEPT" train --epochs 3 --help
expect_contains out --out --force --quiet --no-plot --resume --set --data --label --targets --layers --epochs \
    --batch-size --learning-rate --optimizer --dropout --seed "passes over the training set [20]" --help-all
for key in data.per_class train.beta2 metrics.naive; do
    ! grep -q -- "$key" out || fail "--help has the rare key $key"
done
[ "$(wc -l <out)" -le 110 ] || fail "--help is longer than two screens"
for arguments in "train --help-all" "help --help-all train" "help train --help-all"; do
    expect_status 0 "$PERCEPT" $arguments
    expect_contains out --out --epochs seed data.name data.per_class model.layers train.learning_rate metrics.naive
    [ "$(LC_ALL=C.UTF-8 wc -L <out)" -le 80 ] || fail "a line has more than 80 columns"
done
for level in "" data evaluate; do
    expect_status 0 "$PERCEPT" $level --help
    cp out flag
    expect_status 0 "$PERCEPT" $level --help-all
    expect_same out flag
done

# ---- Version ----
expect_status 0 "$PERCEPT" version
expect_match out '^percept [0-9]+\.[0-9]+\.[0-9]+$'
expect_lines out 1
cp out version
expect_status 0 "$PERCEPT" --version
expect_same out version
expect_status 0 "$PERCEPT" version --verbose
expect_match out '^compiler +(gcc|clang) [0-9]'
for library in libdeflate libyaml jansson; do
    expect_match out "^$library +[^ ]"
done
expect_match out '^kernels +[a-z0-9]+;'
expect_match out '^threads +[1-9]'
if ! isas | grep -qxF cblas; then # only if built with PERCEPT_CBLAS
    expect_status 1 env PERCEPT_ISA=cblas "$PERCEPT" bench train --random --layers 4-4-2 --rounds 1
    expect_match err "^percept: PERCEPT_ISA=cblas is unknown; choose one of .*$(isas | head -n 1)"
fi

# ---- Wrong usage ----
wrong() { # wrong TEXT ARGUMENT...: status 2, nothing on standard output, TEXT on standard error
    local text=$1
    shift
    expect_status 2 "$PERCEPT" "$@"
    expect_lines out 0
    expect_match err "^percept: "
    expect_contains err "$text"
}
wrong "which command"
wrong "did you mean 'train'" trian
wrong "did you mean 'evaluate'" evalute
wrong "no command 'xyzzy'" xyzzy
wrong "did you mean '--help'" --hepl
wrong "did you mean --help-all" train --help-al
wrong "did you mean 'info'" data inof
wrong "which command" data
wrong "did you mean --epochs" train --epoch 3
wrong "did you mean --quiet" train --queit
wrong "no flag -x" train -x
wrong "--epochs needs a value" train --epochs
wrong "--out needs a value" train --out --quiet
wrong "--quiet takes no value" train --quiet=yes
wrong "--out is empty" train --out=
wrong "'second' is one argument too many" train first second
wrong "train.learning_rate" train --set train.learnin_rate=1
wrong "--epochs" train --epochs 0
wrong "--epochs" train --epochs many
wrong "adam" train --optimizer adm
wrong "--set" train --set seed
wrong "RUN|MODEL is missing" evaluate
wrong "RUN|MODEL is missing" predict
wrong "did you mean valid" evaluate run --part vlaid
wrong "--threads is '-1'" evaluate run --threads -1
wrong "NAME|FILE is missing" data info
wrong "too many" version now

# ---- The nearest word, wherever words are to choose from ----
wrong "did you mean 'evaluate'" eval
wrong "did you mean 'train'" help trian
wrong "did you mean 'info'" help data inof
wrong "did you mean 'info'" data help inof
wrong "did you mean '--man'" help --mann train
wrong "did you mean '--version'" --verison
wrong "did you mean --learning-rate" train --learn 1
wrong "did you mean --set data.scale=VALUE" train --scale none
wrong "did you mean --json" evaluate run --jsn
wrong "did you mean test" evaluate run --part tset
wrong "one of train, valid, test" evaluate run --part xyzzy
wrong "did you mean 'relu'" train --activation rleu
wrong "did you mean 'tanh'" train --activation relu,tahn
wrong "did you mean 'glorot'" train --init=glorto
wrong "did you mean 'reference'" train --engine refrence
wrong "did you mean 'float32'" train --set precision=flot32
wrong "did you mean 'true'" train --set data.join=ture
wrong "did you mean 'model.activation'" train --set model.activaton=relu
wrong "did you mean 'model.activation'" train --set activation=relu
wrong "did you mean 'train.optimizer'" train --set train.opt=adam
failed() { # failed TEXT ARGUMENT...: status 1 and TEXT
    local text=$1
    shift
    expect_status 1 "$PERCEPT" "$@"
    expect_contains err "$text"
}
failed "did you mean 'fashion-mnist'" train --data fashon-mnist
failed "did you mean 'mnist'" data info mnits
printf 'train:\n  epoch: 3\n' >recipe.yaml
failed "recipe.yaml:2: unknown key 'train.epoch'; did you mean 'train.epochs'" train recipe.yaml
printf 'trian:\n  epochs: 3\n' >recipe.yaml
failed "recipe.yaml:1: unknown section 'trian'; did you mean 'train'" train recipe.yaml
printf 'model:\n  activation: [relu, rleu]\n' >recipe.yaml
failed "did you mean 'relu'" train recipe.yaml
expect_no_file runs

# ---- `--` ends the flags; help behind it is a name ----
expect_status 1 "$PERCEPT" train -- --help
expect_contains err --help

# ---- Output that cannot be written ----
expect_status 1 bash -c '"$PERCEPT" --help >/dev/full'
expect_contains err "percept: standard output could not be written: No space left on device"
expect_status 1 bash -c '"$PERCEPT" --help >&-'
expect_contains err "percept: standard output could not be written"
