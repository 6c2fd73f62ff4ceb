"""Networks of scikit-learn, written by skl2onnx and by safetensors, as models of Percept: check_import.py PERCEPT."""
import csv
import os
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy as np
    import onnx
    from safetensors.numpy import save_file
    from skl2onnx import to_onnx
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler
except ImportError as reason:
    print(f"skipped: {reason} (PERCEPT_PYTHON names a Python that has scikit-learn, skl2onnx and safetensors)")
    sys.exit(77)

PERCEPT = os.path.abspath(sys.argv[1])
BOUND = 2e-6  # float32, in another order of the sums; scaling has its rounding in the graph


def percept(*arguments):
    done = subprocess.run([PERCEPT, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, f"percept {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def predict(model):
    lines = list(csv.reader(percept("predict", model, "rows.csv").splitlines()))
    return lines[0], lines[1:]


def check(name, estimator, X, rows, y, flags=(), options=None):
    estimator.fit(X, y)
    with open(f"{name}.onnx", "wb") as file:
        file.write(to_onnx(estimator, X[:1], options=options).SerializeToString())
    percept("import", f"{name}.onnx", "--out", f"{name}.safetensors", *flags)
    header, lines = predict(f"{name}.safetensors")
    if hasattr(estimator, "predict_proba") and np.asarray(y).ndim == 1:
        probabilities = np.array([[float(cell) for cell in line[1:]] for line in lines])
        expected = estimator.predict_proba(rows)
        assert [line[0] for line in lines] == [str(label) for label in estimator.predict(rows)], name
    else:
        probabilities = np.array([[float(cell) for cell in line] for line in lines])
        expected = (estimator.predict_proba if hasattr(estimator, "predict_proba") else estimator.predict)(rows)
        expected = expected.reshape(len(rows), -1)
    difference = np.abs(probabilities - expected).max()
    assert difference <= BOUND, f"{name}: {difference:.3g}"


def check_weights(X, rows, y):
    """coefs_ are (inputs, outputs)."""
    estimator = MLPClassifier((7, 7), max_iter=30).fit(X.astype(np.float64), y)
    tensors = {}
    for layer, (matrix, bias) in enumerate(zip(estimator.coefs_, estimator.intercepts_)):
        tensors[f"coefs_.{layer}"], tensors[f"intercepts_.{layer}"] = np.ascontiguousarray(matrix), bias
    save_file(tensors, "weights.safetensors")
    percept("import", "weights.safetensors", "--activation", "relu", "--output", "softmax", "--classes", "a,b,c",
            "--out", "mlp.safetensors")
    _, lines = predict("mlp.safetensors")
    probabilities = np.array([[float(cell) for cell in line[1:]] for line in lines])
    assert np.abs(probabilities - estimator.predict_proba(rows.astype(np.float64))).max() <= 1e-12
    assert [line[0] for line in lines] == list(estimator.predict(rows.astype(np.float64)))


def write_graph(name, nodes, weights, shape=("n", 4), kind=onnx.TensorProto.FLOAT, opset=17, outputs=("y",)):
    port = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node(op, inputs.split(), made.split(), **attributes) for op, inputs, made, attributes in nodes], name,
        [port("x", kind, shape)], [port(output, kind, None) for output in outputs],
        [onnx.numpy_helper.from_array(np.asarray(values, order="C"), tensor) for tensor, values in weights.items()])
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)], ir_version=8), f"{name}.onnx")


def check_graph(name, expected, bound=BOUND):
    percept("import", f"{name}.onnx", "--out", f"{name}.safetensors")
    _, lines = predict(f"{name}.safetensors")
    difference = np.abs(np.array([[float(cell) for cell in line] for line in lines]) - expected).max()
    assert difference <= bound, f"{name}: {difference:.3g}"


def check_by_hand(stream, rows):
    """Graphs that are written by hand: half precision, pictures, views, other opsets; and what is refused."""
    W, b = stream.normal(size=(4, 6)).astype(np.float32), stream.normal(size=6).astype(np.float32)
    V, c = stream.normal(size=(6, 3)).astype(np.float32), stream.normal(size=3).astype(np.float32)
    network = [("MatMul", "x W", "m", {}), ("Add", "m b", "z", {}), ("Relu", "z", "h", {}), ("Gemm", "h V c", "y", {"transB": 1})]
    weights = {"W": W, "b": b, "V": V.T, "c": c}
    expected = np.maximum(rows @ W + b, 0) @ V + c
    for opset in (7, 9, 11, 13, 18, 22):
        write_graph(f"opset-{opset}", network, weights, opset=opset)
        check_graph(f"opset-{opset}", expected)
    scaled = [*network[:3], ("Gemm", "h V c", "y", {"transB": 1, "alpha": 0.5, "beta": 2.0})]
    write_graph("scaled", scaled, weights)
    check_graph("scaled", 0.5 * np.maximum(rows @ W + b, 0) @ V + 2 * c)
    write_graph("picture", [("Flatten", "x", "x1", {}), ("MatMul", "x1 W", "m", {}), *network[1:]], weights, ("n", 1, 2, 2))
    check_graph("picture", expected)
    view = [("Shape", "x", "s", {}), ("Gather", "s zero", "n", {"axis": 0}), ("Unsqueeze", "n first", "rows", {}),
            ("Concat", "rows rest", "shape", {"axis": 0}), ("Reshape", "x shape", "x1", {}), ("MatMul", "x1 W", "m", {})]
    write_graph("view", [*view, *network[1:]], {**weights, "zero": np.array(0), "first": np.array([0]), "rest": np.array([-1])})
    check_graph("view", expected)

    halves = {name: values.astype(np.float16) for name, values in weights.items()}
    exact = {name: values.astype(np.float64) for name, values in halves.items()}
    casts = [("Cast", f"{name}h", name, {"to": onnx.TensorProto.FLOAT}) for name in weights]
    write_graph("half", [*casts, *network], {f"{name}h": values for name, values in halves.items()})
    check_graph("half", np.maximum(rows @ exact["W"] + exact["b"], 0) @ exact["V"].T + exact["c"])
    write_graph("halves", network, halves, kind=onnx.TensorProto.FLOAT16)  # arithmetic in float32, not in half precision
    check_graph("halves", np.maximum(rows @ exact["W"] + exact["b"], 0) @ exact["V"].T + exact["c"])

    model = onnx.load("opset-18.onnx")
    onnx.save_model(model, "outside.onnx", save_as_external_data=True, location="outside.bin", size_threshold=0)
    check_graph("outside", expected)
    os.remove("outside.bin")
    done = subprocess.run([PERCEPT, "import", "outside.onnx"], capture_output=True, text=True)
    assert done.returncode == 1 and "'outside.bin', which does not exist" in done.stderr and done.stderr.count("\n") == 1, done.stderr


def main():
    warnings.filterwarnings("ignore")
    stream = np.random.default_rng(0)
    X, rows = (stream.normal(size=(count, 4)).astype(np.float32) for count in (300, 60))
    two, three = (X[:, 0] > 0).astype(int), np.digitize(X[:, 1], [-0.5, 0.5])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        np.savetxt("rows.csv", rows, delimiter=",", fmt="%.17g", header="a,b,c,d", comments="")
        for activation in ("relu", "logistic", "tanh", "identity"):
            check(f"two-{activation}", MLPClassifier((5,), activation=activation, max_iter=20), X, rows, two)
        check("texts", MLPClassifier((5, 3), max_iter=20), X, rows, np.array(["a", "b", "c"])[three])
        check("numbers", make_pipeline(StandardScaler(), MLPClassifier((5,), max_iter=20)), X, rows, three * 3 - 4)
        check("array", MLPClassifier((5,), max_iter=20), X, rows, three, options={"zipmap": False})
        check("several", MLPClassifier((5,), max_iter=20), X, rows, (X[:, :3] > 0).astype(int),
              options={"zipmap": False})
        check("regression", make_pipeline(MinMaxScaler(), MLPRegressor(hidden_layer_sizes=(5, 3), max_iter=20)), X, rows,
              X[:, :2])
        check_weights(X, rows, np.array(["a", "b", "c"])[three])
        check_by_hand(stream, rows)
        os.chdir("/")
    print("networks of scikit-learn predict the same as models of Percept")
    return 0


if __name__ == "__main__":
    sys.exit(main())
