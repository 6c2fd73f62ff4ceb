# Pictures of a table's columns and of its answers hold what the model says of them.
. "$(dirname "$0")/lib.sh"
need_command gnuplot
need_command jq

# drawn RUN KIND [FLAG]...: draws KIND of RUN, whole.
drawn() {
    expect_status 0 "$PERCEPT" plot "$@"
    expect_lines err 0
    local name
    name=$(head -1 out)
    for ending in svg png gp csv; do
        [ -s "${name%.svg}.$ending" ] || fail "there is no ${name%.svg}.$ending"
    done
}

# Two classes; a number, a boolean, a category and noise.
awk 'BEGIN {
    srand(3)
    print "size {m},5% off,town,noise,kind"
    for (i = 0; i < 300; i++) {
        size = int(rand() * 1000) / 10; off = (rand() > 0.5); town = int(rand() * 3); noise = rand()
        kind = (size + 20 * off + 15 * town + 10 * rand() > 80) ? "big" : "small"
        printf "%.1f,%s,%s,%.4f,%s\n", size, off ? "true" : "false", substr("romeoslobern", town * 4 + 1, 4), noise, kind
    }
}' >named.csv
expect_status 0 "$PERCEPT" train --data named.csv --layers 4-8-2 --epochs 40 --learning-rate 0.02 --optimizer adam \
    --out named --no-plot

# ---- importance: the numbers of percept explain ----
drawn named importance --metrics log-loss
expect_match named/plots/importance.csv '^place,log_loss_rise,deviation,column$'
expect_contains named/plots/importance.svg '>size {m}<' '>5% off<' 'rise of the log loss'
expect_status 0 "$PERCEPT" explain named --metric log-loss --json
jq -r '.columns[] | .importance' out | awk '{ printf "%.6g\n", $1 }' >explained
awk -F, 'NR > 1 { printf "%.6g\n", $2 }' named/plots/importance.csv >bars
expect_same explained bars
drawn named importance --count 2
expect_contains named/plots/importance.svg 'the first 2 of 4 columns'

# ---- SHAP values: a point for each row and column, with a tone unless the column is a category ----
drawn named shap
expect_match named/plots/shap.csv '^moved_by,place,rank_of_value,column$'
expect_lines named/plots/shap.csv $((4 * 60 + 1))
expect_contains named/plots/shap.svg '>town<' 'category or missing' 'moves P(small) by' '60 rows of the test part'
awk -F, 'NR > 1 && $4 == "town" && tolower($3) != "nan" { exit 1 }' named/plots/shap.csv || fail "a category has tones"
awk -F, 'NR > 1 && $4 != "town" && !($3 >= 0 && $3 <= 1) { exit 1 }' named/plots/shap.csv || fail "a tone is no rank"
expect_status 0 "$PERCEPT" plot named shap --class big --out other
expect_contains other/shap.svg 'moves P(big) by'

# ---- dependence: the mean is that of the lines where all rows are drawn ----
drawn named dependence
expect_contains named/plots/dependence.svg 'How P(small) depends' '>size {m}<' '>5% off<' '>rome<' '>false<' 'mean over 60 rows'
drawn named dependence --columns 'town,size {m}' --part train
[ "$(awk -F, 'NR > 1 && NF { print $5 }' named/plots/dependence-train.csv | uniq | paste -sd:)" = 'town:size {m}' ] ||
    fail "not the columns that were asked for"
expect_status 0 "$PERCEPT" explain named --dependence town --class small --json
jq -r '.values[].mean' out | awk '{ printf "%.5f\n", $1 }' >explained
drawn named dependence --columns town
awk -F, '$2 == 0 && NR > 1 && NF { printf "%.5f\n", $4 }' named/plots/dependence.csv >means
expect_same explained means

# ---- ROC and precision-recall: from corner to corner, with the areas that are evaluated ----
drawn named roc
expect_match named/plots/roc.csv '^curve,false_positive_rate,true_positive_rate,label$'
[ "$(sed -n '2p;$p' named/plots/roc.csv | cut -d, -f2,3 | paste -sd:)" = 0,0:1,1 ] || fail "the curve ends elsewhere"
expect_status 0 "$PERCEPT" evaluate named --json
expect_contains named/plots/roc.svg "small: area $(jq -r .thresholds.roc_auc out | xargs printf %.3f)" 'threshold 0.5'
precision=$(jq -r .thresholds.average_precision out | xargs printf %.3f)
drawn named precision-recall
expect_contains named/plots/precision-recall.svg "small: average precision $precision"

# ---- more classes: a curve for each, or for one ----
awk 'BEGIN { srand(4); print "x,y,kind"; for (i = 0; i < 200; i++) { x = rand(); y = rand()
    print x "," y "," ((x > 0.6) ? "high" : (x > 0.3) ? "middle" : "low") } }' >kinds.csv
expect_status 0 "$PERCEPT" train --data kinds.csv --layers 2-8-3 --epochs 20 --out kinds --no-plot
drawn kinds roc
expect_contains kinds/plots/roc.svg '>high: area' '>middle: area' '>low: area'
drawn kinds roc --class middle
expect_lacks kinds/plots/roc.svg '>high: area'

# ---- numbers ----
awk 'BEGIN { srand(5); print "a,b,\"price, in EUR\",tax"; for (i = 0; i < 200; i++) { a = rand(); b = rand()
    printf "%.4f,%.4f,%.3f,%.3f\n", a, b, 3 * a - b + 5, a } }' >prices.csv
expect_status 0 "$PERCEPT" train --data prices.csv --targets '"price, in EUR",tax' --layers 2-8-2 --epochs 60 \
    --learning-rate 0.02 --optimizer adam --out prices --no-plot
drawn prices predicted
expect_lines prices/plots/predicted.csv $((2 * 40 + 1))
expect_contains prices/plots/predicted.svg '>price, in EUR, predicted<' '>tax, true<' 'without error'
drawn prices residuals --target tax
expect_lines prices/plots/residuals.csv 41
expect_file prices/plots/residuals-means.csv
awk -F, 'NR > 1 && ($3 > 0.3 || $3 < -0.3) { exit 1 }' prices/plots/residuals.csv || fail "residuals are large"
drawn prices dependence --target tax --columns b
expect_contains prices/plots/dependence.svg 'How tax depends'

# ---- what does not suit ----
refused() {
    expect_status 1 "$PERCEPT" plot "${@:2}" --out refused
    expect_contains err "$1"
    expect_no_file refused/"$3".svg
}
refused 'predicts classes, which have no residuals' named residuals
refused 'predicts numbers; this kind is about classes' prices roc
refused "the model has no column 'twon'; did you mean 'town'?" named dependence --columns twon
refused "the model has no class 'bgi'; did you mean 'big'?" named shap --class bgi
refused 'r2 is a metric of numbers' named importance --metrics r2

# ---- a report has them, and a table of the columns in the units of the file ----
expect_status 0 "$PERCEPT" report named
expect_contains named/report.html '<h2 id=' '>Columns<' '3 values: bern, oslo, rome' 'false, true' 'fall of ROC AUC' \
    '<figcaption>How the answer depends on single columns' '<figcaption>How far each column moved' '<figcaption>ROC:' \
    '<figcaption>Precision against recall'
expect_lacks named/report.html 'Pictures are missing'
expect_status 0 "$PERCEPT" report prices
expect_contains prices/report.html '<figcaption>Predicted against true' '<figcaption>True minus predicted' 'fall of R²'
