#!/bin/bash
# percept plot draws every kind of picture of small runs, whole and valid, from data and a script that lie beside it and
# draw it again; what does not fit is refused in words.
. "$(dirname "$0")/lib.sh"
need_command gnuplot

# ---- Runs: points in the plane, pictures of two classes and of three, numbers ----
pixels() { # pixels CLASSES: 4 × 4 pictures with a bright row per class, as a folder of PNG would give
    awk -v classes="$1" 'BEGIN {
        srand(3)
        for (j = 0; j < 16; j++) printf "p%d,", j
        print "class"
        for (i = 0; i < 120; i++) {
            k = i % classes
            for (j = 0; j < 16; j++) printf "%.3f,", (int(j / 4) == k ? 0.6 : 0.1) + 0.4 * rand()
            print "abc" k
        }
    }'
}
pixels 3 >three.csv
awk 'BEGIN { srand(5); print "a,b,y"; for (i = 0; i < 80; i++) { a = rand(); b = rand(); print a "," b "," a * b } }' >numbers.csv
train() { # train NAME FLAG...
    local name=$1
    shift
    expect_status 0 "$PERCEPT" train --preset plain --out "$name" --quiet --no-plot --threads 1 --set data.directory=. "$@"
}
train narrow --data circles --layers 2-3-2 --epochs 3
train wide --data circles --layers 2-20-2 --epochs 4
train slow --data circles --layers 2-3-2 --epochs 3 --learning-rate 0.01
train seeded --data circles --layers 2-3-2 --epochs 3 --set seed=7
train table --data three.csv --layers 16-6-3 --epochs 3
train numbers --data numbers.csv --targets y --layers 2-4-1 --epochs 2

# ---- A picture is whole ----
valid() { # valid PATH: PATH.png, PATH.svg, PATH.csv; PATH.gp draws the same SVG again
    local path=$1
    expect_file "$path.png" "$path.svg" "$path.gp" "$path.csv"
    [ "$(head -c 8 "$path.png" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] || fail "$path.png is no PNG"
    [ "$(tail -c 8 "$path.png" | od -An -tx1 | tr -d ' \n')" = 49454e44ae426082 ] || fail "$path.png is cut off"
    # Its size is twice the canvas, which is what the SVG shows.
    local wide high box
    read -r wide high < <(od -An -tu1 -j16 -N8 "$path.png" |
        awk '{ print ($3 * 256 + $4) / 2, ($7 * 256 + $8) / 2 }')
    box=$(grep -o 'viewBox="[^"]*"' "$path.svg" | head -1)
    [ "$box" = "viewBox=\"0 0 $wide $high\"" ] || fail "$path.png has $wide × $high units, but $path.svg $box"
    [ "$wide" -ge 200 ] && [ "$high" -ge 150 ] || fail "$path.png is too small"
    if command -v xmllint >/dev/null; then
        xmllint --noout "$path.svg" || fail "$path.svg is no XML"
    fi
    expect_match "$path.svg" '</svg>'
    cp "$path.svg" whole.svg
    grep -v image-rendering whole.svg >before.svg # what Percept adds
    (cd "$(dirname "$path")" && gnuplot "$(basename "$path").gp") 2>/dev/null || fail "$path.gp does not run"
    expect_same "$path.svg" before.svg
    cp whole.svg "$path.svg"
}
draws() { # draws PATH ARGUMENT...: plot prints PATH.svg and PATH.png, which are valid
    local path=$1
    shift
    expect_status 0 "$PERCEPT" plot "$@"
    expect_lines err 0
    expect_same out <(printf '%s\n' "$path.svg" "$path.png")
    valid "$path"
}
draws wide/plots/curves wide curves
expect_contains wide/plots/curves.svg ">loss<" ">accuracy (%)<" ">training<" ">validation<"
draws plots/curves wide narrow curves
expect_contains plots/curves.svg ">wide<" ">narrow<"
draws wide/plots/curves wide/ curves --metrics train_loss,valid_error --log --title "What was learned"
expect_contains wide/plots/curves.svg ">error (%)<" ">What was learned<"
[ "$(head -1 wide/plots/curves.csv)" = "epoch,train_loss,valid_error,best valid_error" ] || fail "other columns"
draws narrow/plots/boundary narrow boundary
expect_contains narrow/plots/boundary.svg ">feature 1<" ">class 0<" ">class 1<"
expect_file narrow/plots/boundary-points.csv
draws pictures/boundary wide narrow boundary --out pictures
expect_contains pictures/boundary.svg ">wide<" ">narrow<"
draws table/plots/weights-layer2 table weights --layer 2
draws wide/plots/histogram wide histogram
draws pictures/histogram-layer1 wide narrow histogram --layer 1 --log --out pictures
draws table/plots/confusion-train table confusion --part train
expect_contains table/plots/confusion-train.svg ">abc0<" ">abc2<" "of the training part"
draws table/plots/sweep table sweep
draws table/plots/activations table activations
expect_contains table/plots/activations.svg ">relu<"
draws plots/activations activations --figures sigmoid,tanh # the former name of --metrics
expect_contains plots/activations.svg ">sigmoid<" ">tanh<"
draws plots/errors narrow wide errors --key model.layers
expect_contains plots/errors.svg ">2-3-2<" ">2-20-2<" ">model.layers<" ">error (%)<"
draws plots/errors narrow slow seeded errors
expect_contains plots/errors.svg ">train.learning_rate<" ">0.01<"
expect_lines plots/errors.csv 3 # both seeds share a place
draws numbers/plots/curves numbers curves

# ---- Pictures of pictures ----
if [ -e "${PERCEPT_DATA:-/none}/digits.csv.gz" ]; then
    train digits --data digits --layers 64-16-10 --epochs 2
    train binary --data digits --set data.classes=3,8 --layers 64-4-1 --epochs 1
    for run in digits binary; do
        draws $run/plots/weights $run weights
        draws $run/plots/gallery $run gallery
        expect_contains $run/plots/gallery.svg "label → prediction" image-rendering
        draws $run/plots/saliency $run saliency --count 3
        cp $run/plots/gallery.csv first.csv
        draws $run/plots/gallery $run gallery --seed 5
        ! cmp -s $run/plots/gallery.csv first.csv || fail "a seed draws the same examples"
        draws $run/plots/gallery-train $run gallery --part train --count 2
    done
    # Mistakes of one network, and those that two have in common.
    train other --data digits --layers 64-12-10 --epochs 2
    draws digits/plots/mistakes digits mistakes --count 7
    expect_contains digits/plots/mistakes.svg "that were predicted wrongly" ", 7 shown; label → prediction<"
    draws plots/mistakes digits other mistakes
    expect_contains plots/mistakes.svg "that all 2 networks get wrong" "of most networks"
    wrong() { sed -n 's/.*>\([0-9]*\) of [0-9]*, [0-9]* shown.*/\1/p' "$1"; }
    [ "$(wrong plots/mistakes.svg)" -lt "$(wrong digits/plots/mistakes.svg)" ] || fail "two networks have no fewer mistakes in common"
    expect_status 1 "$PERCEPT" plot digits binary mistakes
    expect_contains err "have other examples or classes"
    # With batch norm, too, the derivatives of a picture do not depend on the other pictures that are shown.
    train normalized --data digits --layers 64-8-10 --epochs 1 --set model.input_stages=batch-norm
    for count in 3 6; do
        draws pictures/saliency normalized saliency --count $count --out pictures
        head -8 pictures/saliency.csv | cut -d, -f1-18 >saliency-$count.txt
    done
    expect_same saliency-6.txt saliency-3.txt
    # Of members it is the derivative of the loss of what they predict together: as differences of predictions show.
    train together --data digits --layers 64-8-10 --epochs 1 --members 3 --set precision=float64
    draws pictures/saliency together saliency --count 1 --out pictures
    awk -F, -v OFS=, 'NR <= 8 {
        for (j = 1; j <= 8; j++) { # the picture of a 0, and beside it 2 + |dL/dx| / the largest of them
            pixel[n] = 16 * $j
            shown[n++] = $(j + 10)
        }
    } END {
        for (k = -1; k < n; k++)
            for (j = 0; j < n; j++)
                printf "%.9g%s", pixel[j] + (j == k ? 0.001 : 0), j + 1 < n ? "," : "\n"
        for (j = 0; j < n; j++)
            print shown[j] - 2 >"shown.txt"
    }' pictures/saliency.csv >moved.csv
    expect_status 0 "$PERCEPT" predict together moved.csv
    awk -F, 'NR == 2 {base = log($2)} NR > 2 {d = base - log($2); print (d < 0 ? -d : d)}' out >moved.txt
    paste shown.txt moved.txt | awk '{shown[NR] = $1; moved[NR] = $2; if ($2 > most) most = $2} END {
        for (i = 1; i <= NR; i++) {
            off = shown[i] - moved[i] / most
            if (NR != 64 || off > 0.001 || off < -0.001) # the picture has five digits
                exit 1
        }
    }' || fail "the saliency of members is not that of their mean"
    expect_contains binary/plots/gallery.svg ">true positives<" ">false negatives<" "positive is 8, negative 3"
    expect_contains digits/plots/gallery.svg ">predicted rightly<" ">predicted wrongly<"
    expect_contains digits/plots/weights.svg "16 units" ">unit 15<"
fi

# ---- Figures that are no numbers, and columns that others may add ----
printf 'epoch,loss_sum,train_loss_naive,test_loss,test_accuracy\n0,1382,nan,inf,0.5\n1,900,nan,-inf,nan\n' \
    >seeded/metrics.csv
draws seeded/plots/curves seeded curves
expect_contains seeded/plots/curves.svg ">loss (sum)<" ">training, naive<" ">test<"

# ---- Refusals ----
# A table's columns stand under their own names, whatever is in them.
awk 'BEGIN { print "size {m},5% off,kind"; for (i = 0; i < 120; i++) print i % 10 "," i % 7 "," (i % 10 > 4 ? "big" : "small") }' >named.csv
expect_status 0 "$PERCEPT" train --preset plain --data named.csv --layers 2-4-1 --epochs 5 --set data.split=0.7,0.3 --out named --quiet --no-plot
expect_status 0 "$PERCEPT" plot named importance
expect_contains named/plots/importance.svg '>size {m}<' '>5% off<' 'test part'
expect_match named/plots/importance.csv '^place,auc_fall,deviation,column$'
expect_lines named/plots/importance.csv 3
expect_status 0 "$PERCEPT" plot named boundary
expect_contains named/plots/boundary.svg '>size {m}<' '>5% off<'
expect_status 0 "$PERCEPT" report named
[ -e named/plots/importance.svg ] || fail "a table's report has no importance of its columns"
expect_no_file named/plots/weights.svg

usage() { # usage TEXT ARGUMENT...
    local text=$1
    shift
    expect_status 2 "$PERCEPT" plot "$@"
    expect_lines out 0
    expect_contains err "$text"
}
failed() { # failed TEXT ARGUMENT...
    local text=$1
    shift
    expect_status 1 "$PERCEPT" plot "$@"
    expect_lines out 0
    expect_contains err "$text"
}
usage "a kind of picture"
usage "did you mean 'curves'" wide curvs
usage "one of curves, boundary" wide narrow
usage "errors needs two runs" wide errors
usage "confusion takes 1 run at most" wide narrow confusion
usage "did you mean test" wide confusion --part tset
failed "no run folder" nowhere curves
failed "no metric 'train_los'; did you mean train_loss" wide curves --metrics train_los
failed "2 features; the model of 'table' takes 16" table boundary
failed "predicts numbers" numbers boundary
failed "predicts numbers" numbers confusion
failed "no pictures but 16 features" table gallery
failed "no pictures but 2 features" wide saliency
failed "no layer 3; the network has 2" wide histogram --layer 3
failed "differ in model.layers" narrow wide slow errors
failed "differ in no hyperparameter" narrow narrow errors
failed "did you mean train.learning_rate" narrow slow errors --key train.learnin_rate
failed "no activation 'rleu'; did you mean relu" activations --metrics rleu
failed "name some" activations
mkdir bin
expect_status 1 env PATH="$work/bin" "$PERCEPT" plot wide curves
expect_contains err "gnuplot is missing; install the package gnuplot-nox"

# ---- What a drawing that was killed has left goes with the next one ----
true & gone=$!
wait $gone
mkdir -p swept
echo half >swept/.percept-$gone-0.tmp
echo half >swept/.percept-$gone-activations.svg.tmp
echo mine >swept/.percept-notes.tmp
expect_status 0 "$PERCEPT" plot activations --metrics relu --out swept
[ "$(ls -A swept | grep -c '^\.percept')" = 1 ] || fail "leftovers: $(ls -A swept)"
