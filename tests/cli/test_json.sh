#!/bin/bash
# --json answers with one line of JSON a value, keys sorted, the same bytes each time, and says what the answer for a
# person says.
. "$(dirname "$0")/lib.sh"
need_command jq
need_fashion_mnist
sorted() { # sorted FILE: each line is JSON, and its keys are in order on every level
    jq -e -s 'all(.[]; [.. | objects | keys_unsorted | . == sort] | all)' "$1" >/dev/null || fail "$1 is not sorted JSON"
}
json() { # json ARGUMENT...: the answer in `out`, checked
    expect_status 0 "$PERCEPT" "$@" --json
    expect_lines err 0
    expect_lines out 1
    sorted out
    cp out first
    expect_status 0 "$PERCEPT" "$@" --json
    expect_same out first
}
is() { # is EXPRESSION: true of out
    jq -e "$1" out >/dev/null || fail "not so: $1"
}

# ---- Version ----
json version
is '.version | test("^[0-9]+\\.[0-9]+\\.[0-9]+$")'
is '(.threads | type) == "number" and (.compiler | length) > 0 and (.kernels | length) > 0 and has("jansson")'

# ---- Datasets ----
json data list
is 'length > 1 and .[0].name == "fashion-mnist" and .[0].train == 60000 and .[0].test == 10000'
is '.[0].folder == "/usr/share/datasets/fashion-mnist" and .[0].validation == 10000'
is 'map(select(.name == "moons"))[0] | .folder == null and .train == 1000 and has("test")'
expect_status 0 env -u PERCEPT_DATA "$PERCEPT" data list --json
is 'map(select(.name == "mnist"))[0].folder == null or (map(select(.name == "mnist"))[0].folder | type) == "string"'
json data info fashion-mnist
is '.train == 60000 and .test == 10000 and .features == 784 and .type == "bytes" and .image == [28, 28]'
is '(.classes | length) == 10 and .classes[0] == {"name": "T-shirt/top", "test": 1000, "train": 6000}'
printf '\0\0\10\3\0\0\0\2\0\0\0\1\0\0\0\3abcdef' >tiny-images-idx3-ubyte
printf '\0\0\10\1\0\0\0\2\0\1' >tiny-labels-idx1-ubyte
json data info tiny-images-idx3-ubyte
is '.train == 2 and .test == null and .folder == null and .classes[1].train == 1 and .classes[1].test == null'

# ---- Evaluation ----
small=(--set data.per_class=50 --validation 100 --layers 784-16-10 --epochs 2 --no-plot --quiet)
expect_status 0 "$PERCEPT" train "${small[@]}" --out run
json evaluate run
is '.count == 500 and .part == "test" and .data == "fashion-mnist" and .loss > 0'
is '(.confusion | length) == 10 and (.confusion | flatten | add) == .count'
is '([range(10) as $k | .confusion[$k][$k]] | add) == (.accuracy * .count | round)'
is '[range(10) as $k | (.confusion[$k] | add) == .classes[$k].support] | all'
is '[range(10) as $k | ([.confusion[][$k]] | add) == .classes[$k].predicted] | all'
is '.classes | all(.auc >= 0 and .auc <= 1 and .recall >= 0 and .recall <= 1)'
is '.macro.auc > 0.6' # better than guessing, even after two epochs
is '(.weighted.recall - .accuracy | fabs) < 1e-9' # one and the same figure, with 12 digits
is '([.classes[].auc] | add / 10) - .macro.auc | fabs < 1e-9'
is '(.calibration.bins | length) == 15 and ([.calibration.bins[].count] | add) == .count'
is '. as $all | ([.calibration.bins[] | select(.count > 0) | .count * (.accuracy - .confidence | fabs)] | add) / .count
    - $all.calibration.expected_error | fabs < 1e-9' # 12 digits of up to 15 terms
is '[.calibration.bins[] | select(.count > 0) | .confidence <= .up_to + 1e-9 and .confidence > .up_to - 1 / 15 - 1e-9] | all'
is '.calibration.bins[0] == {"accuracy": null, "confidence": null, "count": 0, "up_to": 0.0666666666667}'
cp out evaluated
expect_status 0 "$PERCEPT" evaluate run
[ "$(jq -r '.accuracy * 10000 | round' evaluated)" = "$(awk '/^test accuracy/ { print $3 * 100 }' out)" ] ||
    fail "the two answers differ in accuracy"

# ---- Prediction: an object a row, in the order of the rows, with the numbers of the CSV ----
zcat /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz >images
od -An -v -t u1 -w784 -j16 -N$((784 * 700)) images | sed 's/^ *//; s/  */,/g' >rows.csv
expect_status 0 "$PERCEPT" predict run rows.csv --json
expect_lines out 700
sorted out
cp out rows.json
expect_status 0 "$PERCEPT" predict run rows.csv
names=$(head -n 1 out | cut -d, -f2- | jq -R 'split(",")')
jq -r --argjson names "$names" '[.class, (.probabilities[$names[]])] | @csv' rows.json | tr -d '"' >from-json
tail -n +2 out >from-csv
paste -d, from-json from-csv | awk -F, '{ for (i = 2; i <= 11; i++) { d = $i - $(i + 11); if (d > 1e-15 || d < -1e-15) exit 1 }
    if (NF != 22 || $1 != $12) exit 1 }' || fail "JSON and CSV differ" # both have nine digits
jq -s -e 'all(.[]; .class as $class | .probabilities | (add - 1 | fabs) < 1e-5 and .[$class] == (map(.) | max))' \
    rows.json >/dev/null || fail "a class is not the likeliest, or probabilities do not add up"
expect_status 0 "$PERCEPT" predict run /dev/null --json
expect_lines out 0

# ---- One output stands for two classes ----
expect_status 0 "$PERCEPT" train "${small[@]}" --classes 5,8 --layers 784-8-1 --validation 20 --out pair
head -n 3 rows.csv >three.csv
expect_status 0 "$PERCEPT" predict pair three.csv --json
jq -s -e 'length == 3 and all(.[]; (.probabilities | keys) == ["Bag", "Sandal"] and (.probabilities | add - 1 | fabs) < 1e-6)' \
    out >/dev/null || fail "the pair's probabilities"
json evaluate pair
is '.classes | length == 2 and .[0].auc == .[1].auc'
expect_status 0 "$PERCEPT" evaluate pair
expect_match out '^test ROC AUC [01]\.[0-9]{4}$'

# ---- Output that cannot be written ----
expect_status 1 bash -c '"$PERCEPT" evaluate run --json >/dev/full'
expect_contains err "standard output could not be written"
expect_status 1 bash -c '"$PERCEPT" predict run rows.csv --json >/dev/full'
expect_contains err "standard output could not be written"
