"""Writes random_vectors.h, the values that test_random.c compares with, from NumPy (streams unchanged since 1.19):
random_vectors.py > random_vectors.h && clang-format -i random_vectors.h

Every draw becomes one 64-bit word: a float its bits, an integer its two's complement. A long sequence is kept as
the FNV-1a hash of its words, taken byte by byte from the lowest."""
import textwrap

import numpy as np

DEFAULT_SEEDS = [0, 1, 3, 29, 12345, 2**32 + 5, 2**64 - 1]
CHILDREN = [(0, 0), (0, 1), (12345, 0), (12345, 2), (2**32 + 5, 1), (2**64 - 1, 7)]
LEGACY_SEEDS = [0, 2, 3, 29, 12345, 2**32 - 1]
ADVANCES = [0, 1, 2, 1000, 2**31 + 5, 2**64 - 1]
MASK = 2**64 - 1


def words(values):
    array = np.asarray(values)
    return (array if array.dtype == np.float64 else array.astype(np.int64)).view(np.uint64)


def checksum(values):
    total = 0xCBF29CE484222325
    for byte in words(values).astype("<u8").tobytes():
        total = (total ^ byte) * 0x100000001B3 & MASK
    return total


def hexadecimal(values):
    items = [f"0x{int(value):016x}" for value in np.atleast_1d(values)]
    return items[0] if np.ndim(values) == 0 else "{" + ", ".join(items) + "}"


def shuffled_twice(stream):
    values = np.arange(60000)
    stream.shuffle(values)
    stream.shuffle(values)
    return values


def default_mixture(r):
    rows = []
    for _ in range(100):
        rows += [words(part).ravel() for part in (
            r.integers(7), r.random(), r.normal(), r.integers(7), r.integers(2**40), r.integers(1), r.permutation(5),
            r.uniform(-1, 1), r.integers(2**32))]
    return np.concatenate([np.atleast_1d(row) for row in rows])


def advances(r):
    rows = []
    for draws in ADVANCES:
        rows.append(r.integers(7))  # leaves a half, which is dropped
        r.bit_generator.advance(draws)
        rows.append(r.integers(7))
    return rows


def legacy_mixture(r):
    rows = []
    for _ in range(100):
        rows += [words(part).ravel() for part in (
            r.normal(), r.randint(7), r.random_sample(), r.normal(), r.permutation(5), r.uniform(-1, 1),
            r.randint(2**40), r.randint(1), r.normal())]
    return np.concatenate([np.atleast_1d(row) for row in rows])


# Each field: C type and name, the NumPy expression, what draws it. r is a fresh generator each time.
DEFAULT_FIELDS = [
    ("uint64_t unit[3]", "r.random(3)", lambda r: words(r.random(3))),
    ("uint64_t normal[3]", "r.normal(size=3)", lambda r: words(r.normal(size=3))),
    ("uint64_t units", "r.random(2000)", lambda r: checksum(r.random(2000))),
    ("uint64_t uniforms", "r.uniform(-0.3, 0.4, 1001)", lambda r: checksum(r.uniform(-0.3, 0.4, 1001))),
    ("uint64_t normals", "r.normal(2.5, 0.1, 5001)", lambda r: checksum(r.normal(2.5, 0.1, 5001))),
    ("uint64_t digits", "r.integers(-4, 6, 1001)", lambda r: checksum(r.integers(-4, 6, 1001))),
    ("uint64_t rejected32", "r.integers(0, 3 * 2**30, 1001)", lambda r: checksum(r.integers(0, 3 * 2**30, 1001))),
    ("uint64_t last32", "r.integers(0, 2**32 - 1, 1001)", lambda r: checksum(r.integers(0, 2**32 - 1, 1001))),
    ("uint64_t all32", "r.integers(0, 2**32, 1001)", lambda r: checksum(r.integers(0, 2**32, 1001))),
    ("uint64_t first64", "r.integers(0, 2**32 + 1, 1001)", lambda r: checksum(r.integers(0, 2**32 + 1, 1001))),
    ("uint64_t rejected64", "r.integers(0, 3 * 2**61, 1001)", lambda r: checksum(r.integers(0, 3 * 2**61, 1001))),
    ("uint64_t widest", "r.integers(-2**63, 2**63 - 1, 1001)",
     lambda r: checksum(r.integers(-2**63, 2**63 - 1, 1001))),
    ("uint64_t singles", "[r.integers(k) for k in range(1, 501)]",
     lambda r: checksum([r.integers(k) for k in range(1, 501)])),
    ("uint64_t rejected31", "r.integers(0, 3 * 2**29, 1001)", lambda r: checksum(r.integers(0, 3 * 2**29, 1001))),
    ("uint64_t powers", "[r.integers(2**k) for _ in range(20) for k in range(64)]",
     lambda r: checksum([r.integers(2**k) for _ in range(20) for k in range(64)])),
    ("uint64_t permutation", "r.permutation(1797)", lambda r: checksum(r.permutation(1797))),
    ("uint64_t shuffled", "x = np.arange(60000); r.shuffle(x); r.shuffle(x)", lambda r: checksum(shuffled_twice(r))),
    ("uint64_t advanced", "r.integers(7), r.bit_generator.advance(k), r.integers(7) for each k",
     lambda r: checksum(advances(r))),
    ("uint64_t mixture", "100 times: r.integers(7), r.random(), r.normal(), r.integers(7), r.integers(2**40), "
     "r.integers(1), r.permutation(5), r.uniform(-1, 1), r.integers(2**32)", lambda r: checksum(default_mixture(r))),
]
LEGACY_FIELDS = [
    ("uint64_t unit[3]", "r.random_sample(3)", lambda r: words(r.random_sample(3))),
    ("uint64_t normal[3]", "r.normal(size=3)", lambda r: words(r.normal(size=3))),
    ("uint64_t units", "r.random_sample(2000)", lambda r: checksum(r.random_sample(2000))),
    ("uint64_t uniforms", "r.uniform(-0.3, 0.4, 1001)", lambda r: checksum(r.uniform(-0.3, 0.4, 1001))),
    ("uint64_t normals", "r.normal(2.5, 0.1, 5001)", lambda r: checksum(r.normal(2.5, 0.1, 5001))),
    ("uint64_t rejected32", "[r.randint(2**31 + 1) for _ in range(1001)]",
     lambda r: checksum([r.randint(2**31 + 1) for _ in range(1001)])),
    ("uint64_t rejected64", "[r.randint(2**62 + 1) for _ in range(1001)]",
     lambda r: checksum([r.randint(2**62 + 1) for _ in range(1001)])),
    ("uint64_t singles", "[r.randint(k) for k in range(1, 501)]",
     lambda r: checksum([r.randint(k) for k in range(1, 501)])),
    ("uint64_t permutation", "r.permutation(1797)", lambda r: checksum(r.permutation(1797))),
    ("uint64_t shuffled", "x = np.arange(60000); r.shuffle(x); r.shuffle(x)", lambda r: checksum(shuffled_twice(r))),
    ("uint64_t mixture", "100 times: r.normal(), r.randint(7), r.random_sample(), r.normal(), r.permutation(5), "
     "r.uniform(-1, 1), r.randint(2**40), r.randint(1), r.normal()", lambda r: checksum(legacy_mixture(r))),
]


def struct(name, head, fields):
    print(f"typedef struct {name} {{")
    print(head)
    for declaration, expression, _ in fields:
        note = textwrap.wrap(f"/* {expression} */", 110)
        if len(note) == 1:
            print(f"    {declaration}; {note[0]}")
        else:
            print("\n".join(["    " + note[0]] + ["     * " + line for line in note[1:]] + [f"    {declaration};"]))
    print(f"}} {name};\n")


def default_row(sequence, head):
    state = np.random.PCG64(sequence).state["state"]
    halves = [hexadecimal(np.array([state[part] & MASK, state[part] >> 64], dtype=np.uint64))
              for part in ("state", "inc")]
    return "{" + ", ".join(head + halves + [hexadecimal(draw(np.random.default_rng(sequence)))
                                            for _, _, draw in DEFAULT_FIELDS]) + "},"


def child_row(seed, child):
    state = np.random.PCG64(np.random.SeedSequence(seed).spawn(child + 1)[child])
    first = hexadecimal(words(np.random.Generator(state).random(3)))
    return f"{{{seed}ULL, {child}, {first}}},"


def steps(before, after):
    multiplier, modulus, count = 0x2360ED051FC65DA44385DF649FCCF645, 2**128, 0
    while before["state"] != after["state"]:
        before["state"] = (before["state"] * multiplier + before["inc"]) % modulus
        count += 1
    return count


def paths(seed):
    """The first draw of r.normal() by each path through the ziggurat, told apart by the words it takes."""
    edge = 3.6541528853610088
    kinds = {
        "the rectangle": lambda x, n: n == 1,
        "the wedge": lambda x, n: n == 2 and abs(x) < edge,
        "a wedge refused, then another layer": lambda x, n: n == 3 and abs(x) < edge,
        "the tail, right": lambda x, n: n == 3 and x > edge,
        "the tail, left": lambda x, n: n == 3 and x < -edge,
        "the tail at its second attempt": lambda x, n: n == 5 and abs(x) > edge,
    }
    generator, index = np.random.default_rng(seed), 0
    while kinds:
        before = generator.bit_generator.state["state"]
        x = generator.normal()
        count = steps(before, generator.bit_generator.state["state"])
        for kind in [k for k, matches in kinds.items() if matches(x, count)]:
            del kinds[kind]
            yield f"{{{index}, {count}, {hexadecimal(words(x))}}}, /* {kind}: {x!r} */"
        index += 1


def main():
    print(f"""/* Made by random_vectors.py with NumPy {np.__version__}; don't edit. Floats are given by their bits. A field that is no array
 * is the FNV-1a hash of the sequence in its comment; r is fresh for each. */
#ifndef TEST_RANDOM_VECTORS_H
#define TEST_RANDOM_VECTORS_H

#include <stddef.h>
#include <stdint.h>

/* r = np.random.default_rng(seed) */""")
    struct("DefaultVector", "    uint64_t seed, state[2], increment[2]; /* r.bit_generator.state, low words first */",
           DEFAULT_FIELDS)
    print("static const DefaultVector default_vectors[] = {")
    for seed in DEFAULT_SEEDS:
        print(default_row(np.random.SeedSequence(seed), [f"{seed}ULL"]))
    print("""};

/* r = np.random.default_rng(np.random.SeedSequence(seed).spawn(child + 1)[child]) */
typedef struct ChildVector {
    uint64_t seed;
    uint32_t child;
    uint64_t unit[3]; /* r.random(3) */
} ChildVector;

static const ChildVector child_vectors[] = {""")
    for seed, child in CHILDREN:
        print(child_row(seed, child))
    print("};\n\n/* r = np.random.RandomState(seed) */")
    struct("LegacyVector", "    uint64_t seed;", LEGACY_FIELDS)
    print("static const LegacyVector legacy_vectors[] = {")
    for seed in LEGACY_SEEDS:
        fields = [hexadecimal(draw(np.random.RandomState(seed))) for _, _, draw in LEGACY_FIELDS]
        print("{" + ", ".join([f"{seed}ULL"] + fields) + "},")
    print("""};

/* One draw r.normal() of r = np.random.default_rng(12345) for each path through the ziggurat */
typedef struct ZigguratVector {
    size_t index;   /* draws before it */
    int words;      /* 64-bit words that it takes */
    uint64_t value; /* its bits */
} ZigguratVector;

static const ZigguratVector ziggurat_vectors[] = {""")
    for row in paths(12345):
        print(row)
    print("};\n\n#endif")


if __name__ == "__main__":
    main()
