# Shared by the tests of the command line. A test is a bash script that starts with
#   . "$(dirname "$0")/lib.sh"
# and then finds itself in an empty folder of its own, with nothing of the user's settings or data in sight. It stops at
# the first thing that is not as expected. By hand: PERCEPT=build/release/percept bash tests/cli/test_NAME.sh
set -eu -o pipefail
: "${PERCEPT:?names the program to test}"
PERCEPT=$(realpath "$PERCEPT")
SOURCE=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..") # the project's folder, e.g. for $SOURCE/recipes

work=$(mktemp -d)
# What a killed program started may still write a file or two into the folder before it ends, too.
remove_work() {
    local tries
    for ((tries = 0; tries < 1000; tries++)); do
        ! rm -rf "$work" 2>/dev/null || return 0
    done
    rm -rf "$work"
}
trap remove_work EXIT
cd "$work"
export HOME=$work XDG_DATA_HOME=$work/.data XDG_CONFIG_HOME=$work/.config LC_ALL=C TZ=UTC
unset NO_COLOR

# Ends the test as failed, showing the last command's output.
fail() {
    echo "FAILED: $* (${BASH_SOURCE[-1]##*/}, line ${BASH_LINENO[-2]})"
    for name in out err; do
        [ ! -s $name ] || { echo "--- $name"; head -c 5000 $name; }
    done
    exit 1
}

# Ends the test as skipped.
skip() {
    echo "skipped: $*"
    exit 77
}

# expect_status N COMMAND...: runs it, keeps its standard output in the file `out` and its standard error in `err`.
expect_status() {
    local expected=$1 status=0
    shift
    "$@" >out 2>err || status=$?
    [ "$status" -eq "$expected" ] || fail "'$*' ended with status $status, not $expected"
}

# expect_contains FILE TEXT..., expect_lacks FILE TEXT...: every TEXT (no pattern) stands in FILE, or none does.
expect_contains() {
    local file=$1 text
    shift
    for text in "$@"; do
        grep -qF -e "$text" "$file" || fail "$file does not contain '$text'"
    done
}
expect_lacks() {
    local file=$1 text
    shift
    expect_file "$file"
    for text in "$@"; do
        ! grep -qF -e "$text" "$file" || fail "$file contains '$text'"
    done
}

# expect_match FILE REGEX: a line of FILE matches the extended regular expression.
expect_match() {
    grep -qE -e "$2" "$1" || fail "no line of $1 matches '$2'"
}

# expect_lines FILE N: FILE has N lines.
expect_lines() {
    local count
    count=$(wc -l <"$1")
    [ "$count" -eq "$2" ] || fail "$1 has $count lines, not $2"
}

# expect_same FILE FILE: the same bytes.
expect_same() {
    cmp "$1" "$2" || fail "$1 and $2 differ"
}

# expect_file PATH..., expect_no_file PATH...
expect_file() {
    local path
    for path in "$@"; do
        [ -e "$path" ] || fail "there is no $path"
    done
}
expect_no_file() {
    local path
    for path in "$@"; do
        [ ! -e "$path" ] || fail "there is a $path"
    done
}

# Data that a test cannot do without; skipped where they are missing.
need_mnist() {
    [ -n "$(find "${PERCEPT_DATA:-/none}/mnist" -name 't10k-images*' 2>/dev/null)" ] ||
        skip "MNIST is missing; PERCEPT_DATA=FOLDER names the folder that holds mnist/"
}
need_digits() {
    [ -e "${PERCEPT_DATA:-/none}/digits.csv.gz" ] ||
        skip "the 8x8 digits are missing; PERCEPT_DATA=FOLDER names the folder that holds digits.csv.gz"
}
need_fashion_mnist() {
    [ -e /usr/share/datasets/fashion-mnist ] || skip "the package dataset-fashion-mnist is not installed"
}
need_command() {
    command -v "$1" >/dev/null || skip "there is no command $1"
}

# Names of the instruction sets that this processor can execute, one a line; the first is the one that is used.
isas() {
    "$PERCEPT" version --verbose |
        sed -n 's/^kernels  *//p' | sed 's/; this processor can also do//; s/(PERCEPT_ISA chooses)//' | xargs -n 1
}

# A terminal that a program of the test can be given: a container may have none to give.
need_terminal() {
    local said
    need_command script
    said=$(script -qec true /dev/null 2>&1 </dev/null) ||
        skip "no pseudo-terminal can be opened (${said%%$'\n'*}); where they can, devpts is mounted on /dev/pts"
}
