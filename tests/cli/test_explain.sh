# percept explain: columns that matter come first, values add up to the answer, and bits depend on the seed alone.
. "$(dirname "$0")/lib.sh"
need_command jq

# Numbers: area counts three times as much as age; noise says nothing.
awk 'BEGIN {
    srand(1)
    print "area,\"age, in years\",noise,town,price"
    for (i = 0; i < 400; i++) {
        area = int(rand() * 100); age = int(rand() * 100); noise = int(rand() * 100); town = int(rand() * 3)
        printf "%d,%d,%d,%s,%.1f\n", area, age, noise, substr("rome oslo bern ", town * 5 + 1, 4), \
            3 * area - age + 40 * town + 500
    }
}' >houses.csv
expect_status 0 "$PERCEPT" train --preset plain --data houses.csv --targets price --layers 4-8-1 --epochs 150 --learning-rate 0.01 \
    --optimizer adam --out houses --no-plot

# ---- columns ----
expect_status 0 "$PERCEPT" explain houses
expect_contains out 'houses.csv, test part, 80 rows' 'R² ' 'how much it falls' 'age, in years'
[ "$(awk 'NR > 4 { print $1 }' out | head -1)" = area ] || fail "area is not the first column"
[ "$(awk 'NR > 4 { print $1 }' out | tail -1)" = noise ] || fail "noise is not the last column"
expect_status 0 "$PERCEPT" explain houses --json
cp out columns
[ "$(jq -r '[.metric, .part, .data, .count, .repeats, .seed] | join(" ")' columns)" = 'r2 test houses.csv 80 5 0' ] ||
    fail "the head of the importances is wrong"
[ "$(jq -r '.columns[] | select(.name == "town").kind' columns)" = category ] || fail "town is no category"
jq -e '(.columns | length) == 4 and (.columns | map(.importance) | . == (sort | reverse)) and
       (.columns[] | select(.name == "noise").importance | fabs < 0.01)' columns >/dev/null ||
    fail "the importances are not sorted, or noise counts"
expect_status 0 "$PERCEPT" explain houses --json --threads 3 --out file.json
expect_lines out 0
expect_same columns file.json
expect_status 0 "$PERCEPT" explain houses --json --seed 1
! cmp -s out columns || fail "another seed shuffles in the same way"
expect_status 0 "$PERCEPT" explain houses --metric mae --top 1 --examples 30 --part train
expect_contains out 'training part, 30 rows' 'mean absolute error' 'how much it rises' '3 less important columns'

# ---- rows ----
printf 'town,noise,area,"age, in years"\noslo,1,50,20\nparis,2,90,\n' >new.csv
expect_status 0 "$PERCEPT" predict houses new.csv --json
jq .outputs.price out >predicted
expect_status 0 "$PERCEPT" explain houses new.csv --json
expect_contains err "town"
cp out rows
expect_lines rows 2
jq .prediction rows >explained
paste predicted explained | awk '{ d = $1 - $2; if (d < -0.01 || d > 0.01) exit 1 }' ||
    fail "explain and predict give other answers"
jq -e '[.columns[].shap] | length == 4' rows >/dev/null || fail "a row has not a value for each column"
[ "$(jq -s 'map(.prediction - .baseline - ([.columns[].shap] | add) | fabs) | max < 1e-9' rows)" = true ] ||
    fail "baseline and values do not add up to the answer"
[ "$(jq -rs '.[0].columns[] | select(.name == "town").value' rows)" = oslo ] || fail "a category has no text"
[ "$(jq -rs '.[1].columns[] | select(.name == "town" or .name == "age, in years").value' rows | sort -u)" = null ] ||
    fail "missing and unknown values are not null"
[ "$(jq -rs '.[0] | [.method, .output, .row, .background, .known] | map(tostring) | join(" ")' rows)" = \
    'exact price 1 100 null' ] || fail "the head of a row is wrong"
expect_status 0 "$PERCEPT" explain houses new.csv --row 2
expect_contains out 'row 2 of new.csv' 'price = ' 'baseline ' '100 rows of the training part' missing unknown 'moves it by'
expect_lacks out 'row 1 of'
expect_status 0 "$PERCEPT" explain houses --rows 2:3
expect_contains out 'row 2 of houses.csv, test part, answer in the data: ' 'row 3 of houses.csv'
expect_status 0 "$PERCEPT" explain houses new.csv --rows 2:
expect_contains out 'row 2 of'
"$PERCEPT" explain houses - --row 1 --json <new.csv >out 2>err
head -1 rows >first
expect_same first out
expect_status 0 "$PERCEPT" explain houses
expect_status 0 "$PERCEPT" explain houses --part train
expect_status 0 "$PERCEPT" explain houses houses.csv
expect_contains out '(rows 1 to 5 of 400; --rows names others)'

# ---- a model alone ----
cp houses/model.safetensors alone.safetensors
expect_status 0 "$PERCEPT" explain alone.safetensors new.csv --row 1
expect_contains out '2 rows of the same data'
expect_status 0 "$PERCEPT" explain alone.safetensors new.csv --row 1 --data houses.csv --targets price
expect_contains out '100 rows of the same data'
expect_status 0 "$PERCEPT" explain alone.safetensors --data houses.csv --targets price --json
[ "$(jq -r '[.count, .part] | map(tostring) | join(" ")' out)" = '400 null' ] || fail "a file without parts is not used whole"
expect_status 1 "$PERCEPT" explain alone.safetensors
expect_contains err 'give the data with --data'

# ---- dependence ----
expect_status 0 "$PERCEPT" explain houses --dependence area,town --json
[ "$(jq -s 'map(.column) | join(" ")' out)" = '"area town"' ] || fail "not a line for each column"
jq -se '.[0].values | map(.mean) | . == sort' out >/dev/null || fail "price does not rise with area"
jq -se '.[1].values | map(.value) | sort == ["bern", "oslo", "rome"]' out >/dev/null || fail "towns are not named"
expect_status 0 "$PERCEPT" explain houses --dependence town
expect_contains out 'the mean of price if every row had this value' bern

# ---- classes ----
awk 'BEGIN {
    srand(2)
    print "x,y,kind"
    for (i = 0; i < 300; i++) {
        x = rand(); y = rand()
        printf "%.4f,%.4f,%s\n", x, y, (x > 0.6) ? "high" : (x > 0.3) ? "middle" : "low"
    }
}' >kinds.csv
expect_status 0 "$PERCEPT" train --preset plain --data kinds.csv --layers 2-8-3 --epochs 60 --learning-rate 0.02 --optimizer adam \
    --out kinds --no-plot
expect_status 0 "$PERCEPT" explain kinds --metric log-loss
expect_contains out 'log loss' 'how much it rises'
expect_status 0 "$PERCEPT" explain kinds --row 1
expect_contains out 'P(' 'answer in the data: '
expect_status 0 "$PERCEPT" explain kinds --row 1 --class middle --log-odds
expect_contains out 'log odds of middle = '
expect_status 0 "$PERCEPT" explain kinds --row 1 --class middle --log-odds --json
jq -e '.output == "middle" and .log_odds' out >/dev/null || fail "not the class that was asked for"

# ---- a date is one column, whatever is derived from it ----
awk 'BEGIN { srand(6); print "sent,weight,cost"; for (i = 0; i < 200; i++) { m = 1 + int(rand() * 12); w = rand()
    printf "2024-%02d-%02d,%.3f,%.3f\n", m, 1 + int(rand() * 28), w, 2 * m + w } }' >parcels.csv
expect_status 0 "$PERCEPT" train --data parcels.csv --targets cost --epochs 20 --out parcels --no-plot
expect_status 0 "$PERCEPT" explain parcels --json
[ "$(jq -r '.columns[] | [.name, .kind] | join(" ")' out | paste -sd:)" = 'sent date:weight number' ] ||
    fail "the date is not one column, or not the most important one"
expect_status 0 "$PERCEPT" explain parcels parcels.csv --row 1 --json
[ "$(jq -r '.columns[] | select(.name == "sent").value' out)" = "$(sed -n 2p parcels.csv | cut -d, -f1)" ] ||
    fail "the date has another text"
expect_status 0 "$PERCEPT" explain parcels --dependence sent
expect_match out '^2024-12-'

# ---- what is refused ----
refused() {
    expect_status 1 "$PERCEPT" explain "${@:2}"
    expect_contains err "$1"
    expect_lines err 1
}
refused "the model has no class 'midle'; did you mean 'middle'?" kinds --row 1 --class midle
refused "the model has no column 'z'" kinds --dependence z
refused "r2 is a metric of numbers; give accuracy, auc or log-loss" kinds --metric r2
refused "asks for row 900, but 'houses.csv' has 400" houses houses.csv --row 900
refused "--rows is '0'; give a number counted from 1" houses houses.csv --row 0
refused "--rows is '5:2'" houses houses.csv --rows 5:2
refused 'have no log odds' houses --row 1 --log-odds
refused '--log-odds is for rows' kinds --log-odds
refused '--class and --target are for rows' kinds --class middle
refused '--class and --target are for rows' houses --target price
refused '--metric is for importances' houses --row 1 --metric mae
refused '--metric is for importances' houses --dependence size --metric mae
refused '--repeats is 0' kinds --repeats 0
refused "no column" houses kinds.csv --row 1
