#!/bin/bash
# Everything works on networks with layers of other kinds, whichever key asks for them: training, evaluation, prediction by
# program and library, resuming to the bit, gradient checks, pictures, reports, event files and searches.
. "$(dirname "$0")/lib.sh"
predict_rows=${PERCEPT_BUILD:?}/tests/predict_rows
data=(--data moons --set data.examples=120)
small=("${data[@]}" --layers 2-6-6-6-1 --epochs 2 --no-plot)

# Keys, by the name of their run.
declare -A keys=(
    [batch]="model.normalize=batch"
    [layer]="model.normalize=layer model.residual=1"
    [stages]="model.stages=feature-scale,mix"
    [gated]="model.stages=glu model.residual=2"
    [learned]="model.stages=prelu:slope=0.1"
    [columns]="model.input_stages=piecewise-linear:bins=4,feature-scale"
    [normal]="data.scale=quantile-normal model.embedding=piecewise-linear"
    [waves]="model.input_stages=periodic model.normalize=batch model.residual=1"
    [members]="model.members=3 model.normalize=batch"
)
flags_of() { # flags_of NAME: sets the array `flags`
    local setting
    flags=()
    for setting in ${keys[$1]}; do flags+=(--set "$setting"); done
}

# Rows to predict: x and y, with a head for the program.
awk 'BEGIN { for (i = 0; i < 40; i++) printf "%.3f,%.3f\n", -1.5 + i % 8 * 0.5, -1 + i / 20 }' >rows.csv
tr ',' ' ' <rows.csv >rows.txt

for name in "${!keys[@]}"; do
    flags_of "$name"
    expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" "${flags[@]}" --quiet --out "$name" --tensorboard logs
    expect_status 0 "$PERCEPT" evaluate "$name"
    expect_match out '^test loss [0-9.]+'

    # Program and library predict the same.
    expect_status 0 "$PERCEPT" predict "$name" rows.csv --header no
    sed 1d out | cut -d , -f 3 >by_program
    "$predict_rows" "$name/model.safetensors" <rows.txt >by_library
    paste by_program by_library | awk '{ d = $1 - $2; if (d > 1e-6 || d < -1e-6) exit 1; n++ } END { exit n != 40 }' ||
        fail "$name: program and library differ"

    # Gradients, all of them, at the beginning and after training.
    expect_status 0 "$PERCEPT" gradcheck "${small[@]:0:6}" "${flags[@]}" --all --inputs --method complex --examples 9
    expect_match out '^right: '
    expect_status 0 "$PERCEPT" gradcheck "$name" --all
    expect_match out '^right: '
    expect_contains out trained
    expect_status 0 "$PERCEPT" gradcheck "$name" --layer 2 --sweep --json
    expect_contains out '"right": true'

    # Stopped in the middle, it goes on to the bit.
    mkfifo progress
    "$PERCEPT" train --preset plain "${small[@]}" "${flags[@]}" --epochs 400 --out stopped >out 2>progress &
    process=$!
    exec 3<progress
    while read -r line <&3 && [[ $line != epoch* ]]; do :; done
    kill -s INT $process || true
    cat <&3 >err
    exec 3<&-
    wait $process || true
    rm progress
    expect_file stopped/checkpoint.safetensors
    expect_status 0 "$PERCEPT" train --resume stopped --no-plot --quiet --threads 2
    expect_status 0 "$PERCEPT" train --preset plain "${small[@]}" "${flags[@]}" --epochs 400 --quiet --out whole
    for file in model.safetensors metrics.csv summary.json; do
        expect_same stopped/$file whole/$file
    done
    rm -r stopped whole

    # Its kinds are named.
    expect_status 0 "$PERCEPT" report "$name"
    expect_file "$name/report.html"
done
expect_status 0 "$PERCEPT" evaluate waves
expect_contains out "2-6-6-6-1, relu, sigmoid, periodic, batch-norm, residual"
expect_contains waves/report.html "periodic, batch-norm, residual"
expect_status 0 "$PERCEPT" evaluate gated
expect_contains out "2-6-6-6-1, " glu
expect_status 0 "$PERCEPT" evaluate members
expect_contains out "batch-norm, 3 members"

# ---- Event files have a histogram for each tensor ----
cat logs/waves/* >events
expect_contains events weights/layer_1 bias_gradients/layer_4 tensors/inputs.periodic. \
    tensors/layers.0.batch-norm.running_var tensor_gradients/layers.2.batch-norm.bias
expect_lacks events tensor_gradients/layers.0.batch-norm.running_var
cat logs/members/* >events
expect_contains events tensors/members.2.layers.0.weight tensor_gradients/members.1.layers.0.batch-norm.weight

# ---- What batch norm leaves without meaning is refused in one line ----
expect_status 1 "$PERCEPT" gradcheck batch --loop
expect_lines err 1
expect_contains err "batch norm" "no loop form"
expect_status 0 "$PERCEPT" gradcheck layer --loop
expect_contains out "equal: all"

# ---- Names in reports of gradients ----
expect_status 0 "$PERCEPT" gradcheck waves
expect_match out '^inputs\.periodic\.[a-z]+\[[0-9,]+\] +-?[0-9.]+e'
expect_match out '^layers\.1\.batch-norm\.bias\[[0-9]\] '
expect_contains out "the first 8 examples"
expect_status 0 "$PERCEPT" gradcheck members --first 2
expect_match out '^members\.2\.layers\.0\.weight\[0,1\] '
expect_lacks out 'bias['

# ---- Metrics from before an update measure the network as it is used, as metrics from after the one before do ----
for when in before after; do
    expect_status 0 "$PERCEPT" train --preset plain "${data[@]}" --layers 2-6-1 --normalize batch --batch-size 1000 --epochs 3 \
        --set metrics.when=$when --no-plot --quiet --out $when
    cut -d , -f 2 $when/metrics.csv >$when.loss
done
expect_same <(sed -n 3,4p before.loss) <(sed -n 2,3p after.loss)

# ---- Searches ----
cat >space.yaml <<'END'
data: {name: moons, examples: 80}
model.layers: [2, 4, 4, 1]
train.epochs: 2
search: {strategy: grid}
space: {model.normalize: [none, batch, layer], model.residual: [0, 1]}
END
expect_status 0 "$PERCEPT" search space.yaml --out searched
expect_match out '^winner '
expect_lines searched/results.csv 7

# ---- Pictures ----
need_command gnuplot
for kind in curves boundary weights confusion histogram sweep activations importance; do
    for name in waves learned columns members; do
        expect_status 0 "$PERCEPT" plot "$name" $kind --out pictures
        expect_file pictures/$kind.svg
    done
done
expect_status 0 "$PERCEPT" plot members weights --out pictures
expect_contains pictures/weights.gp "of the first of 3 members"
expect_status 0 "$PERCEPT" plot waves learned histogram --out pictures
expect_status 0 "$PERCEPT" plot waves histogram --layer 1 --out pictures
expect_contains pictures/histogram-layer1.csv "layer 1: " layers.0.batch-norm.weight
expect_lacks pictures/histogram-layer1.csv layers.1.batch-norm.weight running
