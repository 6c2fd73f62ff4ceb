# What is installed is complete, hides what is internal, and goes without a trace: programs of somebody else, in C and in
# C++, find the libraries by pkg-config and by CMake, in a place that was chosen only at installation.
. "$(dirname "$0")/lib.sh"
grep -q '^PERCEPT_SANITIZE:STRING=$' "$PERCEPT_BUILD/CMakeCache.txt" || skip "instrumented builds are not for installing"
need_command c++

# Something of others is there before, folders that Percept uses and a file of theirs among them.
export DESTDIR=$work/stage
installed=$DESTDIR/opt/elsewhere
mkdir -p "$installed/lib/pkgconfig" "$installed/include/percept"
touch "$installed/lib/theirs" "$installed/include/percept/theirs.h"
find stage | sort >before
expect_status 0 "$SOURCE/scripts/install" "$PERCEPT_BUILD" /opt/elsewhere
expect_no_file /opt/elsewhere
find stage | sort >after

# ---- Everything is there, and says the same version ----
expect_status 0 "$installed/bin/percept" version
expect_file "$installed"/lib/libpercept.{a,so,so.2} "$installed/include/percept/percept.h" \
    "$installed/share/percept/recipes/mnist.yaml" "$installed/lib/cmake/percept/perceptConfig.cmake" \
    "$installed/share/man/man1/percept.1" "$installed/share/bash-completion/completions/percept" \
    "$installed/share/zsh/site-functions/_percept" "$installed/share/fish/vendor_completions.d/percept.fish"
expect_file "$installed/share/percept/recipes/published/radboud.csv"
expect_status 0 env -u PERCEPT_RECIPES "$installed/bin/percept" reproduce # lists the recipes beside it
expect_match out '^radboud +'
export PKG_CONFIG_PATH=$installed/lib/pkgconfig
expect_status 0 pkg-config --modversion percept
mv out version
expect_status 0 readelf -d "$installed/lib/libpercept.so"
expect_match out 'SONAME.*\[libpercept\.so\.2\]'

# ---- The public header's functions are to be seen, in both libraries, and nothing else ----
sed -n '/^PERCEPT_API/ s/(.*//p' "$SOURCE/include/percept/percept.h" | grep -o '[a-z_]*$' | sort >public
[ "$(wc -l <public)" -gt 20 ] || fail "the header declares no functions that this test can see"
nm -D --defined-only --format=posix "$installed/lib/libpercept.so" | cut -d ' ' -f 1 | sort >shared
nm -g --defined-only --format=posix "$installed/lib/libpercept.a" | sed '/:$/d; s/ .*//' | sort >static
diff public shared || fail "libpercept.so shows other names than the header's"
diff public static || fail "libpercept.a shows other names than the header's"
# Whoever adds a function adds it to debian/libpercept2.symbols, with the version that brings it.
sed -n 's/^ \([^@]*\)@.*/\1/p' "$SOURCE/debian/libpercept2.symbols" | sort >packaged
diff public packaged || fail "debian/libpercept2.symbols lists other names than the header's"

# ---- The packages are built with what the library is built with, and who links it statically gets as much ----
packages() { # packages GROUP
    "$SOURCE/scripts/setup" --print "$1" | tr ' ' '\n' | grep -vxE 'libc6-dev|libcmocka-dev' | grep -e '-dev$' | sort
}
packages build >build.wanted
packages library >libpercept-dev.wanted
[ "$(wc -l <libpercept-dev.wanted)" -gt 3 ] || fail "scripts/setup lists no packages that this test can see"
awk '/^Build-Depends:/ { part = "build" } /^Package:/ { part = $2 } /^ lib.*-dev|^ zlib/ { print $1 > part ".dev" }' \
    "$SOURCE/debian/control"
for part in build libpercept-dev; do
    tr -d , <$part.dev | grep -vxF libcmocka-dev | sort | diff $part.wanted - ||
        fail "debian/control and scripts/setup name other packages ($part)"
done

# ---- pkg-config: the example, shared and static ----
shared() { env LD_LIBRARY_PATH="$installed/lib" "$@"; }
expect_status 0 pkg-config --cflags --libs percept
expect_status 0 cc "$SOURCE/examples/train.c" $(cat out) -o by-pkg-config
expect_status 0 readelf -d by-pkg-config
expect_match out 'NEEDED.*\[libpercept\.so\.2\]'
expect_status 1 shared ./by-pkg-config fashion-mmist
expect_contains err "fashion-mnist" # the nearest name

expect_status 0 pkg-config --static --cflags --libs percept
# Internal names are free for others: this one is a file's of the library, too.
cat >clash.c <<'TEXT'
int file_read(void);
int file_read(void)
{
    return 0;
}
TEXT
expect_status 0 cc clash.c "$SOURCE/examples/train.c" $(sed 's/-lpercept/-l:libpercept.a/' out) -o by-pkg-config-static
expect_status 0 readelf -d by-pkg-config-static
expect_lacks out libpercept
expect_status 1 ./by-pkg-config-static fashion-mmist
expect_contains err "fashion-mnist"

# ---- CMake: the examples' folder as a user copies it ----
cp -r "$SOURCE/examples" copied
expect_status 0 env -u DESTDIR cmake -S copied -B copied/build -DCMAKE_PREFIX_PATH="$installed"
expect_status 0 cmake --build copied/build
expect_status 1 copied/build/train fashion-mmist # CMake wrote into it where the library lies
expect_contains err "fashion-mnist"

# ---- C++: learns a table by heart, with the shared library and with the static one ----
mkdir cpp
cat >cpp/main.cpp <<'TEXT'
#include <percept/percept.h>
#include <cstdio>

int main()
{
    const double features[] = {0, 0, 0, 1, 1, 0, 1, 1};
    const int32_t labels[] = {0, 1, 1, 0};
    percept_error error = {};
    percept_recipe *recipe = nullptr;
    percept_data data = {};
    percept_model *model = nullptr;
    percept_metrics metrics = {};
    metrics.struct_size = sizeof metrics;
    percept_status status =
        percept_dataset_create(PERCEPT_FLOAT64, 4, 2, features, labels, 2, nullptr, &data.train, &error);
    if (!status)
        status = percept_recipe_create(&recipe, &error);
    const char *const settings[][2] = {{"model.layers", "2-16-2"}, {"model.activation", "tanh"},
                                       {"train.optimizer", "adam"}, {"train.learning_rate", "0.05"},
                                       {"train.batch_size", "4"},   {"train.epochs", "300"}};
    for (const auto &setting : settings)
        if (!status)
            status = percept_recipe_set(recipe, setting[0], setting[1], &error);
    if (!status)
        status = percept_model_create(recipe, &data, &model, &error);
    if (!status)
        status = percept_model_train(model, recipe, &data, nullptr, nullptr, nullptr, &error);
    if (!status)
        status = percept_model_evaluate(model, data.train, 1, &metrics, &error);
    if (status)
        std::fprintf(stderr, "%s\n", error.message);
    else
        std::printf("%s %g\n", percept_version(), metrics.accuracy);
    percept_metrics_clear(&metrics);
    percept_model_free(model);
    percept_recipe_free(recipe);
    percept_data_free(&data);
    return status;
}
TEXT
cat >cpp/CMakeLists.txt <<'TEXT'
cmake_minimum_required(VERSION 3.25)
project(own LANGUAGES CXX)
find_package(percept 0.1 REQUIRED COMPONENTS static)
foreach(kind percept static)
  add_executable(with_${kind} main.cpp)
  target_link_libraries(with_${kind} PRIVATE percept::${kind})
  target_compile_options(with_${kind} PRIVATE -Wall -Wextra -Wpedantic -Werror)
endforeach()
TEXT
echo "$(cat version) 1" >answer
expect_status 0 env -u DESTDIR cmake -S cpp -B cpp/build -DCMAKE_PREFIX_PATH="$installed"
expect_status 0 cmake --build cpp/build
expect_status 0 cpp/build/with_percept
expect_same out answer
expect_status 0 cpp/build/with_static
expect_same out answer
expect_status 0 readelf -d cpp/build/with_static
expect_lacks out libpercept

# ---- Once more over itself, and away: what is left is what was there ----
# A file of an older version that this one has no more goes as well.
mkdir "$installed/share/percept/old"
touch "$installed/share/percept/old/recipe"
printf '%s\n' /opt/elsewhere/share/percept/old/ /opt/elsewhere/share/percept/old/recipe \
    >>"$installed/share/percept/installed"
expect_status 0 "$SOURCE/scripts/install" "$PERCEPT_BUILD" /opt/elsewhere
find stage | sort >again
expect_same after again
expect_status 0 "$SOURCE/scripts/install" --remove /opt/elsewhere
find stage | sort >gone
expect_same before gone
expect_status 1 "$SOURCE/scripts/install" --remove /opt/elsewhere
expect_contains err "There is no Percept in $installed"

# A place that is not there at all is made, and is not there afterwards.
expect_status 0 env DESTDIR="$work/fresh" "$SOURCE/scripts/install" "$PERCEPT_BUILD" /usr
expect_status 0 env DESTDIR="$work/fresh" "$SOURCE/scripts/install" --remove /usr
expect_no_file fresh
