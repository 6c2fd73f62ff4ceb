#!/bin/bash
# ONNX Runtime's Sigmoid in float64 loses its digits for large negative numbers, and is 0 soon after.
#
# The result has an absolute error of up to 1e-16, as 1 - 1 / (1 + exp(x)) has, where exp(x) / (1 + exp(x)) has all digits: at -36
# it is wrong by 4 %, at -40 it is 0 instead of 4.2e-18. So the logarithm of a small probability is -inf, although float64 holds the
# probability. Exp and Div, which Sigmoid is made of, are exact to the last digits in the same runtime.
#
# Seen on 2026-12-01, on x86-64, with CPython 3.11. Run by hand: it needs the network and 150 MB in a temporary folder. Fails if the
# behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/sigmoid.py" <<'P'
import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper

points = np.array([-1.0, -20.0, -36.0, -40.0])


def run(nodes):
    graph = helper.make_graph(
        nodes, "sigmoid", [helper.make_tensor_value_info("x", TensorProto.DOUBLE, [None])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, [None])],
        [helper.make_tensor("one", TensorProto.DOUBLE, [1], [1.0])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    checker.check_model(model, full_check=True)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": points})[0]


node = helper.make_node
onnxruntime.set_default_logger_severity(4)
operator = run([node("Sigmoid", ["x"], ["y"])])
parts = run([node("Exp", ["x"], ["e"]), node("Add", ["e", "one"], ["s"]), node("Div", ["e", "s"], ["y"])])
for x, one, other in zip(points, operator, parts):
    print(onnxruntime.__version__, f"{x:.0f} {one:.4g} {other:.4g}")
P
for version in 1.17.3 1.32.0; do
    python3 -m venv "$folder/$version"
    numpy=2.4.6
    [ "$version" = 1.17.3 ] && numpy=1.26.4
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "onnxruntime==$version" onnx==1.17.0 \
        "numpy==$numpy" 2>"$folder/pip" || { cat "$folder/pip" >&2; exit 1; }
    "$folder/$version/bin/python" "$folder/sigmoid.py"
done | tee "$folder/seen"
# version, x, Sigmoid, Exp and Div (which is right)
diff - "$folder/seen" <<'E2'
1.17.3 -1 0.2689 0.2689
1.17.3 -20 2.061e-09 2.061e-09
1.17.3 -36 2.22e-16 2.32e-16
1.17.3 -40 0 4.248e-18
1.32.0 -1 0.2689 0.2689
1.32.0 -20 2.061e-09 2.061e-09
1.32.0 -36 2.22e-16 2.32e-16
1.32.0 -40 0 4.248e-18
E2
echo "as described"
