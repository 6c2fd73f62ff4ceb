"""Compares variants of two notebooks' trainings, which no published table holds, with NumPy: check_reproduce.py PERCEPT."""
import csv
import gzip
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: no NumPy (PERCEPT_PYTHON names a Python that has it)")
    sys.exit(77)

PERCEPT = sys.argv[1]
DATA = os.environ.get("PERCEPT_DATA", "")
TOLERANCE = 1e-9  # the same float64 sums in another order, through some tens of epochs
if not os.path.exists(f"{DATA}/digits.csv.gz"):
    print("skipped: PERCEPT_DATA names no folder with MNIST and digits.csv.gz")
    sys.exit(77)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cross_entropy(p, y):
    return -(y * np.log(p) + (1 - y) * np.log(1 - p))


def images(kind):
    def inflate(name):
        return gzip.open(f"{DATA}/mnist/{kind}-{name}.gz").read()
    labels = np.frombuffer(inflate("labels-idx1-ubyte"), "u1", offset=8)
    return np.frombuffer(inflate("images-idx3-ubyte"), "u1", offset=16).reshape(len(labels), -1).astype(float), labels


def two_classes(classes, per_class, sizes, seed, rate, epochs):
    """Summed loss and accuracies before each full-batch update (notebook cs171)."""
    def choose(kind):
        X, labels = images(kind)
        rows = [np.flatnonzero(labels == c)[:per_class] for c in classes]
        return np.vstack([X[r] for r in rows]), np.concatenate([np.full(len(r), k) for k, r in enumerate(rows)])
    X, y = choose("train")
    V, w = choose("t10k")
    np.random.seed(seed)
    W1 = np.random.normal(0, 0.01, (sizes[1], sizes[0]))
    W2 = np.random.normal(0, 0.01, (1, sizes[1]))
    b1, b2 = np.zeros(sizes[1]), np.zeros(1)
    rows = []
    for _ in range(epochs):
        A = sigmoid(X @ W1.T + b1)
        p = sigmoid(A @ W2.T + b2)[:, 0]
        q = sigmoid(sigmoid(V @ W1.T + b1) @ W2.T + b2)[:, 0]
        rows.append({"loss_sum": cross_entropy(p, y).sum(), "train_accuracy": ((p >= 0.5) == y).mean(),
                     "test_accuracy": ((q >= 0.5) == w).mean()})
        delta = (p - y)[:, None]
        hidden = delta @ W2 * A * (1 - A)
        W2, b2 = W2 - rate * delta.T @ A, b2 - rate * delta.sum(0)
        W1, b1 = W1 - rate * hidden.T @ X, b1 - rate * hidden.sum(0)
    return rows


def small_digits(sizes, seed, split_seed, rate, batch, epochs):
    """Means over whole minibatches in order, each measured before its update (notebook radboud)."""
    table = np.loadtxt(gzip.open(f"{DATA}/digits.csv.gz", "rt"), delimiter=",")
    X, y = table[:, :64], (table[:, 64] < 5).astype(float)
    X = (X - X.mean()) / X.std()
    order = np.random.default_rng(split_seed).permutation(len(X))
    parts = [(X[r], y[r]) for r in (order[:898], order[898:])]
    stream = np.random.default_rng(seed)
    layers = [[stream.uniform(-np.sqrt(6 / (i * o)), np.sqrt(6 / (i * o)), (i, o)), np.zeros(o)]
              for i, o in zip(sizes, sizes[1:])]

    def run(x):
        values = [x]
        for depth, (W, b) in enumerate(layers):
            z = values[-1] @ W + b
            values.append(sigmoid(z) if depth == len(layers) - 1 else np.maximum(z, 0))
        return values
    rows = []
    for _ in range(epochs):
        row = {}
        for name, (x, t) in zip(("train", "test"), parts):
            losses, right = [], []
            for first in range(0, len(x) // batch * batch, batch):
                now = t[first:first + batch]
                values = run(x[first:first + batch])
                p = values[-1][:, 0]
                losses.append(cross_entropy(p, now).mean())
                right.append(((p >= 0.5) == now).mean())
                if name == "test":
                    continue
                delta = (p - now)[:, None]
                for depth in reversed(range(len(layers))):
                    W, b = layers[depth]
                    gradient = values[depth].T @ delta, delta.sum(0)
                    delta = delta @ W.T * (values[depth] > 0)
                    layers[depth] = [W - rate * gradient[0], b - rate * gradient[1]]
            row[f"{name}_loss"], row[f"{name}_accuracy"] = np.mean(losses), np.mean(right)
        rows.append(row)
    return rows


def compare(what, arguments, expected):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PERCEPT, "reproduce", *arguments, "--quiet", "--out", f"{folder}/out"], check=True,
                       stdout=subprocess.DEVNULL)
        with open(f"{folder}/out/metrics.csv") as file:
            found = list(csv.DictReader(file))
    assert len(found) == len(expected), f"{what}: {len(found)} epochs, not {len(expected)}"
    worst = 0
    for epoch, (ours, theirs) in enumerate(zip(found, expected)):
        for name, value in theirs.items():
            error = abs(float(ours[name]) - value) / abs(value)
            assert error <= TOLERANCE, f"{what}: epoch {epoch}, {name}: {ours[name]}, not {value!r}"
            worst = max(worst, error)
    print(f"{what}: {len(expected)} epochs, largest relative error {worst:.1e}")


def settings(**keys):
    return [word for key, value in keys.items() for word in ("--set", f"{key.replace('__', '.')}={value}")]


compare("two other classes", ["cs171-binary", *settings(
    data__classes="[3,7]", data__per_class=600, model__layers="[784,100,1]", seed=11, train__epochs=40)],
    two_classes([3, 7], 600, [784, 100, 1], 11, 1e-5, 40))
compare("another rate", ["cs171-binary", *settings(
    data__classes="[0,1]", data__per_class=250, seed=4, train__learning_rate="4e-5", train__epochs=25)],
    two_classes([0, 1], 250, [784, 256, 1], 4, 4e-5, 25))
compare("other layers", ["radboud", "--run", "epochs-50", *settings(
    model__layers="[64,20,1]", seed=77, train__learning_rate=0.004, train__batch_size=7, train__epochs=15)],
    small_digits([64, 20, 1], 77, 12345, 0.004, 7, 15))
compare("another split", ["radboud", "--run", "four-linear", *settings(
    data__split_seed=9, seed=3, train__batch_size=32, train__epochs=30)],
    small_digits([64, 64, 32, 16, 1], 3, 9, 0.001, 32, 30))
