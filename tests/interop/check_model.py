"""Reads Percept's models with the safetensors package, and Percept reads what the package writes:
check_model.py PROGRAM (model.c)."""
import json
import os
import subprocess
import sys
import tempfile

try:
    import numpy as np
    from safetensors import safe_open
    from safetensors.numpy import save_file
except ImportError as reason:
    print(f"skipped: {reason} (PERCEPT_PYTHON names a Python that has NumPy and safetensors)")
    sys.exit(77)

PROGRAM = sys.argv[1]
SHAPES = [("layers.0.weight", (4, 3)), ("layers.0.bias", (4,)), ("layers.1.weight", (2, 4)), ("layers.1.bias", (2,))]


def read(path):
    with safe_open(path, framework="numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()


def check_contents(path, precision):
    tensors, metadata = read(path)
    flat = (1 / (np.arange(26, dtype=np.float64) + 3)).astype(precision)
    for name, shape in SHAPES:
        size = int(np.prod(shape))
        expected, flat = flat[:size].reshape(shape), flat[size:]
        assert tensors[name].dtype == np.dtype(precision), name
        assert np.array_equal(tensors[name], expected), name
    assert np.array_equal(tensors["scaler.mean"], 1 / (3 + np.arange(3.0)))
    assert np.array_equal(tensors["scaler.deviation"], 0.5 + np.arange(3.0))
    assert len(tensors) == len(SHAPES) + 2
    assert metadata["format"] == "percept-model" and metadata["precision"] == precision
    assert [layer["activation"] for layer in json.loads(metadata["layers"])] == ["relu", "softmax"]
    assert json.loads(metadata["classes"]) == ["no", "größe"]
    assert float(metadata["scaler_divisor"]) == 255
    return tensors, metadata


def main():
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs, again = (os.path.join(folder, name) for name in ("ours", "theirs", "again"))
        for precision in ("float32", "float64"):
            subprocess.run([PROGRAM, "write", ours, precision], check=True)
            tensors, metadata = check_contents(ours, precision)
            # The package orders tensors and header in its own way; Percept's order comes back with Percept's saving.
            save_file(tensors, theirs, metadata=metadata)
            subprocess.run([PROGRAM, "copy", theirs, again], check=True)
            with open(ours, "rb") as first, open(again, "rb") as second:
                assert first.read() == second.read(), f"{precision}: not the same file after a visit to Python"
    print("safetensors reads Percept's models, and Percept its files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
