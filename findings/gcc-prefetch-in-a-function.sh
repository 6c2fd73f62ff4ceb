#!/bin/bash
# GCC removes a function that only prefetches, with all calls, unless it inlines the function first.
#
# A prefetch has no effect that the analysis of pure and const functions knows. So a function of prefetches alone counts as const,
# and a call whose result nobody uses is dropped: at -O1 every such call, at -O2 and -O3 those of a function that is not inlined
# (here by noinline; in real code because it is large, or called from many places). -Wall -Wextra say nothing. The same
# function with always_inline keeps its prefetches. Clang keeps all of them.
#
# Seen on 2026-12-01 with Debian 12 on x86-64. Run by hand: it needs the network and 450 MB in a temporary folder. Fails if the
# behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 . # apt downloads as another user
apt-get download --quiet=2 cpp-12=12.2.0-14+deb12u1 libisl23 libmpc3 libmpfr6 libgmp10 2>log || { cat log >&2; exit 1; }
for package in *.deb; do
    dpkg -x "$package" gcc
done
python3 -m venv zig
zig/bin/pip install --quiet --disable-pip-version-check ziglang==0.13.0

cat >warm.c <<'C'
typedef __SIZE_TYPE__ size_t;
ATTRIBUTE static void warm(const float *rows, size_t count)
{
    for (size_t i = 0; i < count; i += 16)
        __builtin_prefetch(rows + i);
}
float sum(const float *rows, const float *next, size_t count)
{
    float total = 0;
    warm(next, count);
    for (size_t i = 0; i < count; i++)
        total += rows[i];
    return total;
}
C
export LD_LIBRARY_PATH=$folder/gcc/usr/lib/x86_64-linux-gnu XDG_CACHE_HOME=$folder
for attribute in '' '__attribute__((noinline))' '__attribute__((always_inline)) inline'; do
    for level in -O1 -O2 -O3; do
        gcc/usr/lib/gcc/x86_64-linux-gnu/12/cc1 -quiet $level -Wall -Wextra "-DATTRIBUTE=$attribute" warm.c -o gcc.s
        zig/bin/python -m ziglang cc -target x86_64-linux-gnu $level "-DATTRIBUTE=$attribute" -S warm.c -o clang.s
        echo "$level '$attribute' $(grep -c prefetch gcc.s) $(grep -c prefetch clang.s)"
    done
done | tee seen
# level, attribute, prefetch instructions of GCC 12.2.0, of Clang 18 (in Zig 0.13.0)
diff - seen <<'E'
-O1 '' 0 1
-O2 '' 1 1
-O3 '' 1 1
-O1 '__attribute__((noinline))' 0 1
-O2 '__attribute__((noinline))' 0 1
-O3 '__attribute__((noinline))' 0 1
-O1 '__attribute__((always_inline)) inline' 1 1
-O2 '__attribute__((always_inline)) inline' 1 1
-O3 '__attribute__((always_inline)) inline' 1 1
E
echo "as described"
