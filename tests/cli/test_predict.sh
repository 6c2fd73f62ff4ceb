#!/bin/bash
# Prediction turns rows of numbers into classes and probabilities, from a file as from standard input, and names the place
# of what it cannot read.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist
small=(--set data.per_class=50 --validation 100 --layers 784-16-10 --epochs 2 --batch-size 16 --no-plot --quiet)
expect_status 0 "$PERCEPT" train "${small[@]}" --out run

# The first 600 test pictures as CSV: more than two blocks of the program, and a part of one.
zcat /usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz >images
od -An -v -t u1 -w784 -j16 -N$((784 * 600)) images | sed 's/^ *//; s/  */,/g' >rows.csv
expect_lines rows.csv 600

# ---- Shape and sense ----
expect_status 0 "$PERCEPT" predict run rows.csv
expect_lines err 0
expect_lines out 601
[ "$(head -n 1 out)" = "class,T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot" ] ||
    fail "header: $(head -n 1 out)"
awk -F, 'NR == 1 { split($0, name); next }
    { sum = best = 0
      for (i = 2; i <= NF; i++) { sum += $i; if ($i > best) { best = $i; class = name[i] } }
      if (NF != 11 || class != $1 || sum < 1 - 1e-5 || sum > 1 + 1e-5) exit 1 }' out ||
    fail "a row is not a class and ten probabilities with sum 1 (within single precision)"
cp out predicted

# The classes are the right ones more often than guessing would give: 10 % of 600.
zcat /usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz >labels
right=$(od -An -v -t u1 -w1 -j8 -N600 labels | paste -d, - <(tail -n +2 predicted) | awk -F, '
    BEGIN { split("T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot", name) }
    name[$1 + 1] == $2 { right++ } END { print right + 0 }')
[ "$right" -gt 180 ] || fail "only $right of 600 classes are right, no better than guessing"

# ---- Standard input, a header, blank lines, spaces, other line ends: the same ----
same() { # same: the program reads standard input
    expect_status 0 "$PERCEPT" predict "$@"
    expect_same out predicted
}
same run <rows.csv
same run - <rows.csv
same run/model.safetensors rows.csv
{ seq -s , 784 | sed 's/[0-9]*/pixel&/g' && echo && cat rows.csv && echo; } >decorated.csv
same run decorated.csv
sed 's/,/ , /g; s/$/\r/' rows.csv >spaced.csv
same run spaced.csv
{ printf '\357\273\277' && head -c -1 rows.csv; } >marked.csv
same run marked.csv
expect_status 0 "$PERCEPT" predict run /dev/null
expect_lines out 1

# ---- What cannot be read: place and reason, after the rows before it ----
refused() { # refused ROWS TEXT...: lines printed (with the header, but for a table that does not fit), what is said
    local rows=$1
    shift
    expect_status 1 "$PERCEPT" predict run bad.csv
    expect_lines out "$rows"
    expect_lines err 1
    expect_contains err "percept: bad.csv" "$@"
}
{ head -n 300 rows.csv && echo 1,2,3; } >bad.csv
refused 301 "line 301" "3 values" 784
{ head -n 2 rows.csv && tail -n 1 rows.csv | sed 's/,[^,]*,/,abc,/'; } >bad.csv
refused 3 "line 3, column 2" abc
head -n 1 rows.csv | sed 's/^[^,]*,/nan,/' >bad.csv
refused 1 "line 1, column 1" nan
head -n 1 rows.csv | sed 's/^[^,]*,/1e999,/' >bad.csv
refused 1 "line 1, column 1" 1e999
head -n 1 rows.csv | sed 's/^[^,]*,/1e300,/' >bad.csv
refused 1 "line 1, column 1" "beyond the range of float32"
head -n 1 rows.csv | sed 's/[^,]*$//' >bad.csv
refused 1 "line 1, column 784"
printf 'a,b,c\n1,2,3\n' >bad.csv
refused 0 "line 1" "3 values"
head -c 1000000 /dev/zero | tr '\0' 7 >bad.csv
refused 0 "line 1" longer
expect_status 1 "$PERCEPT" predict run nothing.csv
expect_match err "^percept: cannot open 'nothing.csv'"
expect_status 1 "$PERCEPT" predict run .
expect_match err '^percept: '
expect_status 1 "$PERCEPT" predict nothing rows.csv
expect_match err '^percept: .*nothing'

# ---- A reader that goes away ends it, though the input never ends ----
expect_status 0 bash -c 'yes "$(head -n 1 rows.csv)" | { "$PERCEPT" predict run || echo $? >status; } | head -n 2'
expect_lines out 2
[ "$(cat status)" = 141 ] || fail "its status is not that of a program that SIGPIPE ends"
expect_lines err 0

# ---- Names that CSV must quote ----
expect_status 0 "$PERCEPT" train "${small[@]}" --set data.positive=5,7,9 --layers 784-8-1 --out shoes
expect_status 0 "$PERCEPT" predict shoes rows.csv
expect_lines out 601
