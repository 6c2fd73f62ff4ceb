"""Arrays of every real type, byte order, memory order, rank and format version, written by NumPy and read here, are the
same numbers, and so are those of an archive written here; other types are refused: check_npy.py PROGRAM (npy.c)."""
import itertools
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: no NumPy (PERCEPT_PYTHON names a Python that has it)")
    sys.exit(77)

PROGRAM = sys.argv[1]
TYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "g"]
SHAPES = [(7,), (1, 1), (130, 3), (65, 3, 2), (2, 3, 4, 5), (2, 1, 3, 2, 2)]
REFUSED = [np.array([1j]), np.array(["a"]), np.array([b"a"]), np.array([None]), np.array(["2024-01-01"], "M8[D]"),
           np.array([1], "m8[s]"), np.zeros(2, [("a", "f4"), ("b", "i4")]), np.array(3.0), np.zeros((0, 3)),
           np.zeros(1, "V4")]


def sample(dtype, shape, stream):
    count = int(np.prod(shape))
    if dtype.kind == "b":
        return (stream.random(count) < 0.5).reshape(shape)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        values = stream.integers(limits.min, limits.max, count, dtype, endpoint=True)
        values[:2] = [limits.min, limits.max][:min(2, count)]
        return values.reshape(shape)
    with np.errstate(over="ignore"):
        values = (stream.normal(size=count) * 10.0 ** stream.integers(-6, 5, count)).astype(dtype)
    values[0] = np.finfo(dtype).tiny
    return values.reshape(shape)


def read(*paths):
    done = subprocess.run([PROGRAM, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, np.frombuffer(done.stdout, "f8"), done.stderr.decode()


def arrays(stream):
    for letter, shape, swapped, fortran in itertools.product(TYPES, SHAPES, (False, True), (False, True)):
        array = sample(np.dtype(letter), shape, stream)
        if swapped:
            array = array.astype(array.dtype.newbyteorder())
        yield np.asfortranarray(array) if fortran else array


def main():
    stream = np.random.default_rng(1)
    wrong = compared = 0

    def expect(right, what):
        nonlocal wrong, compared
        compared += 1
        if not right:
            wrong += 1
            print(f"differs: {what}")

    with tempfile.TemporaryDirectory() as folder:
        path, labels, archive = (os.path.join(folder, name) for name in ("x.npy", "y.npy", "x.npz"))
        for i, array in enumerate(arrays(stream)):
            version = [(1, 0), (2, 0), (3, 0)][i % 3]
            with open(path, "wb") as file:
                np.lib.format.write_array(file, array, version)
            status, numbers, message = read(path)
            with np.errstate(over="ignore", under="ignore"):
                theirs = array.ravel("C").astype("f8")
            expect(status == 0 and np.array_equal(numbers[2:], theirs),
                   f"{array.dtype.str} {array.shape} Fortran {array.flags.fnc} version {version}: {message}")
        for array in REFUSED:
            np.save(path, array, allow_pickle=True)
            status, _, message = read(path)
            expect(status == 1 and "x.npy" in message, f"{array.dtype.str} {array.shape} is not refused: {message}")
        for dtype in TYPES:
            x, y = sample(np.dtype("f4"), (9, 4), stream), (np.arange(9) % (2 if dtype == "?" else 3)).astype(dtype)
            np.save(path, x)
            np.save(labels, y)
            both = np.concatenate([[9, 0], x.ravel(), y.astype("f8")])
            expect(np.array_equal(read(path, labels)[1], both), f"labels {dtype}")
            for save in (np.savez, np.savez_compressed):
                save(archive, x=x, y=y)
                expect(np.array_equal(read(archive)[1], both), f"{save.__name__} {dtype}")
                save(archive, y_test=y[:4], x_test=x[:4], x_train=x, y_train=y)
                parts = np.concatenate([[9, 4], x.ravel(), x[:4].ravel(), y.astype("f8"), y[:4].astype("f8")])
                expect(np.array_equal(read(archive)[1], parts), f"{save.__name__} {dtype}, two parts")
        x, y = stream.normal(size=(9, 4)), np.arange(9) % 3
        np.save(path, x)
        np.save(labels, y)
        read(path, labels, archive)
        with np.load(archive) as ours:
            expect(sorted(ours) == ["x", "y"] and ours["x"].dtype == "f8" and np.array_equal(ours["x"], x) and
                   ours["y"].dtype == "i4" and np.array_equal(ours["y"], y), "an archive of ours")
    print(f"NumPy {np.__version__}: {compared} files compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
