"""The network of an NPZ export (percept export --to npz) as C of other packages, for run.sh:

    peers.py model.npz FOLDER     writes FOLDER/emlearn.c and .h, FOLDER/onnx.c and .h

Each has a function NAME_class(const float *features). m2cgen is asked, too: it has no networks."""

import os
import subprocess
import sys

import numpy as np


def weights_of(path):
    model = np.load(path)
    layers = sum(name.endswith(".weight") for name in model.files)
    return [(model[f"layers.{l}.weight"].astype(np.float32), model[f"layers.{l}.bias"].astype(np.float32))
            for l in range(layers)], float(np.asarray(model["scaler.divisor"]).ravel()[0])


def write(folder, name, code):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(code)


def as_scikit_learn(layers):
    """A classifier with these weights: it is trained for a moment, for its shape."""
    from sklearn.neural_network import MLPClassifier

    hidden = tuple(len(bias) for _, bias in layers[:-1])
    inputs, classes = layers[0][0].shape[1], len(layers[-1][1])
    model = MLPClassifier(hidden, max_iter=1)
    model.fit(np.zeros((2 * classes, inputs)), np.arange(2 * classes) % classes)
    model.coefs_ = [weight.T.astype(float) for weight, _ in layers]
    model.intercepts_ = [bias.astype(float) for _, bias in layers]
    return model


def emlearn(layers, folder):
    import emlearn as package

    package.convert(as_scikit_learn(layers)).save(file=os.path.join(folder, "emlearn_model.h"), name="emlearn_model")
    inputs = layers[0][0].shape[1]
    write(folder, "emlearn.h", "int emlearn_class(const float *features);\n")
    write(folder, "emlearn.c", f"""#include <stdbool.h>
#include "emlearn_model.h"
#include "emlearn.h"
int emlearn_class(const float *features)
{{
    return (int)emlearn_model_predict(features, {inputs});
}}
""")
    print(package.includedir)


def onnx(layers, folder):
    from onnx import TensorProto, helper, numpy_helper, save

    nodes, tensors, at = [], [], "x"
    for l, (weight, bias) in enumerate(layers):
        tensors += [numpy_helper.from_array(weight, f"W{l}"), numpy_helper.from_array(bias, f"b{l}")]
        nodes.append(helper.make_node("Gemm", [at, f"W{l}", f"b{l}"], [f"z{l}"], transB=1))
        last = l + 1 == len(layers)
        nodes.append(helper.make_node("Softmax", [f"z{l}"], ["p"], axis=1) if last
                     else helper.make_node("Relu", [f"z{l}"], [f"a{l}"]))
        at = f"a{l}"
    inputs, classes = layers[0][0].shape[1], len(layers[-1][1])
    graph = helper.make_graph(nodes, "network",
                              [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, inputs])],
                              [helper.make_tensor_value_info("p", TensorProto.FLOAT, [1, classes])], tensors)
    path = os.path.join(folder, "plain.onnx")
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    subprocess.run([os.path.join(os.path.dirname(sys.executable), "emx-onnx-cgen"), "compile", path,
                    os.path.join(folder, "onnx_model.c")], check=True, stdout=subprocess.DEVNULL)
    write(folder, "onnx.h", "int onnx_class(const float *features);\n")
    write(folder, "onnx.c", f"""#include "onnx_model.c"
#include "onnx.h"
int onnx_class(const float *features)
{{
    float p[1][{classes}];
    int best = 0;
    model((const float (*)[{inputs}])features, p);
    for (int k = 1; k < {classes}; k++)
        if (p[0][k] > p[0][best])
            best = k;
    return best;
}}
""")


def main():
    layers, divisor = weights_of(sys.argv[1])
    layers[0] = (layers[0][0] / divisor, layers[0][1])  # none of them scales features
    emlearn(layers, sys.argv[2])
    onnx(layers, sys.argv[2])
    try:
        import m2cgen

        m2cgen.export_to_c(as_scikit_learn(layers))
    except NotImplementedError as reason:
        print(f"m2cgen: {reason}", file=sys.stderr)


main()
