#!/bin/bash
# Every experiment that comes with Percept runs to its report: those with determined figures as they are, and agree; those
# that take long, small.
. "$(dirname "$0")/../cli/lib.sh"
need_mnist
need_digits
small=(--set train.epochs=1 --set data.per_class=200 --set data.validation=400)

for recipe in $(grep -l '^parts:' "$SOURCE"/recipes/*.yaml); do
    name=$(basename -s .yaml "$recipe")
    case $name in
    cs171-* | ift6135-zeros | radboud* | ift6390-*)
        expect_status 0 "$PERCEPT" reproduce "$name" --out "$name"
        expect_lacks out DIFFERS
        ;;
    ablation) expect_status 0 "$PERCEPT" reproduce "$name" --run plain "${small[@]}" --out "$name" ;;
    records) expect_status 0 "$PERCEPT" reproduce "$name" --run mnist-8 "${small[@]}" --out "$name" ;;
    *) expect_status 0 "$PERCEPT" reproduce "$name" "${small[@]}" --out "$name" ;;
    esac
    expect_lacks err warning
    expect_file "$name/report.html"
    rm -rf "$name"
done
