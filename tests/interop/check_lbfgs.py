"""Compares losses that L-BFGS reaches on scikit-learn's digits with those of scikit-learn: check_lbfgs.py PROGRAM."""
import csv
import os
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy as np
    from sklearn import datasets, linear_model, neural_network
except ImportError:
    print("skipped: no scikit-learn (PERCEPT_PYTHON names a Python that has it)")
    sys.exit(77)

PROGRAM = os.path.realpath(sys.argv[1])
SEEDS = range(3)
X, y = datasets.load_digits(return_X_y=True)
X, y = X[:500] / 16, y[:500]


def ours(layers, l2, seed, tolerance=1e-4):
    """The loss with its penalty, and the iterations that it took."""
    with tempfile.TemporaryDirectory() as folder:
        np.savez(f"{folder}/digits.npz", x=X, y=y)
        settings = ["data.split=[500,0,0]", "data.shuffle=false", "data.scale=none", f"model.l2={l2!r}",
                    "model.activation=tanh", "model.init=glorot", "precision=float64", f"seed={seed}",
                    f"train.tolerance={tolerance!r}"]
        command = [PROGRAM, "train", "--data", "digits.npz", "--layers", layers, "--optimizer", "lbfgs", "--epochs", "5000",
                   "--batch-size", "500", "--no-plot", "--quiet", "--out", "run"]
        for setting in settings:
            command += ["--set", setting]
        subprocess.run(command, cwd=folder, check=True)
        with open(f"{folder}/run/metrics.csv") as file:
            rows = list(csv.DictReader(file))
        return float(rows[-1]["train_loss"]), len(rows)


# One minimum: the loss is convex. scikit-learn's C divides the penalty, 1/2 |W|^2, and sums the losses.
alpha = 1.0
logistic = linear_model.LogisticRegression(C=1 / alpha, tol=1e-8, max_iter=10000).fit(X, y)
chances = logistic.predict_proba(X)
wanted = -np.log(chances[np.arange(len(y)), y]).mean() + alpha / 2 * (logistic.coef_ ** 2).sum() / len(y)
loss, iterations = ours("64-10", alpha / 2 / len(y), 0, tolerance=1e-7)
print(f"logistic regression: {loss:.9f} after {iterations} iterations, scikit-learn {wanted:.9f}")
assert abs(loss - wanted) < 1e-5 * wanted

# Several minima: of three seeds, the middle.
warnings.filterwarnings("ignore")
theirs = [neural_network.MLPClassifier((16,), "tanh", solver="lbfgs", alpha=alpha, max_iter=5000, max_fun=15000,
                                       random_state=seed).fit(X, y) for seed in SEEDS]
mine = [ours("64-16-10", alpha / 2 / len(y), seed) for seed in SEEDS]
middle, wanted = np.median([loss for loss, _ in mine]), np.median([model.loss_ for model in theirs])
print(f"64-16-10: {middle:.6f} after {np.median([n for _, n in mine]):.0f} iterations, scikit-learn {wanted:.6f} after "
      f"{np.median([model.n_iter_ for model in theirs]):.0f}")
assert middle < 1.05 * wanted
