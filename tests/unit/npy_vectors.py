"""Writes npy_vectors.h, files of NumPy's (1.26) with the numbers in them, which test_npy.c and test_npz.c read:
npy_vectors.py > npy_vectors.h && clang-format -i npy_vectors.h"""
import io
import zipfile

import numpy as np

UNEVEN = np.array([[0.1, -2.5, 3e-5], [1e20, 65504, -7]])
SMALL = np.array([[0, 1, 2], [-3, 100, -128]])


def saved(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version)
    return file.getvalue()


def arrays():
    yield "f8", UNEVEN, None
    yield "big-endian f8", UNEVEN.astype(">f8"), None
    yield "big-endian f4, Fortran order", np.asfortranarray(UNEVEN.astype(">f4")), None
    yield "f2", np.array([[0.1, -2.5, 3e-5], [6e-8, 65504, -np.inf]]).astype("f2"), None
    yield "long double", (np.arange(1, 7).reshape(2, 3) / np.longdouble(3)).astype(np.longdouble), None
    yield "big-endian long double", np.array([[0, 1, -1e-300], [1e300, np.inf, 5]]).astype(">f16"), None
    yield "bool", SMALL > 0, None
    yield "i1", SMALL.astype("i1"), None
    yield "big-endian i2", SMALL.astype(">i2"), None
    yield "i4, version 2", SMALL.astype("<i4"), (2, 0)
    yield "i8, Fortran order, version 3", np.asfortranarray(SMALL.astype("<i8")), (3, 0)
    yield "u1, three dimensions", np.arange(12, dtype="u1").reshape(2, 3, 2), None
    yield "u1, three dimensions, Fortran order", np.asfortranarray(np.arange(12, dtype="u1").reshape(2, 3, 2)), None
    yield "u2", np.array([[0, 1, 65535]], "<u2"), None
    yield "big-endian u4", np.array([[0, 1, 2**32 - 1]], ">u4"), None
    yield "u8", np.array([[0, 1, 2**53, 2**64 - 2048]], "<u8"), None


def archives():
    for name, save, content in (
        ("stored", np.savez, {"y": np.array([1, 0, 1]), "X": UNEVEN.reshape(3, 2), "other": np.array(3)}),
        ("packed", np.savez_compressed, {
            "x_train": np.arange(24, dtype="u1").reshape(3, 2, 4), "y_train": np.array([2, 0, 1], "u1"),
            "x_test": np.full((2, 2, 4), 7, "u1"), "y_test": np.array([1, 1], "u1")}),
        ("by place", np.savez, {"arr_0": SMALL.astype("i1"), "arr_1": np.array([0.5, 2.0])}),
    ):
        file = io.BytesIO()
        save(file, **content)
        yield name, file.getvalue()


def literal(data):
    pieces = [data[i:i + 48] for i in range(0, len(data), 48)]
    return "\n".join('"' + "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in piece) + '"'
                     for piece in pieces)


def number(value):
    value = float(value)
    return {"inf": "INFINITY", "-inf": "-INFINITY"}.get(repr(value), repr(value))


def main():
    print("/* Written by npy_vectors.py. */")
    print("#ifndef TESTS_NPY_VECTORS_H\n#define TESTS_NPY_VECTORS_H\n")
    print("#include <math.h>\n#include <stddef.h>\n")
    print("typedef struct NpyVector {\n    const char *name, *bytes;\n    size_t size, dimensions, shape[3];")
    print("    double values[12]; /* in C order */\n} NpyVector;\n")
    print("static const NpyVector npy_vectors[] = {")
    for name, array, version in arrays():
        data = saved(array, version)
        values = ", ".join(number(v) for v in array.ravel("C"))
        shape = ", ".join(str(n) for n in array.shape)
        print(f'{{"{name}",\n{literal(data)},\n{len(data)}, {array.ndim}, {{{shape}}}, {{{values}}}}},')
    print("};\n")
    print("typedef struct NpzVector {\n    const char *name, *bytes;\n    size_t size;\n} NpzVector;\n")
    print("static const NpzVector npz_vectors[] = {")
    for name, data in archives():
        assert zipfile.is_zipfile(io.BytesIO(data))
        print(f'{{"{name}",\n{literal(data)},\n{len(data)}}},')
    print("};\n\n#endif")


main()
