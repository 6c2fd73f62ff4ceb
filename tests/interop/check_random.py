"""Compares up to a million draws of every kind with NumPy, to the last bit: check_random.py PROGRAM (random.c)."""
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("skipped: no NumPy (PERCEPT_PYTHON names a Python that has it)")
    sys.exit(77)

PROGRAM = sys.argv[1]
MILLION = 1_000_000
BIG = 2**63 - 1


def ours(generator, seed, kind, count, low, high, dtype):
    command = [PROGRAM, generator, str(seed), kind, str(count), str(low), str(high)]
    return np.frombuffer(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout, dtype=dtype)


def stream(generator, seed):
    if generator == "mt19937":
        return np.random.RandomState(seed)
    sequence = np.random.SeedSequence(seed)
    if generator.startswith("spawn:"):
        child = int(generator[len("spawn:"):])
        sequence = sequence.spawn(child + 1)[child]
    return np.random.default_rng(sequence)


def cases():
    seeds = [("pcg64", 12345), ("pcg64", 2**64 - 1), ("spawn:3", 1), ("mt19937", 0), ("mt19937", 2**32 - 1)]
    for generator, seed in seeds:
        yield generator, seed, "unit", 0, 1, lambda s: s.random(MILLION)
        yield generator, seed, "uniform", -0.3, 0.4, lambda s: s.uniform(-0.3, 0.4, MILLION)
        yield generator, seed, "normal", 2.5, 0.1, lambda s: s.normal(2.5, 0.1, MILLION)
        yield generator, seed, "permutation", 0, 1, lambda s: s.permutation(MILLION)
        if generator == "mt19937":
            for bound in (1, 10, 3 * 2**30, 2**32, 2**40 + 1, BIG):
                yield generator, seed, "below", 0, bound, lambda s, b=bound: s.randint(b, size=MILLION)
            continue
        for low, high in ((0, 2), (-5, 5), (0, 3 * 2**30), (0, 2**32 - 1), (0, 2**32), (0, 2**32 + 1), (-1, 3 * 2**61),
                          (-BIG - 1, BIG)):
            yield generator, seed, "integers", low, high, lambda s, r=(low, high): s.integers(*r, size=MILLION)
        yield generator, seed, "below", 0, 1000, lambda s: [int(s.integers(1000)) for _ in range(MILLION // 10)]


def main():
    wrong = compared = 0
    for generator, seed, kind, low, high, draw in cases():
        dtype = {"unit": "f8", "uniform": "f8", "normal": "f8", "permutation": "u4"}.get(kind, "i8")
        theirs = np.asarray(draw(stream(generator, seed))).astype(dtype)
        mine = ours(generator, seed, kind, len(theirs), low, high, dtype)
        compared += 1
        words = f"u{theirs.itemsize}"
        unequal = np.flatnonzero(mine.view(words) != theirs.view(words))
        if len(unequal):
            wrong += 1
            first = unequal[0]
            print(f"{generator} seed {seed} {kind}({low}, {high}): {len(unequal)} of {len(theirs)} differ, first at "
                  f"{first}: {mine[first]!r}, NumPy {theirs[first]!r}")
    print(f"NumPy {np.__version__}: {compared} sequences compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
