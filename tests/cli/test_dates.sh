#!/bin/bash
# Columns of dates: their form is detected from the whole file, their parts become features, and a model reads them again in
# files with other columns, other orders and new gaps.
. "$(dirname "$0")/lib.sh"

# sales.csv: the sale depends on the weekday and the hour; dates have the month first, which line 1 + 60 shows.
awk 'BEGIN {
    srand(3)
    print "shop,when,price,sale"
    for (i = 0; i < 240; i++) {
        month = i < 60 ? 1 + i % 12 : 1 + (i * 7) % 12
        day = i < 60 ? 1 + (i * 5) % 12 : 1 + (i * 11) % 28
        hour = (i * 13) % 24
        stamp = i % 40 == 7 ? "" : sprintf("%d/%d/%d %02d:%02d", month, day, 2023 + i % 2, hour, (i * 17) % 60)
        printf "%s,%s,%.2f,%s\n", i % 3 ? "north" : "south", stamp, 10 * rand(), (hour >= 12 ? "yes" : "no")
    }
}' >sales.csv
expect_status 0 "$PERCEPT" data info sales.csv
cp out info
tr -s ' \n' ' ' <info >flat
expect_contains flat "column 2 (when): dates with the month first, such as 1/1/2023 00:00; its features are year, month, weekday, hour, time"
expect_lacks flat "dmy"
for part in year month weekday hour time; do
    expect_match info "^when:$part +date +6 "
done
expect_match info '^when:year .*██ +2023 to 2024$'
expect_match info '^when:weekday .*Mon to Sun$'
expect_match info '^when:time .*2023-01-01 to 2024-12-28$'
[ "$(wc -L <info)" -le 80 ] || fail "a line of the table is longer than 80 columns"
expect_status 0 "$PERCEPT" data info sales.csv --json
expect_contains out '"features": 7' '"kind": "date"' '"name": "when:weekday"'

# ---- A model knows the form, and finds the column by its name ----
train=("$PERCEPT" train --preset plain --data sales.csv --epochs 30 --no-plot --quiet --threads 1)
expect_status 0 "${train[@]}" --out run
expect_contains run/model.safetensors '{\"form\":\"mdy\",\"kind\":\"date\",\"name\":\"when:month\",\"part\":\"month\",\"place\":1}'
expect_status 0 "$PERCEPT" evaluate run
expect_match out '^test accuracy (9|100)'
expect_status 0 "$PERCEPT" predict run sales.csv
expect_lines out 241
expect_lines err 0
cp out predicted
awk -F, '{ print $3 ",x" NR "," $1 "," $2 }' sales.csv | sed '1s/x1/note/' >turned.csv
expect_status 0 "$PERCEPT" predict run turned.csv
expect_same out predicted
expect_contains err "left out 1 column that the model does not know: note"
# The same moments in ISO form, whose month and day are clear.
awk -F, 'NR > 1 && $2 != "" { split($2, p, /[\/ ]/); $2 = sprintf("%d-%02d-%02dT%s:00", p[3], p[1], p[2], p[4]) } { print $1 "," $2 "," $3 }' \
    sales.csv >iso.csv
expect_status 0 "$PERCEPT" predict run iso.csv
expect_same out predicted
expect_lines err 0
# Row by row and as a whole the numbers are the same, in flipped dates, too.
cut -d, -f 4 sales.csv | tail -n +2 >wanted
tail -n +2 predicted | cut -d, -f 1 | paste -d ' ' - wanted | awk '$1 == $2 { right++ } END { printf "%.2f\n", 100 * right / NR }' >share
expect_status 0 "$PERCEPT" evaluate run --data sales.csv
expect_contains out "sales.csv accuracy $(cat share) %"

# ---- New gaps, and texts that are no dates: missing, counted and reported ----
{ echo when,price,shop && echo ,1,north && echo soon,2,south && echo 13/1/2023,3,north && echo 1/13/2023,3,north; } >gaps.csv
expect_status 0 "$PERCEPT" predict run gaps.csv
expect_lines out 5
expect_contains err "gaps.csv: column 1 (when): 2 cells are no dates with the month first and count as missing, the first 'soon' in line 3"
[ "$(sed -n 3p out | cut -d, -f 2)" != "$(sed -n 5p out | cut -d, -f 2)" ] || fail "a date is as good as none"
expect_status 1 "$PERCEPT" predict run gaps.csv --missing refuse
expect_contains err "gaps.csv, line 2, column 1 (when)"
sed 's/$/,sale/;1!s/sale$/yes/' gaps.csv >labelled.csv
expect_status 1 "$PERCEPT" evaluate run --data labelled.csv
expect_contains err "labelled.csv, line 3, column 1 (when): 'soon' is none of the dates with the month first that the model was trained on"
cut -d, -f 1,3 sales.csv >without.csv
expect_status 1 "$PERCEPT" predict run without.csv
expect_contains err "'without.csv' has no column 'when', which the model was trained on"

# ---- Other files for validation and test; groups, orders ----
head -n 150 sales.csv >first.csv
{ echo sale,price,when,shop && tail -n +151 sales.csv | awk -F, '{ print $4 "," $3 "," $2 "," $1 }'; } >second.csv
expect_status 0 "$PERCEPT" train --preset plain --data first.csv --validation-file second.csv --test-file second.csv --epochs 2 --no-plot --quiet \
    --out parts
expect_status 0 "$PERCEPT" train --preset plain --data sales.csv --group shop --epochs 2 --no-plot --quiet --out grouped
expect_status 0 "$PERCEPT" train --preset plain --data iso.csv --label shop --time price --epochs 2 --no-plot --quiet --out ordered

# ---- What the flags say ----
sed 's/,\([0-9]*\)\/\([0-9]*\)\//,\2\/\1\//' sales.csv >days-first.csv
expect_status 0 "$PERCEPT" data info days-first.csv
tr -s ' \n' ' ' <out >flat
expect_contains flat "dates with the day first, such as 1/1/2023 00:00"
head -n 61 sales.csv >open.csv
expect_status 0 "$PERCEPT" data info open.csv
tr -s ' \n' ' ' <out >flat
expect_contains flat "no date shows whether 1/1/2023 00:00 has the month or the day first; it is read with the month first, --columns when=dmy means the other"
expect_status 0 "$PERCEPT" data info open.csv --columns when=dmy
tr -s ' \n' ' ' <out >flat
expect_contains flat "dates with the day first"
expect_lacks flat "no date shows"
expect_status 1 "$PERCEPT" data info sales.csv --columns when=dmy
expect_contains err "is no date as" "--columns when=category or =ignore"
expect_status 0 "$PERCEPT" data info sales.csv --columns when=ignore,shop:category
expect_contains out "left out, as data.columns or data.drop says: column 2 (when)"
expect_status 1 "$PERCEPT" data info sales.csv --columns when=day
expect_contains err "data.columns: 'when=day' is not COLUMN=KIND" "did you mean dmy?"
expect_status 1 "$PERCEPT" data info sales.csv --columns whn=date
expect_contains err "data.columns: 'sales.csv' has no column 'whn'; did you mean 'when'?"
expect_status 1 "$PERCEPT" data info sales.csv --columns when=date,when=category
expect_contains err "given twice"
cat >recipe.yaml <<'YAML'
data:
  name: sales.csv
  columns: {when: mdy, shop: category}
train:
  epochs: 1
YAML
expect_status 0 "$PERCEPT" train recipe.yaml --no-plot --quiet --out recipe
expect_contains recipe/recipe.yaml "columns:" "when:mdy"
printf 'at,x,y\n1700000000,1,a\n1700003600,2,b\n1700090000,3,a\n1700180000,4,b\n' >epoch.csv
expect_status 0 "$PERCEPT" data info epoch.csv --columns at=epoch
tr -s ' \n' ' ' <out >flat
expect_contains flat "seconds or milliseconds since 1970, such as 1700000000; its features are weekday, hour, time"

# ---- A column that is ignored need not be in other files ----
expect_status 0 "$PERCEPT" train --data sales.csv --columns price=ignore --epochs 2 --no-plot --quiet --out ignored
cut -d, -f 1,2,4 sales.csv >cheap.csv
expect_status 0 "$PERCEPT" predict ignored cheap.csv
cp out cheap
expect_status 0 "$PERCEPT" predict ignored sales.csv
expect_same out cheap
expect_status 0 "$PERCEPT" evaluate ignored --data cheap.csv
expect_status 0 "$PERCEPT" train --data sales.csv --columns price=ignore --test-file cheap.csv --epochs 1 --no-plot --quiet --out tested
