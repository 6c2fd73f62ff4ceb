#!/bin/bash
# The list tells where each dataset is or how to get it; info counts what is in one.
. "$(dirname "$0")/lib.sh"
need_fashion_mnist

expect_status 0 env PERCEPT_DATA=/nowhere "$PERCEPT" data list
expect_match out '^fashion-mnist  '
expect_match out '^mnist  '
expect_contains out /usr/share/datasets/fashion-mnist /nowhere/mnist
expect_lines err 0
[ "$(LC_ALL=C.UTF-8 wc -L <out)" -le 80 ] || fail "a line has more than 80 columns"

expect_status 0 "$PERCEPT" data info fashion-mnist
expect_contains out "60,000 for training" "10,000 for testing" 784 "28 high, 28 wide" /usr/share/datasets/fashion-mnist
expect_match out '^ +9  Ankle boot +6,000 +1,000$'
[ "$(grep -c ' 6,000 *1,000$' out)" -eq 10 ] || fail "not every class has 6,000 and 1,000 examples"

mkdir other
ln -s /usr/share/datasets/fashion-mnist other
expect_status 0 "$PERCEPT" data info fashion-mnist --data-dir other
expect_contains out other/fashion-mnist

expect_status 1 "$PERCEPT" data info fashion-mnits
expect_match err "^percept: .*did you mean 'fashion-mnist'"
expect_status 1 env PERCEPT_DATA=/nowhere "$PERCEPT" data info mnist
expect_match err '^percept: .*/nowhere/mnist'
