"""The library from Python, through ctypes: arrays in (strided, and borrowed with a callback), a loop of one's own, parameters
and derivatives out. Argument: the program, beside which libpercept.so lies."""
import ctypes as c
import os
import sys

try:
    import numpy as np
except ImportError:
    print("skipped: no NumPy (PERCEPT_PYTHON names a Python that has it)")
    sys.exit(77)

library = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])), "libpercept.so")
if not os.path.exists(library):
    print("skipped: no libpercept.so in this build")
    sys.exit(77)
lib = c.CDLL(library)
FLOAT32, FLOAT64, INT64 = 1, 2, 4


class Error(c.Structure):
    _fields_ = [("status", c.c_int), ("message", c.c_char * 1024)]


class Data(c.Structure):
    _fields_ = [("train", c.c_void_p), ("valid", c.c_void_p), ("test", c.c_void_p)]


class Result(c.Structure):  # the beginning is enough: struct_size says how much there is
    _fields_ = [("struct_size", c.c_size_t), ("epochs", c.c_size_t), ("best_epoch", c.c_long)]


error = Error()
Release = c.CFUNCTYPE(None, c.c_void_p)


def call(name, *arguments):
    if getattr(lib, name)(*arguments, c.byref(error)) != 0:
        raise RuntimeError(error.message.decode())


def made(name, *arguments):
    out = c.c_void_p()
    call(name, *arguments, c.byref(out))
    return out


def size(n):
    return c.c_size_t(n)


lib.percept_model_tensor_name.restype = c.c_char_p
lib.percept_key_name.restype = c.c_char_p
for counter in ("percept_model_tensors", "percept_model_tensor_shape", "percept_key_count"):
    getattr(lib, counter).restype = c.c_size_t

generator = np.random.default_rng(1)
X = np.asfortranarray(generator.uniform(-1, 1, (600, 3)))  # column-major
y = (X[:, 0] > X[:, 1]).astype(np.int64)
released = []
release = Release(lambda user: released.append(user))

table = made("percept_table_create", size(600))
call("percept_table_set_features", table, FLOAT64, c.c_void_p(X.ctypes.data), size(3), c.c_ssize_t(X.strides[0]),
     c.c_ssize_t(X.strides[1]))
rows = np.ascontiguousarray(X)
call("percept_table_borrow_features", table, FLOAT64, c.c_void_p(rows.ctypes.data), size(3), c.c_ssize_t(0),
     c.c_ssize_t(0), release, c.c_void_p(7))
call("percept_table_set_labels", table, INT64, c.c_void_p(y.ctypes.data), c.c_ssize_t(0), size(0), None)
dataset = made("percept_table_finish", table)
recipe = made("percept_recipe_parse", b"{model.layers: [3, 8, 2], train.epochs: 20, train.learning_rate: 0.02, threads: 1}")
data = Data()
call("percept_data_split", recipe, dataset, c.byref(data))
model = made("percept_model_create", recipe, c.byref(data))
training = made("percept_training_begin", model, recipe, c.byref(data))
while not lib.percept_training_is_over(training):
    call("percept_training_epoch", training, None, None)
result = Result(c.sizeof(Result))
call("percept_training_finish", training, c.byref(result))
assert result.epochs == 20, result.epochs

# The network in NumPy, from its tensors, gives the same logits.
tensors = {}
for i in range(lib.percept_model_tensors(model)):
    r, k = c.c_size_t(), c.c_size_t()
    rank = lib.percept_model_tensor_shape(model, size(i), c.byref(r), c.byref(k))
    values = np.empty((r.value, k.value), np.float32)
    call("percept_model_get_tensor", model, lib.percept_model_tensor_name(model, size(i)), FLOAT32,
         c.c_void_p(values.ctypes.data), size(values.size))
    tensors[lib.percept_model_tensor_name(model, size(i)).decode()] = values if rank == 2 else values[:, 0]
mean, deviation = np.empty(3), np.empty(3)
lib.percept_model_get_scale(model, c.c_void_p(mean.ctypes.data), c.c_void_p(deviation.ctypes.data))
hidden = np.maximum(0, (rows - mean) / deviation @ tensors["layers.0.weight"].T + tensors["layers.0.bias"])
expected = hidden @ tensors["layers.1.weight"].T + tensors["layers.1.bias"]
predictor = made("percept_predictor_create", model, size(1))
logits = np.empty((600, 2))
lib.percept_predictor_logits(predictor, c.c_void_p(rows.ctypes.data), size(600), c.c_void_p(logits.ctypes.data))
assert np.abs(logits - expected).max() < 1e-4 * np.abs(expected).max()  # float32
classes = np.empty(600, np.int32)
lib.percept_predictor_classes(predictor, c.c_void_p(rows.ctypes.data), size(600), c.c_void_p(classes.ctypes.data))
assert (classes == y).mean() > 0.95

# So do the derivatives of a logit.
gradient = made("percept_gradient_create", model, size(1))
slopes = np.empty((600, 3))
call("percept_gradient_of_output", gradient, c.c_void_p(rows.ctypes.data), size(600), size(1),
     c.c_void_p(slopes.ctypes.data))
wanted = ((hidden > 0) * tensors["layers.1.weight"][1]) @ tensors["layers.0.weight"] / deviation
assert np.abs(slopes - wanted).max() < 1e-4 * np.abs(wanted).max()

assert b"train.epochs" in [lib.percept_key_name(size(i)) for i in range(lib.percept_key_count())]
for kind, thing in (("gradient", gradient), ("predictor", predictor), ("training", training), ("model", model),
                    ("recipe", recipe), ("dataset", dataset), ("table", table)):
    getattr(lib, f"percept_{kind}_free")(thing)
assert released == []  # the parts still view the array
lib.percept_data_free(c.byref(data))
assert released == [7]
print("ctypes: as in NumPy")
