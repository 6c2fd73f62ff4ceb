# What libpercept shows to other programs and what it needs: nothing of the workbench, and without readers hardly anything.
. "$(dirname "$0")/lib.sh"
need_command readelf
grep -q '^PERCEPT_SANITIZE:STRING=$' "$PERCEPT_BUILD/CMakeCache.txt" || skip "instrumented builds are not for installing"
library=$PERCEPT_BUILD/libpercept.so
bare=$PERCEPT_BUILD/tests/libpercept_without_readers.so
expect_file "$library" "$bare"

# needs FILE: the libraries that it names, without their versions, one a line
needs() {
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so\..*\]/\1/p' | grep -v '^ld-linux' | sort
}
same_lines() { # same_lines FILE LINE...
    local file=$1
    shift
    printf '%s\n' "$@" | sort | diff - "$file" || fail "$file has other lines"
}

# ---- The soname stands for these names: see docs/development.md before this list is changed ----
nm -D --defined-only --format=posix "$library" | cut -d ' ' -f 1 | sort >shown
diff "$SOURCE/tests/libpercept.symbols" shown || fail "libpercept.so shows other names than tests/libpercept.symbols"
nm -D --defined-only --format=posix "$bare" | cut -d ' ' -f 1 | sort >shown
diff "$SOURCE/tests/libpercept.symbols" shown || fail "without readers libpercept.so shows other names"

# ---- What it needs ----
needs "$library" >needed
grep -qxF libopenblas needed && skip "built with PERCEPT_CBLAS"
same_lines needed libc libm libdeflate libjansson libpng16 libyaml-0 libz libzip
needs "$bare" >needed
same_lines needed libc libm libjansson

# ---- Without readers it trains from memory, saves, loads, predicts and draws; the rest is refused in words ----
expect_status 0 "$PERCEPT_BUILD/tests/without_readers"
mv out said
sed -n 1,2p said >out
printf '0 1 1 0\n2 features\n' >answer
expect_same out answer
expect_lines said 6
sed -n 3,6p said >refused
expect_contains refused "1 cannot read 'model.safetensors'" "1 cannot read 'mnist'" percept_dataset_create \
    "1 cannot read the recipe 'recipe.yaml'" "1 cannot write the recipe 'recipe.yaml'" percept_recipe_set
[ "$(grep -c 'PERCEPT_READERS=OFF' refused)" -eq 4 ] || fail "a refusal does not say why"
expect_no_file recipe.yaml
printf 'a,b\n0,0\n0,1\n1,0\n1,1\n' >points.csv
expect_status 0 "$PERCEPT" predict model.safetensors points.csv # its model is as good as any
cut -d , -f 1 out >classes
printf '%s\n' class 0 1 1 0 >answer
expect_same classes answer
