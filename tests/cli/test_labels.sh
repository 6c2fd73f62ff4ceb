#!/bin/bash
# Labels are names: what is written decides which class an example has, in every format and between files.
. "$(dirname "$0")/lib.sh"

# The names of the classes that a dataset has, on one line.
expect_classes() {
    local expected=$1
    shift
    expect_status 0 "$PERCEPT" data info "$@" --json
    [ "$(grep -o '"name": "[^"]*", "test"' out | cut -d'"' -f4 | paste -sd' ')" = "$expected" ] ||
        fail "the classes are not $expected"
}
train() {
    expect_status 0 "$PERCEPT" train --preset plain --epochs 2 --no-plot --quiet --validation 0 --set data.shuffle=false "$@"
}

# ---- Codes are texts; whole numbers have a value ----
printf 'a,b,code\n1,2,01\n2,3,1\n3,4,007\n4,5,7\n' >codes.csv
expect_classes "007 01 1 7" codes.csv
printf 'a,b,well\n1,2,1E1\n2,3,10\n3,4,1E2\n4,5,100\n' >wells.csv
expect_classes "10 100 1E1 1E2" wells.csv
printf 'a,b,y\n1,2,2.0\n2,3,10\n3,4,1\n4,5,2\n' >floats.csv
expect_classes "1 2 10" floats.csv
train --data codes.csv --layers 2-4 --out codes
printf '1,2\n' | expect_status 0 "$PERCEPT" predict codes -
expect_match out '^(007|01|1|7),'
expect_status 0 "$PERCEPT" evaluate codes --data codes.csv
expect_contains out "4 examples"
printf 'a,b,code\n1,2,001\n' >other.csv
expect_status 1 "$PERCEPT" evaluate codes --data other.csv
expect_contains err "class '001', which the model does not know; its classes are 007, 01, 1, 7"
printf 'a,y\n1,0.5\n2,1.5\n' >decimals.csv
expect_status 1 "$PERCEPT" train --preset plain --data decimals.csv --out refused --no-plot
expect_contains err "column y holds decimals such as 0.5, not classes; for regression add --targets y"

# ---- Classes are chosen by name ----
printf 'x,label\n-3,1\n-2,1\n0,2\n0.5,2\n2,3\n3,3\n' >wine.csv
train --data wine.csv --classes 1,2 --layers 1-2 --out low
expect_contains low/recipe.yaml 'classes: ["1", "2"]'
expect_status 0 "$PERCEPT" evaluate low
expect_contains out "4 examples"
expect_match out '^1 .* 2$'
expect_match out '^2 .* 2$'
train --data wine.csv --set data.positive=3.0 --layers 1-1 --out high
expect_contains high/recipe.yaml 'positive: ["3"]'
expect_status 0 "$PERCEPT" evaluate high
expect_match out '^1\|2 .* 4$'
expect_match out '^3 .* 2$'
# Another file may lack some of the classes.
printf 'x,label\n-3,1\n3,3\n' >some.csv
expect_status 0 "$PERCEPT" evaluate low --data some.csv
expect_match out '^1 .* 1$'
expect_match out '^2 .* 0$'
expect_status 0 "$PERCEPT" evaluate high --data some.csv
expect_match out '^1\|2 .* 1$'
expect_match out '^3 .* 1$'
printf 'x,label\n3,3\n2,3\n' >threes.csv
expect_status 0 "$PERCEPT" evaluate high --data threes.csv
expect_match out '^3 .* 2$'
expect_status 1 "$PERCEPT" evaluate low --data threes.csv
expect_contains err "no example has one of the requested classes"
expect_status 1 "$PERCEPT" train --preset plain --data wine.csv --classes 0,1 --out refused --no-plot
expect_contains err "data.classes: there is no class '0'" "the classes are 1, 2, 3"
printf 'x,kind\n-3,aster\n-2,aster\n0,daisy\n1,"rose, red"\n' >flowers.csv
train --data flowers.csv --classes '"rose, red",aster' --layers 1-2 --out named
expect_contains named/recipe.yaml 'classes: ["rose, red", aster]'
expect_status 0 "$PERCEPT" train named/recipe.yaml --no-plot --quiet --out again
expect_same named/model.safetensors again/model.safetensors
expect_status 1 "$PERCEPT" train --preset plain --data flowers.csv --classes 0,1 --out refused --no-plot
expect_contains err "there is no class '0'; the classes are aster, daisy, rose, red"
expect_status 1 "$PERCEPT" train --preset plain --data flowers.csv --classes asters,daisy --out refused --no-plot
expect_contains err "did you mean 'aster'?"
[ ! -e refused ] || fail "a refused training left a folder"

# ---- A row without a label is no class ----
printf 'a,b,y\n1,2,0\n2,3,1\n3,4,NA\n4,?,0\n5,6,?\n6,7,1\n7,8,nan\n' >gaps.csv
expect_classes "0 1" gaps.csv
expect_status 1 "$PERCEPT" train --preset plain --data gaps.csv --missing mean --out refused --no-plot
expect_contains err "3 of 7 rows have no label (column y), the first in line 4; --missing-label drop"
train --data gaps.csv --missing mean --missing-label drop --layers 2-2 --out gaps
expect_contains gaps/recipe.yaml 'missing_label: drop'
expect_status 0 "$PERCEPT" evaluate gaps
expect_contains out "4 examples"
expect_status 0 "$PERCEPT" evaluate gaps --data gaps.csv
expect_contains out "4 examples"

# ---- LIBSVM: narrower files, indices from 0 ----
printf '+1 1:1 2:1 4:1\n-1 2:1 3:1\n+1 1:1 4:1\n-1 3:1\n' >train.svm
printf -- '-1 2:1 3:1\n+1 1:1\n' >test.svm
train --data train.svm --layers 4-2 --out sparse
expect_status 0 "$PERCEPT" evaluate sparse --data test.svm
expect_contains out "2 examples"
printf '1 5:1\n' >wide.svm
expect_status 1 "$PERCEPT" evaluate sparse --data wide.svm
expect_contains err "wide.svm, line 1: '5:1' is beyond the 4 features"
printf '1 0:0.5 3:1\n-1 1:2\n' >zero.svm
expect_status 1 "$PERCEPT" data info zero.svm
expect_contains err "zero.svm, line 1: '0:0.5'" "--first-index 0"
expect_status 0 "$PERCEPT" data info zero.svm --first-index 0
expect_contains out "4, float32"
train --data zero.svm --first-index 0 --layers 4-2 --out zero
expect_status 0 "$PERCEPT" evaluate zero --data zero.svm

# ---- Arrays: texts are classes, whole numbers are targets if told, NaN is missing ----
# array FILE TYPE SHAPE ITEMS: an NPY file; the items as printf writes them.
array() {
    local header="{'descr': '$2', 'fortran_order': False, 'shape': $3}"
    printf '\223NUMPY\001\000'"\\x$(printf %02x ${#header})"'\000%s'"$4" "$header" >"$1"
}
array x.npy '|u1' '(4, 2)' '\001\002\003\004\005\006\007\010'
array y.npy '|S5' '(4,)' 'asterdaisyasterdaisy'
expect_classes "aster daisy" x.npy
train --data x.npy --layers 2-2 --out texts
expect_contains texts/model.safetensors aster
array y.npy '|u1' '(4,)' '\031\040\047\056'
expect_classes "25 32 39 46" x.npy
expect_status 0 "$PERCEPT" data info x.npy --targets y
expect_match out '^targets +1$'
train --data x.npy --targets y --layers 2-1 --out numbers
expect_contains numbers/recipe.yaml 'targets: ["y"]'
expect_status 0 "$PERCEPT" evaluate numbers
expect_contains out "mean absolute error"
expect_status 1 "$PERCEPT" data info x.npy --targets price
expect_contains err "are called y"
array y.npy '|O' '(4,)' '1234'
expect_status 1 "$PERCEPT" data info x.npy
expect_contains err "save labels as y.astype(str)"
array y.npy '|u1' '(2,)' '\000\001'
array x.npy '<f4' '(2, 2)' '\000\000\200\077\000\000\300\177\000\000\200\077\000\000\200\077'
expect_status 1 "$PERCEPT" train --preset plain --data x.npy --missing refuse --out refused --no-plot
expect_contains err "'x.npy', row 1, column 2: the value is missing (NaN); --missing mean or zero"
array x.npy '<f4' '(2, 2)' '\000\000\200\077\000\000\200\177\000\000\200\077\000\000\200\077'
expect_status 1 "$PERCEPT" train --preset plain --data x.npy --missing mean --out refused --no-plot
expect_contains err "'x.npy', row 1, column 2: the value is infinite (inf)"
[ ! -e refused ] || fail "a refused training left a folder"

# ---- What is probably no class ----
printf '0,157,5,0\n1,0,160,0\n2,0,0,0\n0,177,38,0\n1,0,154,0\n2,0,3,0\n' >first.csv
expect_status 1 "$PERCEPT" train --preset plain --data first.csv --out refused --no-plot
expect_contains err "labels are '0', one class" "--label first"
train --data first.csv --label first --layers 3-3 --out first
awk 'BEGIN { print "a,price"; for (i = 0; i < 30; i++) print i * i % 7 "," 100 + 7 * i }' >prices.csv
expect_status 0 "$PERCEPT" data info prices.csv --json
expect_contains out "column price holds 30 different whole numbers" "--targets price"
# With a comparison of all pairs this table would take minutes.
awk 'BEGIN { print "a,label"; for (i = 0; i < 400000; i++) print i % 9 ",id" i }' >ids.csv
expect_status 0 "$PERCEPT" data info ids.csv
expect_contains out '... and 399,968 more; --json has all'
expect_status 0 "$PERCEPT" data info ids.csv --json
expect_contains out "column label holds 400000 different labels"

# ---- Text is UTF-8, or converted ----
printf 'a,b,y\n1,2,caf\351\n2,3,th\351\n3,3,th\351\n' >latin1.csv
expect_status 1 "$PERCEPT" train --preset plain --data latin1.csv --out refused --no-plot
expect_contains err "latin1.csv, line 2, column y: the label is not UTF-8" "--encoding latin1"
train --data latin1.csv --encoding latin1 --layers 2-2 --out latin1
expect_contains latin1/model.safetensors $'th\303\251'
expect_status 0 "$PERCEPT" evaluate latin1
expect_contains out $'caf\303\251'
expect_status 0 "$PERCEPT" evaluate latin1 --data latin1.csv
expect_contains out "3 examples"
[ ! -e refused ] || fail "a refused training left a folder"
