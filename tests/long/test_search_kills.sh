#!/bin/bash
# Searches of the digits, killed three times at random moments: the table of the undisturbed search, to the bit, and a whole
# database.
. "$(dirname "$0")/../cli/lib.sh"
need_digits

cat >space.yaml <<'END'
data.name: digits
train: {epochs: 256, optimizer: sgd}
search: {trials: 24, repeats: 2, halving: {least_epochs: 16, reduction: 4}}
space:
  train.learning_rate: {low: 0.001, high: 1, scale: log, steps: 4}
  train.batch_size: [16, 32, 64]
  model.hidden: [64, 96-48]
END

for strategy in grid halving tpe random; do
    expect_status 0 "$PERCEPT" search space.yaml --strategy $strategy --jobs 2 --no-best --quiet --out whole-$strategy
    for round in 1 2 3; do
        rm -rf killed
        command=(search space.yaml --strategy "$strategy" --out killed)
        kills=0
        while [ $kills -lt 3 ]; do
            status=0
            { timeout -s KILL "0.$((RANDOM % 10))$((RANDOM % 9 + 1))" "$PERCEPT" "${command[@]}" \
                --jobs $((RANDOM % 3 + 1)) --no-best --quiet >out 2>err; } 2>/dev/null || status=$?
            [ $status -ne 0 ] || break
            [ $status -eq 137 ] || fail "status $status, not 0 or 137, after $kills kills"
            kills=$((kills + 1))
            [ ! -e killed/space.yaml ] || command=(search --resume killed)
        done
        [ $status -eq 0 ] || expect_status 0 "$PERCEPT" "${command[@]}" --jobs 2 --no-best --quiet
        expect_same whole-$strategy/results.csv killed/results.csv
        echo "$strategy: $kills kills"
    done
done
