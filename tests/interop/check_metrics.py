"""Compares figures of merit on random answers with scikit-learn: check_metrics.py PROGRAM (metrics.c)."""
import subprocess
import sys
import warnings

try:
    import numpy as np
    from sklearn import __version__ as version
    from sklearn import metrics as sk
except ImportError:
    print("skipped: no scikit-learn (PERCEPT_PYTHON names a Python that has it)")
    sys.exit(77)

PROGRAM = sys.argv[1]
TOLERANCE = 1e-11  # sums of 5000 doubles in another order


def ours(classes, outputs, answers):
    count, width = outputs.shape
    data = outputs.astype("f8").tobytes() + answers.astype("i4" if classes else "f8").tobytes()
    run = subprocess.run([PROGRAM, str(classes), str(width), str(count)], input=data, check=True,
                         stdout=subprocess.PIPE)
    return [[float(x) for x in line.split()] for line in run.stdout.decode().splitlines()]


def calibration_error(confidence, right):
    """Guo and others, 2017, equations 3 and 5; scikit-learn has none."""
    bins = np.clip(np.ceil(confidence * 15) - 1, 0, 14)
    return sum(abs(right[bins == m].mean() - confidence[bins == m].mean()) * (bins == m).mean()
               for m in range(15) if (bins == m).any())


def theirs(classes, outputs, labels):
    single = outputs.shape[1] == 1
    chances = np.hstack([1 - outputs, outputs]) if single else outputs
    predicted = (outputs[:, 0] >= 0.5).astype(int) if single else outputs.argmax(1)
    names = list(range(classes))
    figures = np.array(sk.precision_recall_fscore_support(labels, predicted, labels=names, zero_division=np.nan))
    areas = [sk.roc_auc_score(labels == k, chances[:, k]) if 0 < (labels == k).sum() < len(labels) else np.nan
             for k in names]
    if classes == 2:
        areas = [areas[1]] * 2
    lines = [[*figures[:3, k], areas[k], figures[3, k]] for k in names]
    support = figures[3]
    there = ~np.isnan(areas)
    for average, weights in (("macro", np.ones(classes)), ("weighted", support)):
        mean = sk.precision_recall_fscore_support(labels, predicted, average=average, zero_division=0)[:3]
        lines.append([*mean, np.average(np.array(areas)[there], weights=weights[there])])
    brier = ((chances - np.eye(classes)[labels]) ** 2).sum(1).mean() / (2 if classes == 2 else 1)
    if classes == 2:
        assert np.isclose(brier, sk.brier_score_loss(labels, chances[:, 1]))
    confidence = chances[np.arange(len(labels)), predicted]
    lines.append([sk.accuracy_score(labels, predicted), brier, calibration_error(confidence, predicted == labels)])
    return lines


def theirs_of_targets(outputs, targets):
    each = {"multioutput": "raw_values"}
    columns = [sk.r2_score(targets, outputs, **each), sk.mean_absolute_error(targets, outputs, **each),
               np.sqrt(sk.mean_squared_error(targets, outputs, **each))]
    lines = [list(row) for row in zip(*columns)]
    lines.append([sk.r2_score(targets, outputs), sk.mean_absolute_error(targets, outputs),
                  np.sqrt(sk.mean_squared_error(targets, outputs))])
    return lines


def cases():
    random = np.random.default_rng(6)
    for classes, count, levels in ((2, 5000, 0), (3, 5000, 0), (10, 5000, 0), (10, 5000, 20), (7, 60, 5), (30, 400, 0),
                                   (3, 2, 0), (2, 37, 4)):
        labels = random.integers(classes, size=count)
        labels[:2] = 0, 1
        scores = random.normal(size=(count, classes)) + 2 * np.eye(classes)[labels] * random.random((count, 1))
        if levels:
            scores = np.round(scores * levels / 8) * 8 / levels  # ties
        chances = np.exp(scores)
        yield classes, chances / chances.sum(1, keepdims=True), labels
        if classes == 2:
            yield classes, (chances / chances.sum(1, keepdims=True))[:, 1:], labels
    for width, count in ((1, 5000), (4, 300), (3, 2)):
        targets = random.normal(1e3, 5, size=(count, width))
        yield 0, targets + random.normal(size=(count, width)), targets


def main():
    warnings.simplefilter("ignore")
    wrong = compared = 0
    for classes, outputs, answers in cases():
        expected = theirs(classes, outputs, answers) if classes else theirs_of_targets(outputs, answers)
        found = ours(classes, outputs, answers)
        compared += 1
        if len(found) != len(expected) or not all(
                np.allclose(f, e, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True) for f, e in zip(found, expected)):
            wrong += 1
            print(f"{classes} classes, outputs {outputs.shape}:\n  ours   {found}\n  theirs {expected}")
    print(f"scikit-learn {version}: {compared} reports compared, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
