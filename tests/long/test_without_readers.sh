# PERCEPT_READERS=OFF configures and builds where jansson is the only other library, and others can link what it builds.
. "$(dirname "$0")/../cli/lib.sh"
need_command pkg-config
mkdir pc
cp "$(pkg-config --variable=pcfiledir jansson)/jansson.pc" pc
unset CMAKE_PREFIX_PATH PKG_CONFIG_PATH
expect_status 0 env PKG_CONFIG_LIBDIR="$work/pc" cmake -S "$SOURCE" -B build -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DPERCEPT_READERS=OFF
expect_status 0 cmake --build build
expect_status 0 "$SOURCE/scripts/install" build "$work/installed"
expect_no_file installed/bin
export PKG_CONFIG_PATH=$work/installed/lib/pkgconfig
expect_status 0 pkg-config --print-requires-private percept
expect_contains out jansson
expect_lacks out yaml zlib
expect_status 0 pkg-config --cflags --libs percept
expect_status 0 cc "$SOURCE/tests/cli/without_readers.c" $(cat out) -o shared
expect_status 0 env LD_LIBRARY_PATH="$work/installed/lib" ./shared
expect_match out '^0 1 1 0$'
expect_status 0 pkg-config --static --cflags --libs percept
expect_status 0 cc "$SOURCE/tests/cli/without_readers.c" $(sed 's/-lpercept/-l:libpercept.a/' out) -o static
expect_status 0 ./static
expect_match out '^0 1 1 0$'
