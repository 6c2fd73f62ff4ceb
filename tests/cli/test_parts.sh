#!/bin/bash
# Experiments that train nothing give the published figures, with their report and pictures; parts that cannot be done are
# refused with their place.
. "$(dirname "$0")/lib.sh"
need_command gnuplot

# ---- Every figure agrees ----
agree() { # agree NAME FIGURES: reproduces it and sees that so many figures were compared, and agree
    expect_status 0 "$PERCEPT" reproduce "$SOURCE/recipes/$1.yaml" --out "$1"
    expect_match out "^$2 values? compared, $2 agreed"
    expect_file "$1/report.html"
}
agree radboud-descent 1
agree radboud-activations 20
agree radboud-bce 10
agree radboud-one-layer 13
agree radboud-layers 102
agree ift6390-gradcheck 6
agree ift6390-loop-matrix 2
expect_file radboud-descent/plots/{fixed,shrinking}.{svg,png,gp,csv} radboud-activations/plots/functions.svg
expect_contains radboud-activations/report.html "relu has a kink at 0: the slope is 0 to its left and 1 to its right"
expect_contains ift6390-loop-matrix/report.html "loop form"
expect_status 0 "$PERCEPT" reproduce "$SOURCE/recipes/cs171-softmax.yaml" --out softmax
expect_contains softmax/report.html "the naive one fails" "0, 0, 0, nan"

# ---- A small study of every kind that needs data ----
cat >study.yaml <<'EOF'
about: checks of a small network
precision: float64
engine: reference
data: {name: circles, examples: 60}
model: {layers: [2, 6, 2], activation: tanh}
train: {optimizer: sgd, learning_rate: 0.1, batch_size: 7, epochs: 3}
parts:
  - gradcheck: {examples: [1, 7], method: complex, inputs: true, loop: true}
  - gradcheck: {when: trained, name: trained, layer: 2, first: 5, sweep: true, steps: [10, 100, 1000]}
  - histogram: {when: initial, name: before}
  - histogram: {name: after}
  - timing: {examples: 50}
  - parameters: {least: 10, most: 100}
EOF
mkdir published
expect_status 0 "$PERCEPT" reproduce study.yaml --out small
expect_file small/plots/trained-sweep.{svg,png,csv}
expect_lines small/plots/trained-sweep.csv 4
! cmp -s small/plots/before.csv small/plots/after.csv || fail "the weights before training are those after it"
expect_contains small/report.html "all of 34 gradients are right" "all of 46 gradients are right" "loop form" "2-6-2" \
    "matrix form" "fast engine" "trained weights"

# ---- Refusals ----
refuse() { # refuse TEXT PART: the part is refused with its line
    printf 'about: wrong\nruns: []\nparts:\n  - %s\n' "$2" >wrong.yaml
    expect_status 1 "$PERCEPT" reproduce wrong.yaml --out wrong --force
    expect_contains err "wrong.yaml:4: " "$1"
}
refuse "start is missing" 'descend: {function: x, step: 1, steps: 2}'
refuse "x^2, not x**2" 'descend: {function: x**2, start: [1, 2], step: 1, steps: 2}'
refuse "two numbers" 'descend: {function: x, start: 1, step: 1, steps: 2}'
refuse "no activation 'softmax' of one number" 'functions: {functions: softmax, points: {values: 1}}'
refuse "no activation 'rleu'" 'functions: {functions: rleu, points: {values: 1}}'
refuse "no loss 'bce'" 'losses: {loss: bce, draw: {}}'
refuse "targets and outputs" 'losses: {loss: huber, draw: {targets: {values: 1}}}'
refuse "not between 0 and 1" 'losses: {loss: binary-cross-entropy, draw: {targets: {values: 1}, outputs: {values: 2}}}'
refuse "no array x" 'network: {layers: [1, 1], output: identity, draw: {W1: {values: 1}}}'
refuse "unknown activation" 'network: {layers: [1, 1], output: idnetity, draw: {x: {values: 1}}}'
refuse "factors" 'softmax: {logits: [1, 2], times: []}'
refuse "sizes such as" 'parameters: {layers: 784-x}'
refuse "central, forward or complex" 'gradcheck: {method: sideways}'
refuse "initial or trained" 'gradcheck: {when: never}'
refuse "exclude" 'gradcheck: {first: 2, each: 3}'
refuse "rising" 'gradcheck: {steps: [10, 1]}'
refuse "initial or trained" 'histogram: {when: never}'
refuse "letters, digits" 'histogram: {name: ../there}'
refuse "a number of an epoch" 'figures: {figures: parameters, epoch: 1e300}'
refuse "label 0 is 0.5" 'network: {layers: [1, 1], output: sigmoid, loss: binary-cross-entropy, draw: {W1: {values: 1}, x: {values: 1}, labels: {values: 0.5}}}'
