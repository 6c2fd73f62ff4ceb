"""Compares augmented pictures with scipy.ndimage on the same displacements: check_augment.py PROGRAM (augment.c)."""
import subprocess
import sys
import time

try:
    import numpy as np
    from scipy.ndimage import gaussian_filter, map_coordinates
except ImportError:
    print("skipped: no NumPy or SciPy (PERCEPT_PYTHON names a Python that has them)")
    sys.exit(77)

PROGRAM = sys.argv[1]
SIDE = 28
PIXELS = SIDE * SIDE
RECORD = 2 * PIXELS + 6 + 3 * PIXELS
# float32 of a coordinate below 32 is off by up to 2^-20 pixels, and pixels differ by up to 1; float64 rounds alone.
TOLERANCES = {"float32": 1e-5, "float64": 1e-12}


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout


def theirs(fields, matrix, picture, sigma, alpha):
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    shift = [gaussian_filter(field, sigma, mode="constant", cval=0) * alpha for field in fields]
    places = [m[0] * rows + m[1] * columns + m[2] + d for m, d in zip(matrix, shift)]
    return map_coordinates(picture, places, order=1, mode="grid-constant", cval=0)


def as_usually_written(picture, sigma, alpha, stream):
    """Elastic deformation as in the notebooks that cite Simard et al., 2003."""
    dx = gaussian_filter(stream.rand(SIDE, SIDE) * 2 - 1, sigma, mode="constant", cval=0) * alpha
    dy = gaussian_filter(stream.rand(SIDE, SIDE) * 2 - 1, sigma, mode="constant", cval=0) * alpha
    x, y = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    indices = np.reshape(y + dy, (-1, 1)), np.reshape(x + dx, (-1, 1))
    return map_coordinates(picture, indices, order=1).reshape(SIDE, SIDE)


def report_speed(sigma, alpha):
    stream, picture, done = np.random.RandomState(0), np.zeros((SIDE, SIDE)), 0
    start = time.perf_counter()
    while time.perf_counter() - start < 0.5:
        as_usually_written(picture, sigma, alpha, stream)
        done += 1
    scipy = done / (time.perf_counter() - start)
    own = float(run("time", 0.5, sigma, alpha))
    print(f"elastic, sigma {sigma}: {own:,.0f} pictures a second with one thread, scipy {scipy:,.0f}, {own / scipy:.1f} ×")


def main():
    wrong = compared = 0
    for seed, sigma, alpha in ((1, 4, 34), (2, 1.3, 8), (3, 8, 60), (4, 0.4, 1), (5, 6, 36)):
        records = np.frombuffer(run("pictures", seed, sigma, alpha), dtype="f8").reshape(-1, RECORD)
        for record in records:
            fields, matrix, picture, narrow, wide = np.split(record, np.cumsum([2 * PIXELS, 6, PIXELS, PIXELS]))
            expected = theirs(fields.reshape(2, SIDE, SIDE), matrix.reshape(2, 3), picture.reshape(SIDE, SIDE), sigma,
                              alpha).ravel()
            for name, mine in (("float32", narrow), ("float64", wide)):
                compared += 1
                off = np.abs(mine - expected).max()
                if not off <= TOLERANCES[name]:
                    wrong += 1
                    print(f"seed {seed}, sigma {sigma}, alpha {alpha}, {name}: off by {off:.3g}")
    print(f"{compared} pictures compared, {wrong} differ")
    report_speed(4, 34)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
