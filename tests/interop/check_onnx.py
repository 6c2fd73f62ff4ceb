"""Exported ONNX graphs in ONNX Runtime, current and oldest, in ONNX's reference evaluator, and in its checker:
check_onnx.py PERCEPT. Rows are those of a file that training did not see."""
import csv
import json
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import onnx
    import onnxruntime
    from onnx.reference import ReferenceEvaluator
except ImportError as reason:
    print(f"skipped: {reason} (PERCEPT_PYTHON names a Python that has NumPy, ONNX and ONNX Runtime)")
    sys.exit(77)

PERCEPT = os.path.abspath(sys.argv[1])
OLDEST = os.path.join(sys.prefix, "oldest")
COLUMNS = ["year", "balance", "colour", "flag", "size"]
# Sums in another order; targets are compared in their deviation.
BOUND = {"float32": 2e-6, "float64": 1e-12}

ACTIVATIONS = "sigmoid tanh relu leaky-relu elu softplus gelu selu silu mish softmax".split()
CASES = {
    **{f"activation {name}": {"model.activation": name} for name in ACTIVATIONS},
    "batch": {"model.normalize": "batch", "model.residual": "1"},
    "layer": {"model.normalize": "layer", "model.members": "3"},
    "stages": {"model.stages": "feature-scale,mix"},
    "glu": {"model.stages": "glu", "model.output": "sigmoid"},
    "prelu": {"model.stages": "prelu", "data.scale": "none"},
    "tables": {"model.one_hot": "0", "model.table_size": "3"},
    "piecewise-linear": {"model.embedding": "piecewise-linear", "model.embedding_size": "4"},
    "bins": {"model.input_stages": "piecewise-linear:bins=5,batch-norm"},
    "periodic": {"model.embedding": "periodic"},
    "quantile-normal": {"data.scale": "quantile-normal", "model.clip": "3"},
}


def percept(*arguments):
    done = subprocess.run([PERCEPT, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, f"percept {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}"
    return done.stdout


def make_rows(count, seed):
    """Numbers are exact in float32, so that the graph receives what Percept reads; some cells are empty."""
    stream = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        year, balance = np.round(stream.normal(2000, 3) * 8) / 8, np.round(stream.normal(0, 1) * 64) / 64
        colour, size = stream.choice(["red", "green", "blüe", "x y", "NA"]), stream.choice(["s", "m"])
        score = (year - 2000) / 3 + balance + (colour == "red") + stream.normal(0, 0.3)
        rows.append({"year": year if stream.random() > 0.1 else "", "balance": balance, "colour": colour,
                     "flag": stream.integers(0, 2), "size": size, "class": "yes" if score > 0 else "no",
                     "third": ["7", "-3", "12"][int(score > -1) + int(score > 1)], "price": 5000 + 300 * score})
    return rows


def write_rows(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def column_feed(path, rows, precision):
    feed = {}
    for port in onnx.load(path).graph.input:
        cells = [row[port.name] for row in rows]
        if port.type.tensor_type.elem_type == onnx.TensorProto.STRING:
            feed[port.name] = np.array([str(cell) for cell in cells], dtype=object).reshape(-1, 1)
        else:
            feed[port.name] = np.array([np.nan if cell == "" else float(cell) for cell in cells],
                                       dtype=precision).reshape(-1, 1)
    return feed


def tensor_feed(path, rows, precision):
    """Numbers, then codes of categories, in the order that the model file lists."""
    from safetensors import safe_open
    with safe_open(path, framework="numpy") as file:
        features = json.loads(file.metadata()["features"])
    matrix = np.empty((len(rows), len(features)), dtype=precision)
    for j, feature in enumerate(features):
        for i, row in enumerate(rows):
            cell = row[feature["name"]]
            values = feature.get("values")
            matrix[i, j] = np.nan if cell == "" or (values is not None and str(cell) not in values) else (
                values.index(str(cell)) if values is not None else float(cell))
    return {"features": matrix}


def predictions(run, path, classes):
    lines = list(csv.reader(percept("predict", run, path).splitlines()))[1:]
    if classes:
        return [line[0] for line in lines], np.array([[float(cell) for cell in line[1:]] for line in lines])
    return None, np.array([[float(cell) for cell in line] for line in lines])


def compare(where, outputs, labels, expected, precision):
    if labels is not None:
        assert [str(label) for label in outputs[0]] == labels, f"{where}: labels differ"
    deviation = 1 if labels is not None else 300
    difference = np.abs(outputs[-1] - expected).max() / deviation
    assert difference <= BOUND[precision], f"{where}: the answers differ by {difference:.3g}"
    return difference


def check_file(path, feed, labels, expected, precision, later):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    compare(f"{path} in ONNX Runtime", session.run(None, feed), labels, expected, precision)
    one = {name: value[:1] for name, value in feed.items()}
    compare(f"{path}, one row", session.run(None, one), labels and labels[:1], expected[:1], precision)
    none = session.run(None, {name: value[:0] for name, value in feed.items()})
    assert len(none[0]) == 0, f"{path}: no rows give {none}"
    compare(f"{path} in the reference", ReferenceEvaluator(model).run(None, feed), labels, expected, precision)
    if model.opset_import[0].version <= 19:
        later.append((path, feed, labels, expected, precision))


def check_case(name, settings, target, precision, later):
    run = f"{name} {target} {precision}".replace(" ", "-")
    classes = target != "price"
    flags = ["--label", target] if classes else ["--targets", target]
    outputs = {"class": 2, "third": 3, "price": 1}[target]
    if settings.get("model.output") == "sigmoid" and target == "class":
        outputs = 1
    settings = {key: value for key, value in settings.items() if key != "model.output" or outputs == 1}
    for key, value in settings.items():
        flags += ["--set", f"{key}={value}"]
    percept("train", "--data", f"{target}.csv", *flags, "--layers", f"5-12-12-{outputs}", "--epochs", 5,
            "--precision", precision, "--set", "data.categories=[colour, size]", "--no-plot", "--quiet", "--out", run)
    labels, expected = predictions(run, "new.csv", classes)
    rows = make_rows(80, 2)
    for inputs, opset in (("columns", 13), ("tensor", 13), ("columns", 22)):
        path = f"{run}-{inputs}-{opset}.onnx"
        percept("export", run, "--to", "onnx", "--inputs", inputs, "--opset", opset, "--out", path)
        feed = (column_feed(path, rows, precision) if inputs == "columns" else
                tensor_feed(os.path.join(run, "model.safetensors"), rows, precision))
        check_file(path, feed, labels, expected, precision, later)


def check_oldest(later):
    """The same files in the oldest ONNX Runtime, in a Python of its own: two versions do not fit into one process."""
    if not os.path.isdir(os.path.join(OLDEST, "onnxruntime")):
        print("the oldest ONNX Runtime is not installed (scripts/interop-venv)")
        return
    program = ("import pickle, sys, onnxruntime\n"
               "for path, feed in pickle.load(sys.stdin.buffer):\n"
               "    session = onnxruntime.InferenceSession(path, providers=['CPUExecutionProvider'])\n"
               "    outputs = [output.tolist() for output in session.run(None, feed)]\n"
               "    sys.stdout.buffer.write(pickle.dumps(outputs))\n")
    import pickle
    feeds = pickle.dumps([(path, {name: value.tolist() for name, value in feed.items()})
                          for path, feed, _, _, _ in later])
    program = program.replace("session.run(None, feed)", "session.run(None, feed_of(session, feed))").replace(
        "for path", "import numpy\n"
        "types = {'tensor(float)': 'float32', 'tensor(double)': 'float64', 'tensor(string)': object}\n"
        "def feed_of(session, feed):\n"
        "    return {i.name: numpy.array(feed[i.name], dtype=types[i.type]) for i in session.get_inputs()}\n"
        "for path", 1)
    done = subprocess.run([sys.executable, "-c", program], input=feeds, capture_output=True,
                          env={**os.environ, "PYTHONPATH": OLDEST})
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    import io
    stream = io.BytesIO(done.stdout)
    for path, _, labels, expected, precision in later:
        outputs = [np.array(output) for output in pickle.load(stream)]
        compare(f"{path} in the oldest ONNX Runtime", outputs, labels, expected, precision)
    print(f"{len(later)} graphs in the oldest ONNX Runtime")


def main():
    later = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        rows = make_rows(300, 1)
        for target in ("class", "third", "price"):
            write_rows(f"{target}.csv", [*COLUMNS, target], rows)
        write_rows("new.csv", COLUMNS, make_rows(80, 2))
        for number, (name, settings) in enumerate(CASES.items()):
            for precision in BOUND:
                check_case(name, settings, ("class", "third", "price")[number % 3], precision, later)
        check_oldest(later)
        os.chdir("/")
    print(f"onnx {onnx.__version__}, ONNX Runtime {onnxruntime.__version__}: every graph answers as Percept does")
    return 0


if __name__ == "__main__":
    sys.exit(main())
