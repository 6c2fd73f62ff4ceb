#!/bin/bash
# ONNX Runtime refuses valid float64 graphs that its own optimizer has rewritten.
#
# With the default optimization level, the optimizer fuses two neighbouring operators into one of its own domain. For some
# pairs the fused operator has no float64 kernel, although each of the two has one: the session cannot be created. With the
# optimizations switched off, the same file loads.
#
#   Gemm → Relu, Tanh or Sigmoid    FusedGemm      refused by 1.17.3, loads in 1.23.2 and 1.32.0
#   Transpose → MatMul              FusedMatMul    refused by 1.17.3 and 1.23.2, loads in 1.32.0
#   MatMul → Add → Relu             nothing        loads in all of them
#
# Seen on 2026-11-30, on x86-64, with CPython 3.11. Run by hand: it needs the network and 150 MB in a temporary folder. Fails if the
# behaviour has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/fusion.py" <<'P'
import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper, numpy_helper

onnxruntime.set_default_logger_severity(4)
W, b = numpy_helper.from_array(np.ones((3, 2)), "W"), numpy_helper.from_array(np.ones(2), "b")
node = helper.make_node
graphs = {
    "gemm-relu": [node("Gemm", ["x", "W", "b"], ["z"]), node("Relu", ["z"], ["y"])],
    "transpose-matmul": [node("Transpose", ["x"], ["t"], perm=[1, 0]), node("MatMul", ["t", "V"], ["y"])],
    "matmul-add-relu": [node("MatMul", ["x", "W"], ["p"]), node("Add", ["p", "b"], ["z"]), node("Relu", ["z"], ["y"])],
}


def loads(model, level):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = level
    try:
        onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return "loads"
    except Exception as error:
        return "refused" if "NOT_IMPLEMENTED" in str(error) else "another error: " + str(error)


levels = onnxruntime.GraphOptimizationLevel
for name, nodes in graphs.items():
    V = numpy_helper.from_array(np.ones((4, 2)), "V")
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, [4, 3])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, [None, 2])],
        [V] if name.startswith("transpose") else [W, b])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    checker.check_model(model, full_check=True)
    bytes_ = model.SerializeToString()
    print(onnxruntime.__version__, name, loads(bytes_, levels.ORT_ENABLE_ALL), loads(bytes_, levels.ORT_DISABLE_ALL))
P
for version in 1.17.3 1.23.2 1.32.0; do
    python3 -m venv "$folder/$version"
    numpy=2.4.6
    [ "$version" = 1.17.3 ] && numpy=1.26.4
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "onnxruntime==$version" onnx==1.17.0 \
        "numpy==$numpy" 2>"$folder/pip" || { cat "$folder/pip" >&2; exit 1; }
    "$folder/$version/bin/python" "$folder/fusion.py"
done | tee "$folder/seen"
# version, graph, with the default optimizations, without any
diff - "$folder/seen" <<'E2'
1.17.3 gemm-relu refused loads
1.17.3 transpose-matmul refused loads
1.17.3 matmul-add-relu loads loads
1.23.2 gemm-relu loads loads
1.23.2 transpose-matmul refused loads
1.23.2 matmul-add-relu loads loads
1.32.0 gemm-relu loads loads
1.32.0 transpose-matmul loads loads
1.32.0 matmul-add-relu loads loads
E2
echo "as described"
