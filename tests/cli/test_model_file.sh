#!/bin/bash
# A model may come through a pipe; what is none (a device, a folder, a huge file) is refused at once and without its memory.
. "$(dirname "$0")/lib.sh"
expect_status 0 "$PERCEPT" train --data moons --layers 2-3-2 --epochs 1 --no-plot --quiet --out run
printf '0.1,0.2\n0.3,0.4\n' >rows.csv
expect_status 0 "$PERCEPT" predict run/model.safetensors rows.csv
cp out predicted

# Kilobytes that a program may take; the sanitizers take terabytes of addresses for themselves.
most=4000000
grep -q '^PERCEPT_SANITIZE:STRING=$' "$PERCEPT_BUILD/CMakeCache.txt" || most=unlimited

refused() { # refused TEXT MODEL: one line, and no more memory than for a small model
    expect_status 1 bash -c 'ulimit -v $3 && exec "$1" predict "$2" rows.csv' - "$PERCEPT" "$2" $most
    expect_lines err 1
    expect_contains err "$1" "$2"
}
refused "it is a device" /dev/zero
refused "it is a device" /dev/null
truncate -s 1T zeros
refused "it is no safetensors file" zeros
{ printf '\002\0\0\0\0\0\0\0{}'; } >header # and a terabyte behind it
truncate -s 1T header
refused "follow the last tensor" header
head -c 100000 /dev/zero | tr '\0' 'x' >text
refused "it is no safetensors file" text
truncate -s -1 run/model.safetensors
refused "was not copied in full" run/model.safetensors
expect_status 1 "$PERCEPT" predict run/plots rows.csv

# ---- Pipes ----
expect_status 0 "$PERCEPT" train --data moons --layers 2-3-2 --epochs 1 --no-plot --quiet --out run --force
expect_status 0 bash -c 'cat run/model.safetensors | "$1" predict /dev/stdin rows.csv' - "$PERCEPT"
expect_same out predicted
expect_status 1 bash -c 'head -c -1 run/model.safetensors | "$1" predict /dev/stdin rows.csv' - "$PERCEPT"
expect_contains err "not copied in full"
expect_status 1 bash -c '{ cat run/model.safetensors; echo; } | "$1" predict /dev/stdin rows.csv' - "$PERCEPT"
expect_contains err "follow the last tensor"
for endless in "yes" "cat /dev/zero"; do
    expect_status 1 bash -c '{ $2 2>/dev/null || true; } | { ulimit -v $3 && exec "$1" predict /dev/stdin rows.csv; }' - \
        "$PERCEPT" "$endless" $most
    expect_contains err "no safetensors file"
done
