#!/bin/bash
# Settings of optimizers: factors by role of parameters, and defaults that depend on the optimizer.
. "$(dirname "$0")/lib.sh"

train=("$PERCEPT" train --data moons --layers 2-12-8-2 --epochs 2 --no-plot --quiet)

# ---- Factors by role: a mapping in a file, a list on the command line ----
cat >factors.yaml <<'YAML'
data: {name: moons}
model: {layers: [2, 12, 8, 2]}
train: {epochs: 2, rate_factors: {bias: 0.1, weight: 2}, weight_decay: 0.01, decay_factors: {bias: 1}}
YAML
expect_status 0 "$PERCEPT" train factors.yaml --no-plot --quiet --out mapping
expect_contains mapping/recipe.yaml 'rate_factors: ["bias:0.1", "weight:2"]'
expect_status 0 "$PERCEPT" train mapping/recipe.yaml --no-plot --quiet --out again
expect_same mapping/model.safetensors again/model.safetensors
expect_status 0 "${train[@]}" --set train.rate_factors=bias:0.1,weight:2 --set train.weight_decay=0.01 \
    --set train.decay_factors=bias:1 --out list
expect_same mapping/model.safetensors list/model.safetensors
expect_status 0 "${train[@]}" --set train.weight_decay=0.01 --out plain
! cmp -s plain/model.safetensors list/model.safetensors || fail "the factors change nothing"

# ---- What is refused ----
expect_status 1 "${train[@]}" --set train.rate_factors=biases:0.1 --out refused
expect_contains err "train.rate_factors" "'biases' is no role" "did you mean 'bias'?"
for wrong in bias bias: bias:x bias:-1 :1; do
    expect_status 1 "${train[@]}" --set "train.rate_factors=$wrong" --out refused
    expect_contains err "train.rate_factors"
done
expect_status 1 "${train[@]}" --set train.rate_factors=bias:1,bias:2 --out refused
expect_contains err "given twice"
printf 'train: {rate_factors: {bias: [1]}}\n' >nested.yaml
expect_status 1 "$PERCEPT" train nested.yaml --no-plot --out refused
expect_contains err "nested.yaml:1" "train.rate_factors"
[ ! -e refused ] || fail "a refused recipe left a folder"

# ---- Clipping by role and by tensor ----
for scope in network role tensor; do
    expect_status 0 "${train[@]}" --clip-norm 0.05 --optimizer sgd --set train.clip_scope=$scope --out clip-$scope
done
! cmp -s clip-network/model.safetensors clip-role/model.safetensors || fail "role clips as network does"
! cmp -s clip-role/model.safetensors clip-tensor/model.safetensors || fail "tensor clips as role does"

# ---- Every optimizer trains with its own defaults, which the recipe of the run states ----
for optimizer in sgd rmsprop adam adamw amsgrad; do
    expect_status 0 "${train[@]}" --optimizer $optimizer --out $optimizer
    expect_contains $optimizer/recipe.yaml "optimizer: $optimizer" "learning_rate:" "momentum:" "beta2:"
    expect_status 0 "$PERCEPT" runs show $optimizer --runs .
    expect_lacks out train.beta2 train.momentum
done

# ---- Whole tensors, and whole batches ----
expect_status 0 "${train[@]}" --optimizer muon --out muon
expect_contains muon/recipe.yaml "momentum: 0.95" "nesterov: true" "learning_rate: 0.02"
expect_status 1 "$PERCEPT" train --data moons --layers 2-8-2 --optimizer muon --no-plot --out refused
expect_contains err "muon" "add a hidden layer, or choose adamw"
expect_status 1 "${train[@]}" --optimizer sgd --set train.nesterov=true --out refused
expect_contains err "train.nesterov needs train.momentum above 0"
lbfgs=("$PERCEPT" train --data moons --layers 2-12-2 --optimizer lbfgs --epochs 40 --no-plot --quiet)
expect_status 1 "${lbfgs[@]}" --out refused
expect_contains err "train.optimizer lbfgs takes all" "set train.batch_size to"
expect_status 1 "${lbfgs[@]}" --batch-size 2000 --dropout 0.2 --out refused
expect_contains err "model.dropout does not go with train.optimizer lbfgs"
expect_status 1 "${lbfgs[@]}" --batch-size 2000 --members 2 --out refused
expect_contains err "model.members does not go with train.optimizer lbfgs"
[ ! -e refused ] || fail "a refused training left a folder"
expect_status 0 "${lbfgs[@]}" --batch-size 2000 --out whole
awk -F, 'NR > 1 { last = $2 } END { exit !(last < 0.1) }' whole/metrics.csv || fail "lbfgs does not learn the moons"

# ---- Schedules of decay and dropout: more epochs change the first ones ----
scheduled=("${train[@]}" --set train.decay_schedule=flat-cosine --set train.dropout_schedule=cosine --weight-decay 0.1 --dropout 0.3)
expect_status 0 "${scheduled[@]}" --schedule coslog4 --out all
expect_status 0 "${scheduled[@]}" --out factors
expect_status 2 "$PERCEPT" train --resume factors --epochs 5
expect_contains err "the schedule flat-cosine is spread over the 2 epochs"
expect_status 0 "${train[@]}" --weight-decay 0.1 --dropout 0.3 --out constant
! cmp -s factors/model.safetensors constant/model.safetensors || fail "the schedules change nothing"
