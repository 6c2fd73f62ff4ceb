#!/bin/bash
# Precision bfloat16: refused before anything is begun where it cannot be had, trained and told where it can, with float32
# models that any processor reads.
. "$(dirname "$0")/lib.sh"
need_command jq
expect_status 0 "$PERCEPT" data make circles --count 500 --out circles.csv
train=("$PERCEPT" train --data circles.csv --layers 2-17-9-2 --validation 99 --batch-size 33
    --set train.keep=last --calibration none --no-plot --quiet)

# ---- Refused ----
expect_status 1 "${train[@]}" --precision bfloat16 --engine reference --out refused
expect_contains err "reference has no bfloat16 products" "float32"
expect_status 1 env PERCEPT_BFLOAT16=perhaps "${train[@]}" --precision bfloat16 --out refused
expect_contains err "PERCEPT_BFLOAT16=perhaps"
if isas | grep -qxF plain; then # which has no such instructions
    expect_status 1 env PERCEPT_ISA=plain "${train[@]}" --precision bfloat16 --out refused
    expect_contains err "bfloat16" "float32"
fi
if "$PERCEPT" bench peak --rounds 1 --seconds 0.01 --json | jq -e .bfloat16 >/dev/null; then
    expect_status 0 "${train[@]}" --precision bfloat16 --epochs 4 --out native
else
    expect_status 1 "${train[@]}" --precision bfloat16 --out refused
    expect_contains err "needs a processor with" "choose precision float32"
fi
expect_no_file refused

# ---- Emulated ----
export PERCEPT_BFLOAT16=emulated
expect_status 0 "${train[@]}" --precision bfloat16 --epochs 4 --threads 1 --out narrow
expect_status 0 "${train[@]}" --precision bfloat16 --epochs 4 --threads 2 --out again
expect_same narrow/model.safetensors again/model.safetensors
expect_same narrow/metrics.csv again/metrics.csv
[ ! -d native ] || expect_same narrow/model.safetensors native/model.safetensors
expect_status 0 "${train[@]}" --epochs 4 --out wide
! cmp -s narrow/model.safetensors wide/model.safetensors || fail "float32 gave the same numbers"
expect_match narrow/recipe.yaml 'precision: bfloat16'

# ---- The model is float32: figures of validation are what anyone finds without the instructions ----
unset PERCEPT_BFLOAT16
expect_status 0 "$PERCEPT" evaluate narrow --part valid --json
found=$(jq .accuracy out)
told=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "valid_accuracy") at = i } END { print $at }' narrow/metrics.csv)
jq -en "($found - $told) | fabs < 1e-9" >/dev/null || fail "accuracy $told in training, $found after"
