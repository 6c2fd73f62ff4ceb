# What is installed is complete: a program of somebody else finds and links the library by pkg-config alone, in a place
# that was chosen only at installation.
. "$(dirname "$0")/lib.sh"
grep -q '^PERCEPT_SANITIZE:STRING=$' "$PERCEPT_BUILD/CMakeCache.txt" || skip "instrumented builds are not for installing"

expect_status 0 env DESTDIR="$work/stage" cmake --install "$PERCEPT_BUILD" --prefix /opt/elsewhere
installed=$work/stage/opt/elsewhere
expect_status 0 "$installed/bin/percept" version

cat >program.c <<'TEXT'
#include <percept/percept.h>
#include <stdio.h>
int main(void)
{
    puts(percept_version());
    return 0;
}
TEXT
export PKG_CONFIG_PATH=$installed/lib/pkgconfig
expect_status 0 pkg-config --cflags --libs percept
expect_status 0 cc program.c $(cat out) -o program
expect_status 0 pkg-config --modversion percept
mv out version
expect_status 0 ./program
expect_same out version
