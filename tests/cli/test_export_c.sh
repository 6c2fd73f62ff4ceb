#!/bin/bash
# percept export --to c: the source compiles everywhere without a warning, and answers as Percept does.
. "$(dirname "$0")/lib.sh"
need_command cc

# A table with gaps, categories with awkward texts, truth values and a target; made by the same numbers each time.
awk 'BEGIN {
    split("north,so\"uth,a/*b,\303\266st", region, ",")
    split("high??/,mid*/,low", answer, ",")
    print "age,height (cm),region,member,class,price,year"
    for (i = 0; i < 240; i++) {
        a = (i * 37) % 61 + 18; h = 150 + (i * 53 % 97) / 2.3; r = i * 7 % 4 + 1
        y = a + h / 3 + 9 * r; text = region[r]; gsub("\"", "\"\"", text)
        class = y + 0 > 125 ? 1 : y + 0 > 105 ? 2 : 3
        printf "%s,%s,%s,%s,%s,%.3f,%.2f\n", (i % 17 ? a : ""), (i % 23 ? sprintf("%.3f", h) : "NA"),
            (i % 29 ? "\"" text "\"" : ""), (i % 3 ? "true" : "false"), answer[class], y * 1000 + 0.5, 1990 + y / 10
    }
}' >table.csv

# compiles_everywhere NAME FLAG...: as C and as C++, by every compiler that is here, and no warning.
compiles_everywhere() {
    local name=$1 compiler
    shift
    for compiler in gcc clang; do
        command -v $compiler >/dev/null || continue
        expect_status 0 $compiler -std=c99 -pedantic -Wall -Wextra -Wconversion -Wshadow -Werror "$@" -c "$name.c" -o $compiler.o
        expect_status 0 $compiler -x c++ -pedantic -Wall -Wextra -Wconversion -Werror "$@" -c "$name.c" -o $compiler.o
    done
}

# expect_close FILE FILE BOUND: two tables of answers with the same texts, and numbers within the bound (relative above 1).
expect_close() {
    awk -F, -v bound="$3" '
        function distance(a, b) { return (a > b ? a - b : b - a) / (b > 1 ? b : b < -1 ? -b : 1) }
        NR == FNR { line[FNR] = $0; rows = FNR; next }
        { split(line[FNR], other, ",")
          for (k = 1; k <= NF; k++)
              if ($k != other[k] && (FNR == 1 || $k !~ /^[-0-9]/ || distance($k, other[k]) > bound)) {
                  print "row " FNR ": " $0 " | " line[FNR]; wrong = 1; exit } }
        END { exit wrong || FNR != rows }' "$1" "$2" || fail "$1 and $2 differ by more than $3"
}

# answers_as_percept RUN BOUND FLAG...: the program reads the table of training, by the names of its columns.
answers_as_percept() {
    local run=$1 bound=$2
    shift 2
    expect_status 0 "$PERCEPT" export "$run" --to c --with-main --out "$run.c" "$@"
    expect_contains out "all labels equal"
    expect_status 0 cc -std=c99 -O1 "$run.c" -o "$run.program" -lm
    "./$run.program" <table.csv >"$run.c.csv"
    "$PERCEPT" predict "$run" table.csv >"$run.csv" 2>err
    expect_close "$run.c.csv" "$run.csv" "$bound"
}

train() { expect_status 0 "$PERCEPT" train --data table.csv --epochs 2 --quiet --no-plot "$@"; }

# ---- Classes, with the way from raw columns to the network
train --label class --drop price,year --layers 4-8-3 --out classes
answers_as_percept classes 2e-6
for level in -O0 -O1 -O2 -O3; do compiles_everywhere classes $level; done
compiles_everywhere classes -DCLASSES_VALUE=float
expect_contains classes.h 'height (cm)' 'category: 0 a/ *b' '0  high? ?/' 'CLASSES_CLASSES 3' 'int classes_predict(const CLASSES_VALUE *features);'

# The same model gives the same bytes.
mkdir again
expect_status 0 "$PERCEPT" export classes --to c --with-main --out again/classes.c
expect_same classes.c again/classes.c
expect_same classes.h again/classes.h

# Columns in another order, among others, and without names; a row that cannot be read is named.
printf 'more,member,region,"height (cm)",age\nx,true,north,170,30\n' >some.csv
./classes.program <some.csv >out
expect_lines out 2
printf '30,170,north,true\n' >bare.csv # in the order of the training data
./classes.program <bare.csv >bare.out
expect_same out bare.out
expect_status 0 "$PERCEPT" predict classes bare.csv --header no
expect_close out bare.out 2e-6
printf 'age,height (cm),region,member\n30,tall,north,true\n' >bad.csv
expect_status 1 ./classes.program <bad.csv
expect_contains err 'line 2' 'tall'

# ---- Every activation, every kind of stage, members; in both precisions, and without the C library
train --label class --drop price,year --layers 4-6-6-6-6-6-6-6-6-6-6-6-6-3 --out activations --set \
    model.activation=identity,sigmoid,tanh,relu,leaky-relu,elu,selu,softplus,gelu,silu,mish,softmax
answers_as_percept activations 2e-6
compiles_everywhere activations -O2
answers_as_percept activations 2e-6 --no-libm
expect_lacks activations.h math.h
compiles_everywhere activations -O2

train --label class --drop price,year --layers 4-6-6-6-3 --out stages --set model.residual=1 --set \
    model.stages=batch-norm,layer-norm,feature-scale,mix,glu:gate=gelu --set model.one_hot=3 --set \
    model.embedding=piecewise-linear --set model.embedding_size=3 --set data.scale=quantile-normal --precision float64
answers_as_percept stages 1e-12
compiles_everywhere stages -O2
answers_as_percept stages 1e-12 --no-libm
compiles_everywhere stages -O2

train --label class --drop price,year --layers 4-6-6-3 --out members --set model.members=3 --set model.normalize=batch \
    --set model.stages=prelu --set model.embedding=periodic --set model.input_stages=batch-norm,feature-scale
answers_as_percept members 2e-6
compiles_everywhere members -O2

# ---- Layers in whole numbers of 8 bits: a quarter of the tables, nearly the same answers
for run in classes members; do
    expect_status 0 "$PERCEPT" export $run --to c --int8 --with-main --out eight.c
    expect_match out '^accuracy on 48 of them, the test part: [0-9.]+ %, before [0-9.]+ %'
    expect_contains eight.c 'static const int8_t layers_0_weight'
    compiles_everywhere eight -O2
    cc -std=c99 eight.c -o eight -lm
    ./eight <table.csv >eight.csv
    cut -d , -f 2- <eight.csv >eight.numbers
    cut -d , -f 2- <$run.csv >numbers
    expect_close eight.numbers numbers 0.1
done
expect_status 1 "$PERCEPT" export classes/model.safetensors --to c --int8 --out no.c
expect_contains err '--examples'
expect_no_file no.c

# ---- Two classes of one output: both probabilities keep their digits
train --label member --drop price,year,class --layers 3-6-1 --out two
answers_as_percept two 2e-6
compiles_everywhere two -O2

# ---- Targets in their units, far from 0 or not
train --targets price,year --drop class --layers 4-6-2 --out targets --set model.members=2
answers_as_percept targets 2e-6
compiles_everywhere targets -O2
expect_contains targets.h 'void targets_predict(const TARGETS_VALUE *features, TARGETS_VALUE *targets);'

# ---- Sanitizers find nothing, in any of them
for name in activations stages members targets; do
    cc -std=c99 -fsanitize=address,undefined -fno-sanitize-recover=all $name.c -o sanitized -lm 2>err ||
        skip "cc has no sanitizers"
    expect_status 0 ./sanitized <table.csv
    expect_same out $name.c.csv
done

# ---- Names
expect_status 0 "$PERCEPT" export two/model.safetensors --to c --prefix iris_2 --out net.c
expect_contains net.h 'int iris_2_predict(' '#ifndef IRIS_2_H'
expect_contains net.c '#include "net.h"'
expect_status 1 "$PERCEPT" export two --to c --prefix 2nd --out no.c
expect_contains err '--prefix'
expect_no_file no.c no.h

expect_status 1 "$PERCEPT" export two --to c --out no.txt
expect_contains err 'end in .c'
expect_no_file no.txt no.txh

# ---- Without a compiler the file is written, and not checked
mkdir bare
expect_status 0 env PATH="$PWD/bare" "$PERCEPT" export two --to c --out unchecked.c
expect_contains err 'not checked' 'no C compiler'
expect_file unchecked.c unchecked.h

# ---- Nor where programs must not be run, as in a folder that is mounted noexec
printf '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\n: >"$2"\n' >bare/cc
chmod +x bare/cc
rm unchecked.c unchecked.h
expect_status 0 env PATH="$PWD/bare" TMPDIR="$PWD" "$PERCEPT" export two --to c --out unchecked.c
expect_contains err 'not checked: programs must not be run in' 'set TMPDIR'
expect_file unchecked.c unchecked.h

# ---- Parts of dates are computed there as in Percept
awk 'BEGIN {
    print "id,sold,at,size,kind"
    for (i = 0; i < 200; i++)
        printf "x,%04d-%02d-%02dT%02d:%02d:07%s,%02d:%02d,%.2f,%s\n", 1960 + i * 7 % 80, i * 5 % 12 + 1, i * 11 % 28 + 1, i % 24,
            i * 13 % 60, (i % 3 ? "+05:30" : ""), i * 5 % 24, i % 60, i / 7, (i * 5 % 12 < 6 ? "early" : "late")
}' >dated.csv
expect_status 0 "$PERCEPT" train --preset plain --data dated.csv --label kind --drop id --layers 7-6-2 --epochs 2 --quiet --no-plot \
    --out dated
expect_status 0 "$PERCEPT" export dated --to c
compiles_everywhere dated -O2
cat >parts.c <<'C'
#include <stdio.h>
#include "dated.h"
int main(void)
{
    int year, month, day, hour, minute, h, m;
    float x[DATED_FEATURES] = {0}, y[DATED_FEATURES] = {0}, p[2];
    char line[100], zone;
    printf("class,early,late\n");
    fgets(line, sizeof line, stdin);
    while (fgets(line, sizeof line, stdin)) {
        double offset = 0, size, seconds;
        char rest[60];
        sscanf(line, "x,%d-%d-%dT%d:%d:07%59s", &year, &month, &day, &hour, &minute, rest);
        seconds = hour * 3600.0 + minute * 60 + 7;
        if (sscanf(rest, "%c05:30,%d:%d,%lf", &zone, &h, &m, &size) == 4)
            offset = 19800;
        else
            sscanf(rest, ",%d:%d,%lf", &h, &m, &size);
        dated_date(1, year, month, day, seconds, offset, x);
        dated_date(5, 2000, 1, 1, h * 3600.0 + m * 60, 0, x);
        x[6] = (float)size;
        dated_predict_proba(x, p);
        printf("%s,%.9g,%.9g\n", dated_class_names[dated_predict(x)], p[0], p[1]);
    }
    dated_date(0, 1969, 12, 31, 86399, 0, x);
    dated_epoch(0, -1, y);
    for (int j = 0; j < 5; j++)
        if (x[j] != y[j])
            return 1;
    return 0;
}
C
expect_status 0 cc -std=c99 -O1 parts.c dated.c -o parts -lm
./parts <dated.csv >parts.csv || fail "seconds since 1970 are another date"
"$PERCEPT" predict dated dated.csv >dated.predicted 2>err
expect_close parts.csv dated.predicted 2e-6
