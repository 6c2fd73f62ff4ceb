#!/bin/bash
# percept report writes one page with all that a run's folder tells: also of a run that is not finished, of one whose data
# are gone, of a cross-validation, and of several runs; whatever the names in it are.
. "$(dirname "$0")/lib.sh"

table() { # table FILE: two features, three classes with names that HTML would read
    awk 'BEGIN {
        print "x<1>,\"y & z\",label"
        split("<b>bold</b>,a & b,it'\''s", name, ",")
        for (i = 0; i < 240; i++)
            printf "%.3f,%.3f,%s\n", i % 3 + sin(i), cos(3 * i) - i % 3, name[i % 3 + 1]
    }' >"$1"
}
table 'odd <names> & "more".csv'
train() {
    expect_status 0 "$PERCEPT" train --preset plain --quiet --no-plot --data 'odd <names> & "more".csv' --layers 2-8-3 --split 0.8,0.2,0 \
        --epochs 3 "$@"
}
# A page: whole, without scripts, without anything from elsewhere.
expect_page() {
    expect_file "$1"
    [ "$(head -n 1 "$1")" = "<!DOCTYPE html>" ] || fail "$1 begins otherwise"
    [ "$(tail -n 1 "$1")" = "</html>" ] || fail "$1 is not whole"
    expect_lacks "$1" "<script" "src=\"http" "href=\"http" "url(" "@import" "<b>bold" "nan %" "(null)"
}

# ---- A run ----
train --out '<run> & "co"'
expect_status 0 "$PERCEPT" report '<run> & "co"' --no-plot
expect_contains out 'report    <run> & "co"/report.html'
page='<run> & "co"/report.html'
expect_page "$page"
expect_contains "$page" '<h1>&lt;run&gt; &amp; &quot;co&quot;</h1>' '2-8-3, relu, softmax, 51 parameters' \
    '&lt;b&gt;bold&lt;/b&gt;' 'it&#39;s' 'validation accuracy' 'Confusion matrix, validation part' 'ROC AUC' \
    'odd &lt;names&gt; &amp; &quot;more&quot;.csv: 192 to train, 48 to validate' 'optimizer: adam' 'adam, learning rate 0.001'
expect_lacks "$page" 'not finished' 'measured again'
# Every epoch is there, as metrics.csv has it.
loss=$(sed -n 4p '<run> & "co"/metrics.csv' | cut -d , -f 2)
expect_contains "$page" "<td class=\"plain number\">$(printf %.4f "$loss")</td>"
cp "$page" once.html
expect_status 0 "$PERCEPT" report '<run> & "co"/' --no-plot --threads 2
sed -i 's,co&quot;/</dd>,co\&quot;</dd>,' "$page"
expect_same "$page" once.html

# ---- Not finished ----
train --out unfinished --epochs 5
rm unfinished/summary.json
expect_status 0 "$PERCEPT" report unfinished --no-plot
expect_page unfinished/report.html
expect_contains unfinished/report.html 'This run is not finished: 5 of 5 epochs are done'
sed -i '3,$d' unfinished/metrics.csv
rm unfinished/model.safetensors
expect_status 0 "$PERCEPT" report unfinished --no-plot --out elsewhere.html
expect_contains elsewhere.html '1 of 5 epochs are done' '2-8-3, relu, softmax, 51 parameters'
sed -i 1q unfinished/metrics.csv
expect_status 0 "$PERCEPT" report unfinished --no-plot
expect_contains unfinished/report.html '0 of 5 epochs are done'
rm unfinished/metrics.csv
expect_status 0 "$PERCEPT" report unfinished --no-plot
expect_page unfinished/report.html

# ---- The data are gone: the figures are those of the folder ----
expect_status 0 "$PERCEPT" train --quiet --no-plot --data circles --layers 2-8-2 --epochs 3 --out gone
expect_status 0 "$PERCEPT" report gone --no-plot
expect_contains gone/report.html 'Confusion matrix, test part' 'Brier score'
expect_lacks gone/report.html 'could not be measured'
grep -o '<table class="matrix">.*' gone/report.html >cells || true
sed -n '/class="matrix"/,/<.table>/p' gone/report.html >with
sed -i 's/^  name: circles$/  name: lost.csv/' gone/recipe.yaml
expect_status 0 "$PERCEPT" report gone --no-plot
expect_page gone/report.html
expect_contains gone/report.html 'could not be measured again' 'lost.csv' 'Confusion matrix, test part'
expect_lacks gone/report.html 'Brier score'
sed -n '/class="matrix"/,/<.table>/p' gone/report.html >without
expect_same with without
expect_status 0 "$PERCEPT" report gone --no-plot --stored
expect_lacks gone/report.html 'could not be measured'

# ---- Numbers instead of classes ----
awk -v OFS=, 'BEGIN { print "x,<price>"; for (i = 0; i < 100; i++) print i / 100, sin(i / 16) }' >numbers.csv
expect_status 0 "$PERCEPT" train --preset plain --quiet --no-plot --data numbers.csv --targets '<price>' --layers 1-8-1 --epochs 2 --out numbers
expect_status 0 "$PERCEPT" report numbers --no-plot
expect_page numbers/report.html
expect_contains numbers/report.html '&lt;price&gt;' 'root mean squared error'
expect_lacks numbers/report.html ' accuracy<' '>accuracy<' 'Confusion'

# ---- Cross-validation, whole and in part ----
train --out folds --folds 3
expect_status 0 "$PERCEPT" report folds --no-plot
expect_page folds/report.html
expect_contains folds/report.html 'folds finished' '± ' 'fold-2</summary>'
rm folds/summary.json folds/fold-2/summary.json
expect_status 0 "$PERCEPT" report folds --no-plot
expect_contains folds/report.html '2 of 3 folds are done'

# ---- Several runs: what they differ in, and which is the best ----
train --out slow --learning-rate 0.0001
expect_status 0 "$PERCEPT" report '<run> & "co"' slow --no-plot
expect_contains out 'report    report.html'
expect_page report.html
expect_contains report.html '2 runs compared' 'train.learning_rate' '<td class="plain number">0.0001</td>' '; ✓ marks the best' \
    'slow</summary>'
expect_lacks report.html '>train.epochs<' '>model.layers<'
expect_status 0 "$PERCEPT" report numbers slow gone --no-plot --out other.html
expect_page other.html
expect_contains other.html 'setting</th>' 'model.layers'
expect_lacks other.html '; ✓ marks the best'

# ---- Pictures: those that lie there, and those that suit the run ----
mkdir slow/plots
printf '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 20"><circle r="9"/></svg>' >slow/plots/own_drawing.svg
expect_status 0 "$PERCEPT" report slow --no-plot
expect_contains slow/report.html '<figcaption>own drawing</figcaption>' 'width="30" height="20" src="data:image/svg+xml;base64,'
if command -v gnuplot >/dev/null; then
    expect_status 0 "$PERCEPT" report slow
    expect_contains slow/report.html '<figcaption>Learning curves' '<figcaption>The class that the network gives'
    expect_file slow/plots/curves.svg slow/plots/boundary.gp
    expect_lacks slow/report.html 'Pictures are missing'
fi
mkdir bin
expect_status 0 env PATH="$work/bin" "$PERCEPT" report gone
expect_contains gone/report.html 'Pictures are missing'

# ---- Refusals ----
expect_status 1 "$PERCEPT" report nothing
expect_contains err "'nothing' holds no run"
expect_status 1 "$PERCEPT" report slow nothing --no-plot --out both.html
expect_contains err "'nothing' holds no run"
expect_no_file both.html
expect_status 2 "$PERCEPT" report
expect_contains err "RUN... is missing"
expect_status 2 "$PERCEPT" report slow --outt x
expect_contains err "did you mean --out"
expect_status 1 "$PERCEPT" report slow --no-plot --out nowhere/page.html
expect_contains err nowhere/page.html
echo '{"epochs": ' >slow/summary.json
expect_status 1 "$PERCEPT" report slow --no-plot
expect_contains err "slow/summary.json"
