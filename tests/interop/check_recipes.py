"""Trains networks as notebooks do, in NumPy and by recipes, and compares metrics.csv: check_recipes.py PERCEPT.

Every setting is drawn at random: streams, orders, initial weights, scaling, layers, batches, what is measured and when."""
import csv
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    print("skipped: no NumPy (PERCEPT_PYTHON names a Python that has it)")
    sys.exit(77)

PERCEPT = sys.argv[1]
VARIANTS = 60
TOLERANCE = 1e-9  # of losses: hundreds of steps whose sums are taken in other orders, 12 digits in the file
FEATURES, SPLIT = 12, [150, 40, 61]
ACTIVATIONS = {  # value, and derivative from input and value
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z, a: a * (1 - a)),
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
    "identity": (lambda z: z, lambda z, a: np.ones_like(z)),
}
BOUNDS = {
    "uniform": lambda i, o: 0.3,
    "glorot": lambda i, o: np.sqrt(6 / (i + o)),
    "fan-in": lambda i, o: 1 / np.sqrt(i),
    "fan-out": lambda i, o: 1 / np.sqrt(o),
    "product": lambda i, o: np.sqrt(6 / (i * o)),
}


def choose(rng):
    """One variant: what is given to both sides."""
    pick = lambda *choices: choices[rng.integers(len(choices))]
    classes = int(pick(2, 2, 3))
    hidden = [int(n) for n in rng.integers(1, 20, rng.integers(0, 3))]
    return {
        "stream": pick("numpy", "numpy-legacy"), "seed": int(rng.integers(2**32)),
        "init_after": [(pick("uniform", "normal"), int(rng.integers(9))) for _ in range(rng.integers(3))],
        "init": pick("normal", *BOUNDS), "by_input": bool(pick(True, False)),
        "classes": classes, "layers": [FEATURES, *hidden, 1 if classes == 2 else classes],
        "activation": pick(*ACTIVATIONS), "split_seed": int(rng.integers(1000)),
        "scale": pick("none", "standardize", "standardize-all"), "scale_on": pick("train", "all"),
        "sum": bool(pick(True, False)), "shuffle": bool(pick(True, False)), "reseed": bool(pick(True, False)),
        "batch": int(pick(1, 7, 10, 32, 150, 1000)), "drop_last": bool(pick(True, False)), "epochs": 6,
        "when": pick("during", "before", "after"), "loss_sum": bool(pick(True, False)), "test": bool(pick(True, False)),
        "whole_batches": bool(pick(True, False)), "naive": bool(pick(True, False)), "engine": pick("cpu", "reference"),
    }


# ---- NumPy's side ----

def open_stream(kind, seed):
    return np.random.default_rng(seed) if kind == "numpy" else np.random.RandomState(seed)


def draw_layers(v, stream):
    for kind, count in v["init_after"]:
        stream.uniform(size=count) if kind == "uniform" else stream.normal(size=count)
    layers = []
    for i, o in zip(v["layers"], v["layers"][1:]):
        size = (i, o) if v["by_input"] else (o, i)
        bound = None if v["init"] == "normal" else BOUNDS[v["init"]](i, o)
        W = stream.normal(0, 0.3, size) if bound is None else stream.uniform(-bound, bound, size)
        layers.append([W if v["by_input"] else W.T, np.zeros(o)])
    return layers


def forward(v, layers, X):
    Z, A = [], [X]
    for n, (W, b) in enumerate(layers):
        Z.append(A[-1] @ W + b)
        A.append(ACTIVATIONS[v["activation"]][0](Z[-1]) if n + 1 < len(layers) else Z[-1])
    return Z, A


def losses(v, z, y):
    """Of each example: loss, whether it is right, naive loss, gradient at the logits."""
    if v["classes"] == 2:
        p = 1 / (1 + np.exp(-z[:, 0]))
        return (np.logaddexp(0, z[:, 0]) - y * z[:, 0], (p >= 0.5) == (y == 1),
                -np.log(np.where(y == 1, p, 1 - p)), (p - y)[:, None])
    shifted = z - z.max(1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(1, keepdims=True)
    rows = np.arange(len(y))
    return (np.log(np.exp(shifted).sum(1)) - shifted[rows, y], p.argmax(1) == y, -np.log(p[rows, y]),
            p - np.eye(v["classes"])[y])


def measure(v, layers, X, y):
    count = len(y) - len(y) % v["batch"] if v["whole_batches"] and len(y) >= v["batch"] else len(y)
    loss, right, naive, _ = losses(v, forward(v, layers, X[:count])[1][-1], y[:count])
    return loss.mean(), loss.sum(), right.mean(), naive.mean()


def update(v, layers, X, y, rate):
    Z, A = forward(v, layers, X)
    loss, right, _, d = losses(v, A[-1], y)
    d = d if v["sum"] else d / len(y)
    for n in reversed(range(len(layers))):
        W, b = layers[n]
        before = d @ W.T
        layers[n] = [W - rate * A[n].T @ d, b - rate * d.sum(0)]
        if n > 0:
            d = before * ACTIVATIONS[v["activation"]][1](Z[n - 1], A[n])
    return loss, right


def train(v, X, y):
    """Rows of metrics.csv as dictionaries."""
    order = np.random.default_rng(v["split_seed"]).permutation(len(y))
    ends = np.cumsum(SPLIT)
    parts = np.split(order[:ends[2]], ends[:2])
    fitted = X[np.concatenate(parts)] if v["scale_on"] == "all" else X[parts[0]]
    if v["scale"] == "standardize":
        X = (X - fitted.mean(0)) / fitted.std(0)
    elif v["scale"] == "standardize-all":
        X = (X - fitted.mean()) / fitted.std()
    data = [(X[p], y[p]) for p in parts]
    stream = open_stream(v["stream"], v["seed"])
    layers = draw_layers(v, stream)
    count, batch = SPLIT[0], v["batch"]
    steps = count // batch if v["drop_last"] and count >= batch else -(-count // batch)
    rows = []
    for epoch in range(v["epochs"]):
        order = np.arange(count)
        if v["shuffle"]:
            order = (open_stream(v["stream"], epoch) if v["reseed"] else stream).permutation(count)
        before = [measure(v, layers, *part) for part in data]
        seen = []
        for k in range(steps):
            rows_of = order[k * batch:(k + 1) * batch]
            seen.append(update(v, layers, data[0][0][rows_of], data[0][1][rows_of], v["rate"]))
        loss, right = (np.concatenate(s) for s in zip(*seen))
        after = [measure(v, layers, *part) for part in data]
        during = [(loss.mean(), loss.sum(), right.mean(), np.nan), *after[1:]]
        row = {"epoch": epoch}
        for name, figures in zip(["train", "valid", "test"], {"during": during, "before": before, "after": after}[v["when"]]):
            prefix = "" if name == "train" else name + "_"
            row.update({name + "_loss": figures[0], prefix + "loss_sum": figures[1], name + "_accuracy": figures[2],
                        name + "_loss_naive": figures[3]})
        rows.append(row)
    return rows


def columns(v):
    parts = ["train", "valid"] + ["test"] * v["test"]
    found = ["epoch"]
    for name in parts:
        loss = ("" if name == "train" else name + "_") + "loss_sum" if v["loss_sum"] else name + "_loss"
        found += [loss, name + "_accuracy"]
    return found + [name + "_loss_naive" for name in parts if v["naive"]]


# ---- The recipe's side ----

def by_recipe(v, folder):
    text = lambda value: str(value).lower() if isinstance(value, bool) else str(value)
    keys = {
        "precision": "float64", "engine": v["engine"], "stream": v["stream"], "seed": v["seed"],
        "data.name": folder / f"{v['classes']}.csv", "data.label": "label", "data.divisor": 1, "data.shuffle": True,
        "data.split": SPLIT, "data.split_seed": v["split_seed"], "data.scale": v["scale"],
        "data.scale_on": v["scale_on"], "model.layers": v["layers"], "model.activation": v["activation"],
        "model.init": v["init"], "model.init_scale": 0.3, "model.init_by_input": v["by_input"],
        "model.reduction": "sum" if v["sum"] else "mean", "train.optimizer": "sgd", "train.learning_rate": v["rate"],
        "train.epochs": v["epochs"], "train.batch_size": v["batch"], "train.shuffle": v["shuffle"],
        "train.reseed": v["reseed"], "train.drop_last": v["drop_last"], "train.keep": "last",
        "metrics.when": v["when"], "metrics.loss": "sum" if v["loss_sum"] else "mean", "metrics.test": v["test"],
        "metrics.whole_batches": v["whole_batches"], "metrics.naive": v["naive"],
    }
    if v["init_after"]:
        keys["model.init_after"] = ",".join(f"{kind}:{count}" for kind, count in v["init_after"])
    command = [PERCEPT, "train", "--preset", "plain", "--out", str(folder / "run"), "--force", "--quiet", "--no-plot"]
    for key, value in keys.items():
        command += ["--set", f"{key}={text(value)}"]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{v}: {done.stderr}")
    with open(folder / "run" / "metrics.csv") as file:
        reader = csv.DictReader(file)
        return reader.fieldnames, list(reader)


def main():
    np.seterr(divide="ignore")  # the naive loss, where nobody reads it
    rng = np.random.default_rng(171)
    worst = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data = {}
        for classes in (2, 3):
            X = rng.integers(0, 17, (sum(SPLIT), FEATURES)) * 1.0
            y = ((X - X.mean(0)) @ rng.normal(size=(FEATURES, classes))).argmax(1)
            data[classes] = X, y
            np.savetxt(folder / f"{classes}.csv", np.column_stack([X, y]), "%d", ",", comments="",
                       header=",".join([f"x{j}" for j in range(FEATURES)] + ["label"]))
        for number in range(VARIANTS):
            v = choose(rng)
            # Large outputs make the naive loss a matter of the last bit of 1 - p.
            v["naive"] = v["naive"] and v["when"] != "during" and v["scale"] != "none"
            v["rate"] = 0.02 / (min(v["batch"], SPLIT[0]) if v["sum"] else 1) * (0.05 if v["scale"] == "none" else 1)
            expected = train(v, *data[v["classes"]])
            names, rows = by_recipe(v, folder)
            if names != columns(v) or len(rows) != len(expected):
                sys.exit(f"{v}: columns {names} and {len(rows)} rows, not {columns(v)} and {len(expected)}")
            for mine, theirs in zip(rows, expected):
                for column in names[1:]:
                    wanted = theirs[column]
                    error = abs(float(mine[column]) - wanted) / max(abs(wanted), 1e-300)
                    if not error <= TOLERANCE:
                        sys.exit(f"{v}: epoch {mine['epoch']}, {column}: {mine[column]}, NumPy {wanted!r}")
                    worst = max(worst, error)
    print(f"{VARIANTS} trainings agree to {worst:.1e} with NumPy {np.__version__}")


main()
