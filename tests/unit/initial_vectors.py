"""Writes initial_vectors.h, the values that test_initial.c compares with, from NumPy:
initial_vectors.py > initial_vectors.h && clang-format -i initial_vectors.h

Each case is one generator, as a notebook would use it: perhaps draws of earlier runs, then the weights of a network 3-4-2,
then the orders of two epochs of 7 examples."""
import numpy as np

INPUTS, HIDDEN, OUTPUTS, EXAMPLES = 3, 4, 2, 7
BOUNDS = {"glorot": lambda i, o: np.sqrt(6 / (i + o)), "fan-in": lambda i, o: 1 / np.sqrt(i),
          "fan-out": lambda i, o: 1 / np.sqrt(o), "product": lambda i, o: np.sqrt(6 / (i * o))}
CASES = [  # stream, seed, init_after, init, by_input
    ("numpy", 12345, [], ["product"], True),
    ("numpy", 0, [("uniform", 5), ("normal", 3)], ["fan-out"], False),
    ("numpy", 2**40, [], ["zeros", "normal"], False),
    ("numpy-legacy", 3, [], ["normal"], False),
    ("numpy-legacy", 29, [("normal", 3), ("uniform", 2)], ["normal", "glorot"], False),
    ("numpy-legacy", 2, [("normal", 1)], ["fan-in"], True),
]


def draw(stream, init, inputs, outputs, by_input):
    size = (inputs, outputs) if by_input else (outputs, inputs)
    if init == "zeros":
        W = np.zeros(size)
    elif init == "normal":
        W = stream.normal(0, 0.01, size)
    else:
        bound = BOUNDS[init](inputs, outputs)
        W = stream.uniform(-bound, bound, size)
    return W.T if by_input else W


def listed(values):
    return "{" + ", ".join(values) + "}"


print("/* Made by initial_vectors.py. */")
print("static const InitialCase cases[] = {")
for kind, seed, after, init, by_input in CASES:
    stream = np.random.default_rng(seed) if kind == "numpy" else np.random.RandomState(seed)
    for what, count in after:
        stream.uniform(size=count) if what == "uniform" else stream.normal(size=count)
    parameters = []
    for layer, (inputs, outputs) in enumerate([(INPUTS, HIDDEN), (HIDDEN, OUTPUTS)]):
        W = draw(stream, init[layer % len(init)], inputs, outputs, by_input)
        parameters += [float.hex(float(w)) for w in W.ravel()] + ["0"] * outputs
    orders = [str(i) for _ in range(2) for i in stream.permutation(EXAMPLES)]
    text = ",".join(f"{what}:{count}" for what, count in after)
    print(f'{{"{kind}", "{seed}", "{text}", "{",".join(init)}", "{str(by_input).lower()}", '
          f"{listed(parameters)}, {listed(orders)}}},")
print("};")
