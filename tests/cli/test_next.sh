#!/bin/bash
# Every command that is printed for the reader to run next works when it is pasted: whatever the folder and the program are
# called.
. "$(dirname "$0")/lib.sh"
mkdir "the program" 'my runs'
ln -s "$PERCEPT" "the program/percept"
P="./the program/percept"
folder="my runs/it's 5 \$HOME \"a\" & (b) *"
mkfifo progress

line_of() { # line_of LABEL FILE: the commands that stand beside LABEL and below it
    awk -v label="$1" 'index($0, label) == 1 { on = 1; print substr($0, 11); next } on && /^          / { print substr($0, 11); next } { on = 0 }' "$2"
}
paste() { # paste FILE LABEL COUNT: runs each command
    local lines
    line_of "$2" "$1" >commands
    expect_lines commands "$3"
    mapfile -t lines <commands
    for line in "${lines[@]}"; do
        expect_status 0 bash -c "$line"
    done
}
# Sends SIGINT to a command, given as a shell would read it, once a line of its progress begins with PATTERN.
interrupt() { # interrupt PATTERN COMMAND
    local line status=0
    bash -c "exec $2" >out 2>progress &
    local process=$!
    exec 3<progress
    while read -r line <&3; do
        [[ $line != $1* ]] || break
    done
    kill -s INT $process
    cat <&3 >err
    exec 3<&-
    wait $process || status=$?
    [ $status -eq 130 ] || fail "SIGINT gave status $status"
    line_of "continue" err >way_on
    expect_lines way_on 1
}

# ---- train ----
expect_status 0 "$P" data make moons --count 200 --out "my runs/two moons.csv"
small=(--data "my runs/two moons.csv" --layers 2-4-2 --no-plot)
expect_status 0 "$P" train "${small[@]}" --epochs 2 --out "$folder"
expect_contains out "'./the program/percept' evaluate 'my runs/it'\\''s 5"
cp out trained
paste trained next 1
expect_contains out "two moons.csv"
# A part for validation and none to test on.
expect_status 0 "$P" train "${small[@]}" --epochs 2 --validation 0.2 --out "-n"
cp out trained
paste trained next 1
expect_status 0 "$P" train "${small[@]}" --epochs 2 --out $'line\nbreak'
cp out trained
paste trained next 1
expect_status 0 "$P" train "${small[@]}" --epochs 2 --out $'\xc2\x9b31m \\ \xff\'é'
cp out trained
paste trained next 1
expect_same <(LC_ALL=C grep -a $'\x9b\\|\xff' trained) /dev/null
expect_status 0 "$PERCEPT" train "${small[@]}" --epochs 2 --out plain
expect_match out "^next +[^']*percept evaluate plain$"

printf -v long '%q ' "$P" train "${small[@]}" --epochs 1000000 --out "my runs/long, long"
interrupt epoch "$long"
interrupt epoch "$(cat way_on)"
expect_contains err "'my runs/long, long'"
printf -v long '%q ' "$P" train "${small[@]}" --folds 3 --epochs 1000000 --out "my runs/fol ds"
interrupt epoch "$long"
expect_contains way_on "'my runs/fol ds'"
interrupt epoch "$(cat way_on)"

# ---- search ----
cat >"a space.yaml" <<END
data: {name: moons, examples: 200, validation: 0.3}
model: {layers: [2, 4, 2]}
train: {epochs: 2}
space: {train.learning_rate: {low: 0.001, high: 0.1, scale: log}}
search: {trials: 3}
END
expect_status 0 "$P" search "a space.yaml" --out "my runs/a search"
cp out searched
paste searched next 2
printf -v long '%q ' "$P" search "a space.yaml" --set search.trials=1000 --set train.epochs=200 --out "my runs/another search"
interrupt "trial 1" "$long"
expect_contains way_on "'my runs/another search'"
interrupt "search" "$(cat way_on)"

# ---- reproduce ----
cat >study.yaml <<END
about: Two moons
name: study
data: {name: moons, examples: 100}
model: {layers: [2, 4, 2]}
train: {epochs: 1000000}
runs: [{name: one}]
parts: [{text: Nothing}]
END
printf -v long '%q ' "$P" reproduce study.yaml --out "my runs/a study"
interrupt epoch "$long"
expect_contains way_on "'my runs/a study'"
interrupt epoch "$(cat way_on)"

# ---- Hints ----
expect_status 1 env -u PERCEPT_DATA "$P" data info mnist --data-dir nowhere
expect_contains err "run: './the program/percept' data get mnist"
expect_status 2 "$P" train --nothing
expect_contains err "Try: './the program/percept' train --help"
expect_status 0 bash -c "$(sed -n 's/^Try: //p' err)"
