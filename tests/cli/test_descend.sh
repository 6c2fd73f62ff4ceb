#!/bin/bash
# A descent is told step by step, written and drawn; one that fails says where; wrong calls are told.
. "$(dirname "$0")/lib.sh"
f='x^2 + y^2 + x*(y+2) + cos(3*x)'
gradient='2*x - 3*sin(3*x) + y + 2; x + 2*y'

# ---- The table ----
expect_status 0 "$PERCEPT" descend "$f" --gradient "$gradient" --start 3,2 --step 0.1 --steps 20
expect_lines err 0
expect_match out '^ +0 +3 +2 +24\.08886974 '
expect_match out '^ +20 +0\.569718546 +-0\.240317989 +1\.246937143 '
expect_contains out "f(x, y) = $f" "gradient as given" "after 20 steps: f(0.569719, -0.240318) = 1.246937143"
expect_status 0 "$PERCEPT" descend "$f" --start 3,2 --step 0.2 --decay 0.95 --steps 10
expect_contains out "step 0.2 * 0.95^t" "by central differences" "= -2.277486662"
[ "$(LC_ALL=C.UTF-8 wc -L <out)" -le 80 ] || fail "a line has more than 80 columns"
expect_status 0 "$PERCEPT" descend --start -3,-2 --step 0.2 --steps 1 -- '-x + y'
expect_contains out "f(-2.8, -2.2) = 0.6"

# ---- For programs ----
expect_status 0 "$PERCEPT" descend "x^2 + y" --gradient "2*x; 1" --start 3,2 --step 0.25 --steps 2 --json
expect_lines out 1
expect_contains out '"finished": true' '"final": {"gradient": [1.5, 1.0], "step": 0.25, "t": 2, "value": 2.0625,' \
    '"function": "x^2 + y"'
expect_status 1 "$PERCEPT" descend "x^4" --start 1000,2 --step 0.1 --steps 20 --json
expect_contains out '"finished": false'

# ---- Files ----
expect_status 0 "$PERCEPT" descend "x^2 + y^2" --gradient "2*x; 2*y" --start 1,2 --step 0.25 --steps 2 --out a/b
[ "$(sed -n 1p a/b/path.csv)" = "t,x,y,f,df_dx,df_dy,step" ] || fail "the names of path.csv"
[ "$(sed -n 4p a/b/path.csv)" = "2,0.25,0.5,0.3125,0.5,1,0.25" ] || fail "the last step in path.csv"
expect_lines a/b/path.csv 4
if command -v gnuplot >/dev/null; then
    expect_file a/b/descent.svg a/b/descent.png a/b/descent.gp
fi

# ---- What a person should know ----
expect_status 1 "$PERCEPT" descend "x^4" --start 1000,2 --step 0.1 --steps 20
expect_match out '^ +3 '
expect_contains err "step 4: at (" "the function is not finite; take smaller steps"
expect_status 1 "$PERCEPT" descend "ln(x)" --start -1,2 --step 0.1 --steps 20
expect_lines out 0
expect_contains err "step 0: at (-1, 2) the function is not finite; start elsewhere"
expect_status 0 "$PERCEPT" descend "x^2" --start 1,2 --step 1.1 --steps 3
expect_contains err "warning: f rose from 1 to 2.98598"
expect_status 0 "$PERCEPT" descend "x^2" --gradient "x; 0" --start 1,2 --step 0.1 --steps 3
expect_contains err "warning: the gradient may be wrong"

# ---- Wrong calls ----
wrong() { # wrong TEXT ARGUMENT...
    local text=$1
    shift
    expect_status 2 "$PERCEPT" descend "$@"
    expect_lines out 0
    expect_contains err "$text"
}
rest=(--start 1,2 --step 0.1 --steps 3)
wrong "F(x,y)" "${rest[@]}"
wrong "--start is missing" 'x^2' --step 0.1 --steps 3
wrong "--step is missing" 'x^2' --start 1,2 --steps 3
wrong "--steps is missing" 'x^2' --start 1,2 --step 0.1
wrong "two numbers" 'x^2' --start 1 --step 0.1 --steps 3
wrong "two numbers" 'x^2' --start 1,2,3 --step 0.1 --steps 3
wrong "a number above 0" 'x^2' --start 1,2 --step 0 --steps 3
wrong "from 1 to" 'x^2' --start 1,2 --step 0.1 --steps 0
wrong "up to 1" 'x^2' "${rest[@]}" --decay 1.5
wrong "the function: 'x + * 2': the operator '*' is out of place, at character 5" 'x + * 2' "${rest[@]}"
wrong "x^2, not x**2" 'x**2' "${rest[@]}"
wrong "is not two formulas" 'x^2' "${rest[@]}" --gradient x
wrong "the gradient's dy: 'z': 'z' is unknown" 'x^2' "${rest[@]}" --gradient 'x; z'
