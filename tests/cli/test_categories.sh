#!/bin/bash
# Columns of categories, from a table to predictions: vocabularies come from the training part, whatever the order of
# columns and values in other files.
. "$(dirname "$0")/lib.sh"

# table FROM TO: size, region (4 values, some missing), age (some missing), shop (12 values), code (numbers) and the label
table() {
    local regions=(north east south west) i
    echo "size,region,age,shop,code,kind"
    for ((i = $1; i < $2; i++)); do
        local r=$((i * 7 % 4)) s=$((i * 13 % 12)) kind=no
        [ $(((r + s) % 3)) -ne 0 ] || kind=yes
        echo "$((i % 10)).5,$([ $((i % 19)) -eq 0 ] || echo "${regions[r]}"),$([ $((i % 17)) -eq 0 ] || echo $((i % 50))),\"shop, $s\",$((i % 3)),$kind"
    done
}
table 0 240 >table.csv
train=("$PERCEPT" train --preset plain --data table.csv --categories code --epochs 15 --batch-size 16 --no-plot --threads 1)

# ---- How the table is understood ----
expect_status 0 "$PERCEPT" data info table.csv --categories 5
expect_contains out "3 columns hold categories: region (4), shop (12), code (3)"
expect_match out '^size +number +0 +10  [█ ]* +0.5 to 9.5$'
expect_match out '^region +category +13 +4  (█)+ +west \(57\), south \(57\), …$'
expect_match out '^code +category +0 +3  ███ +0 \(80\), 1 \(80\), 2 \(80\)$'
expect_status 0 "$PERCEPT" data info table.csv --json
expect_contains out '"kind": "category"' '"value": "shop, 1"'
sed 's/,"shop, [0-9]*"//; s/,shop//' table.csv >one.csv
expect_status 0 "$PERCEPT" data info one.csv
expect_contains out "region: 4 categories"

# ---- Training: the model has the texts, sorted, and categories stand behind numbers, small ones first ----
expect_status 0 "${train[@]}" --out run
expect_contains err "3 columns hold categories: region (4), shop (12), code (3)" "in age with its mean"
expect_contains run/model.safetensors '{\"kind\":\"number\",\"name\":\"age\",\"place\":2},{\"kind\":\"category\",\"name\":\"code\",\"place\":4,\"values\":[\"0\",\"1\",\"2\"]},{\"kind\":\"category\",\"name\":\"region\",\"place\":1,\"values\":[\"east\",\"north\",\"south\",\"west\"]}' \
    '\"kind\":\"one-hot\",\"width\":12,\"first\":2,\"columns\":2,\"counts\":[3,4]' \
    '\"kind\":\"table\",\"width\":5,\"first\":4,\"columns\":1,\"counts\":[12],\"size\":8'
expect_match out '^test accuracy (100|9[0-9])\.'
expect_status 0 "${train[@]}" --quiet --out again
expect_same run/model.safetensors again/model.safetensors
expect_status 0 "${train[@]}" --quiet --engine reference --out reference
expect_status 0 "${train[@]}" --quiet --set precision=bfloat16 --out bfloat16
expect_status 0 "${train[@]}" --quiet --set stream=numpy --embedding periodic --set model.one_hot=20 --normalize batch --out numpy
expect_contains numpy/model.safetensors '\"kind\":\"periodic\"'
expect_lacks numpy/model.safetensors '\"kind\":\"table\"'

# ---- The same rows give the same predictions: by name, in order, or with the columns in another order ----
expect_status 0 "$PERCEPT" predict run table.csv
cp out predictions
sed 's/,\(no\|yes\)$//; s/,kind$//' table.csv >features.csv
sed 1d features.csv >bare.csv
expect_status 0 "$PERCEPT" predict run bare.csv
expect_same predictions out
awk -F, -v OFS=, 'NR == 1 { print $4, $3, $1, $5, $2; next } { print $4 "," $5, $3, $1, $6, $2 }' features.csv >moved.csv
expect_status 0 "$PERCEPT" predict run moved.csv
expect_same predictions out
{ head -1 table.csv; sed 1d table.csv | tac; } >reversed.csv
expect_status 0 "$PERCEPT" predict run reversed.csv
{ head -1 predictions; sed 1d predictions | tac; } >wanted
expect_same wanted out
expect_status 0 "$PERCEPT" predict run - --json <features.csv
expect_lines out 240

# ---- evaluate and predict agree ----
sed 's/.*,//' table.csv | sed 1d >labels
"$PERCEPT" predict run table.csv 2>/dev/null | sed 1d | cut -d, -f 1 | paste -d' ' - labels >pairs
right=$(awk '$1 == $2' pairs | wc -l)
expect_status 0 "$PERCEPT" evaluate run --data reversed.csv
expect_match out "^.*accuracy $(awk "BEGIN { printf \"%.2f\", 100 * $right / 240 }") %"

# ---- Unknown texts count as unknown, and are counted; they are the same as missing ones ----
printf 'size,region,age,shop,code\n1.5,mars,3,"shop, 1",1\n1.5,,3,"shop, 1",1\n1.5,Mars,3,"shop, 1",1\n1.5,NA,3,"shop, 77",3\n' >new.csv
expect_status 0 "$PERCEPT" predict run new.csv
expect_contains err "4 values of code, region, shop were not in the training data and count as unknown"
[ "$(sed -n 2,4p out | sort -u | wc -l)" -eq 1 ] || fail "unknown and missing texts differ"
{ cat table.csv; echo '1.5,mars,3,"shop, 1",1,yes'; } >more.csv
expect_status 0 "$PERCEPT" evaluate run --data more.csv
expect_contains err "1 value of region was not in the training data and counts as unknown"

# ---- Files for validation and test have orders of their own; what they alone have is unknown ----
table 240 300 | tac | sed -n '$!p' >body
{ echo "size,region,age,shop,code,kind"; cat body; } >valid.csv
{ cat valid.csv; echo '1.5,mars,3,"shop, 1",1,yes'; } >test.csv
{ echo "size,region,age,shop,code,kind"; sort body; echo '1.5,mars,3,"shop, 1",1,yes'; } >sorted.csv
expect_status 0 "${train[@]}" --validation-file valid.csv --test-file test.csv --out files
expect_contains err "1 value of region was not in the training data and counts as unknown"
expect_status 0 "${train[@]}" --validation-file valid.csv --test-file sorted.csv --quiet --out other
expect_same files/model.safetensors other/model.safetensors
expect_status 0 "$PERCEPT" evaluate files --data sorted.csv --json
cp out first
expect_status 0 "$PERCEPT" evaluate files --data test.csv --json
sed -i 's/sorted.csv/test.csv/g' first
expect_same first out

# ---- A text that only other parts have is no part of the vocabulary ----
{ table 0 100; echo '1.5,mars,3,"shop, 1",1,yes'; } >last.csv
expect_status 0 "$PERCEPT" train --preset plain --data last.csv --set data.shuffle=false --test 10 --validation 10 --epochs 1 --no-plot --out last
expect_contains err "1 value of region was not in the training data"
expect_lacks last/model.safetensors mars

# ---- Resume, folds, search, pictures, report, bench ----
expect_status 0 "${train[@]}" --quiet --epochs 7 --out part
expect_status 0 "$PERCEPT" train --resume part --epochs 15 --quiet --no-plot
expect_same run/model.safetensors part/model.safetensors
expect_status 0 "${train[@]}" --quiet --folds 3 --epochs 2 --out folds
expect_file folds/fold-2/model.safetensors
if command -v gnuplot >/dev/null; then
    expect_status 0 "$PERCEPT" plot run importance --out pictures
    expect_lines pictures/importance.csv 6 # a category is one column
    expect_contains pictures/importance.csv region shop
    cut -d, -f 1,2,6 table.csv >two.csv
    expect_status 0 "$PERCEPT" train --preset plain --data two.csv --epochs 1 --no-plot --quiet --out two
    expect_status 1 "$PERCEPT" plot two boundary
    expect_contains err "region is a category, which has no axis"
fi
expect_status 0 "$PERCEPT" search table.csv --categories code --trials 3 --set train.epochs=5 --jobs 1 --out search
expect_file search/best/model.safetensors
expect_status 0 "$PERCEPT" report run
expect_status 0 "$PERCEPT" bench train --set data.name=table.csv --rounds 1 --seconds 0.01

# ---- What is no category, and what does not go with one ----
printf 'x,name,y\n1,ann,0\n2,bob,1\n3,cy,0\n4,ann,1\n' >names.csv
expect_status 0 "$PERCEPT" train --preset plain --data names.csv --epochs 1 --set data.split=2,1,1 --no-plot --out named
expect_contains err "left out, texts that hardly repeat" "column 2 (name)"
expect_status 0 "$PERCEPT" train --preset plain --data names.csv --columns name=category --epochs 1 --set data.split=2,1,1 --no-plot --out named-2
expect_contains err "name: 3 categories"
expect_status 0 "$PERCEPT" data info names.csv
expect_contains out "left out, texts that hardly repeat"
cut -d, -f 2,3 names.csv >texts.csv
expect_status 1 "$PERCEPT" train --preset plain --data texts.csv --out refused
expect_contains err "line 2, column 1 (name): 'ann' is not a number; --drop name leaves the column out, --label makes it the class"
printf 'x,day,town,y\n1,2024-05-31,a,0\n2,2024-05-31,b,1\n3,2024-05-30,a,0\n4,2024-05-30,b,1\n' >dates.csv
expect_status 0 "$PERCEPT" train --preset plain --data dates.csv --categories day --epochs 1 --set data.split=2,1,1 --no-plot --quiet --out dated
expect_status 1 "$PERCEPT" train --preset plain --data table.csv --categories shpo --out refused
expect_contains err "data.categories: 'table.csv' has no column 'shpo'; did you mean 'shop'?"
expect_status 1 "$PERCEPT" train --preset plain --data table.csv --categories kind --out refused
expect_contains err "data.categories: column 6 (kind) of 'table.csv' is no feature"
expect_status 1 "$PERCEPT" train --preset plain --data table.csv --set data.scale=standardize-all --out refused
expect_contains err "data.scale standardize-all changes all columns alike, but region is a category"
expect_status 1 "$PERCEPT" train --preset plain --data table.csv --set data.divisor=2 --out refused
expect_contains err "data.divisor changes all columns alike"
expect_status 1 "$PERCEPT" train --preset plain --data table.csv --missing refuse --out refused
expect_contains err "the value is missing"
expect_no_file refused

# ---- Whole numbers with leading zeros are codes ----
{
    echo size,zip,when,half,kind
    for ((i = 0; i < 60; i++)); do
        echo "$((i % 7)).5,$((i % 3))$((i % 3))123,$((20240527 + i % 3)),0.$((i % 4)),$((i % 2))"
    done
} >zips.csv
sed 's/zip/place/; s/,00123/,0123/' zips.csv >places.csv # of several lengths, too
for file in zips places; do
    expect_status 0 "$PERCEPT" data info $file.csv
    expect_match out "^(zip|place) +category +0 +3 "
    expect_match out '^half +number ' # a decimal is a number
    expect_contains out "codes, since they have leading zeros" "column 2 ("
done
expect_status 0 "$PERCEPT" data info zips.csv --columns zip=number
expect_match out '^zip +number '
expect_lacks out "leading zeros"
expect_status 0 "$PERCEPT" train --preset plain --data zips.csv --epochs 2 --no-plot --quiet --out zips
printf 'size,zip,when,half\n1.5,00123,20240531,0.1\n1.5,123,20240531,0.1\n1.5,000,20240531,0.1\n' >codes.csv
expect_status 0 "$PERCEPT" predict zips codes.csv
expect_contains err "zip" 2 # 123 is another code, and unknown
[ "$(sed -n 3p out)" = "$(sed -n 4p out)" ] && [ "$(sed -n 2p out)" != "$(sed -n 3p out)" ] || fail "codes are not texts"
sed 1d zips.csv >unnamed.csv # without names a model could not tell that a column was left out: numbers
expect_status 0 "$PERCEPT" data info unnamed.csv
expect_match out '^feature 2 +number '
awk 'NR > 1 {sub(/,[0-9]*123/, sprintf(",%05d", NR))} {print}' zips.csv >unique.csv
expect_status 0 "$PERCEPT" data info unique.csv
expect_contains out "left out, texts that are all different: column 2 (zip)"
cut -d, -f 2,5 unique.csv >alone.csv
expect_status 1 "$PERCEPT" train --preset plain --data alone.csv --out refused
expect_contains err "line 2, column 1 (zip): '00002' is a code with leading zeros" "--columns NAME=number"

# ---- Dropout of categories: the same for any number of threads, and after a resume ----
drop=("${train[@]}" --quiet --set train.category_dropout=0.2)
expect_status 0 "${drop[@]}" --out dropped
! cmp -s run/model.safetensors dropped/model.safetensors || fail "train.category_dropout changes nothing"
expect_status 0 "${drop[@]}" --threads 3 --out threads
expect_same dropped/model.safetensors threads/model.safetensors
expect_status 0 "${drop[@]}" --epochs 6 --out resumed
expect_status 0 "$PERCEPT" train --resume resumed --epochs 15 --quiet --no-plot
expect_same dropped/model.safetensors resumed/model.safetensors
expect_status 0 "${drop[@]}" --set model.members=3 --epochs 2 --out members
expect_status 1 "${drop[@]}" --set train.optimizer=lbfgs --batch-size 500 --out none
expect_contains err "train.category_dropout does not go with train.optimizer lbfgs"
