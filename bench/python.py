"""The Python package beside scikit-learn and ONNX Runtime: `make bench WORK=python` calls it with build/python-venv.

Each row is measured in alternating rounds in this one run. Trainings have the same network, batch size and number of epochs; both
sides run with one thread and with one for each core, in processes of their own, and the faster of each counts. The ratio is that of
medians. The ratio of processor times is shown beside it: it changes less where other programs run, too. Where one thread works
(one row, the import), processor time alone is measured.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
CORES = len(os.sched_getaffinity(0))


def data(name):
    import numpy as np
    stream = np.random.default_rng(0)
    if name == "digits":
        from sklearn.datasets import load_digits
        return load_digits(return_X_y=True)
    if name == "mnist":  # as large as MNIST, in float64 as fetch_openml returns it; the arithmetic is that of any pixels
        return stream.integers(0, 256, (60000, 784)) / 255, stream.integers(0, 10, 60000)
    X = stream.normal(size=(50000, 50))
    return X, (X[:, :5].sum(axis=1) > 0).astype(int)


# name: epochs, goal
TRAININGS = {"digits": (100, 20), "mnist": (5, 8), "table": (10, 8)}


def clock(action):
    wall, processor = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - wall, time.process_time() - processor


def train(name, threads):
    """Seconds of fits, in turn: [[percept], [scikit-learn]], each (wall, processor)."""
    from percept import PerceptClassifier
    from sklearn.neural_network import MLPClassifier
    X, y = data(name)
    epochs, _ = TRAININGS[name]
    fits = [lambda: PerceptClassifier((100,), batch_size=200, epochs=epochs, threads=threads).fit(X, y),
            lambda: MLPClassifier((100,), batch_size=200, max_iter=epochs, n_iter_no_change=10**6, tol=0).fit(X, y)]
    for fit in fits if name == "digits" else ():
        fit()  # imports, and the first threads
    return transpose([[clock(fit) for fit in fits] for _ in range(ROUNDS)])


def transpose(rounds):
    return [list(side) for side in zip(*rounds)]


def predict(threads):
    """Rows in a second: 100,000 × 50 through 50-100-10."""
    import numpy as np
    import onnxruntime
    from percept import PerceptClassifier
    X = data("table")[0]
    X = np.vstack([X, X])
    X32 = X.astype(np.float32)
    model = PerceptClassifier((100,), epochs=1, threads=threads).fit(X, np.arange(len(X)) % 10)
    path = os.path.join(tempfile.mkdtemp(), "model.onnx")
    model.export(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    outputs = [output.name for output in session.get_outputs() if output.name == "probabilities"]
    sides = [lambda: model.predict_proba(X), lambda: session.run(outputs, {name: X32})]

    def again(side):
        for _ in range(8):  # threads of ONNX Runtime spin for some 50 ms after a run, and take a core from who comes next
            side()
        return clock(side)
    return transpose([[again(side) for side in sides] for _ in range(3 * ROUNDS)])


def row():
    """Seconds of one row: [[estimator], [predictor], [the call of C alone]]."""
    import ctypes
    import numpy as np
    from percept import PerceptClassifier
    X, y = data("table")
    model = PerceptClassifier((100,), epochs=1, threads=1).fit(X[:5000], y[:5000])
    x = X[:1]
    predictor = model.model_.predictor(1)
    call, result, place = predictor._methods["probabilities"]
    count = ctypes.c_size_t(1)

    def many(action, times=20000):
        wall, processor = clock(lambda: [action() for _ in range(times)])
        return wall / times, processor / times
    sides = [lambda: model.predict_proba(x), lambda: predictor.probabilities(x),
             lambda: call(predictor._pointer, predictor._row_place, count, place)]
    return transpose([[many(side) for side in sides] for _ in range(ROUNDS)])


def importing():
    """Seconds of `import percept` in fresh processes, beside those of `import numpy` alone."""
    sides = [[sys.executable, "-c", f"import {name}"] for name in ("percept", "numpy")]
    for side in sides:
        subprocess.run(side, check=True)

    def run(side):
        before = os.times()
        wall, _ = clock(lambda: subprocess.run(side, check=True))
        after = os.times()
        return wall, after.children_user + after.children_system - before.children_user - before.children_system
    return transpose([[run(side) for side in sides] for _ in range(2 * ROUNDS)])


def in_process(what, threads):
    """Measures in a new process, whose libraries take their threads from the environment."""
    environment = {**os.environ, **{f"{library}_NUM_THREADS": str(threads) for library in ("OMP", "OPENBLAS", "MKL")}}
    done = subprocess.run([sys.executable, "-W", "ignore", __file__, *what.split(), str(threads)], env=environment, check=True,
                          stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def median(measured, clock_of):
    return statistics.median(one[clock_of] for one in measured)


def show(title, sides, goal, found, unit="x", least=True):
    reached = found >= goal if least else found <= goal
    print(f"{title:38} {sides:52} {found:7.1f} {unit:3} {'>=' if least else '<='} {goal:4} {'reached' if reached else 'missed'}",
          flush=True)
    return {"title": title, "found": found, "goal": goal, "reached": reached}


def compare(title, what, goal):
    """A ratio of medians: of each side the faster number of threads."""
    runs = [in_process(what, threads) for threads in sorted({1, CORES})]
    wall, processor = ([min(median(run[side], kind) for run in runs) for side in (0, 1)] for kind in (0, 1))
    return show(title, f"{wall[0] * 1e3:8.1f} ms beside {wall[1] * 1e3:8.1f} ms (processor: {processor[1] / processor[0]:.1f} x)", goal,
                wall[1] / wall[0])


def main():
    rows = [compare(f"fit, {name}", f"train {name}", goal) for name, (_, goal) in TRAININGS.items()]
    rows.append(compare("predict 100,000 × 50, ONNX Runtime", "predict", 3))
    whole, predictor, call = (median(side, 1) * 1e6 for side in in_process("row", 1))
    rows.append(show("one row, beyond the call of C", f"{whole:8.2f} µs (predictor {predictor:.2f}, C {call:.2f})", 5, whole - call, "µs",
                     least=False))
    package, numpy = (median(side, 1) * 1e3 for side in importing())
    rows.append(show("import percept, beyond NumPy", f"{package:8.1f} ms beside {numpy:.1f} ms", 30, package - numpy, "ms", least=False))
    os.makedirs("build/bench", exist_ok=True)
    with open("build/bench/python.json", "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1)
    return 0 if all(one["reached"] for one in rows) else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        what, *rest = sys.argv[1:]
        print(json.dumps(row() if what == "row" else predict(int(rest[0])) if what == "predict" else train(rest[0], int(rest[1]))))
    else:
        sys.exit(main())
