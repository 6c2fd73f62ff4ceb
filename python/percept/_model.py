"""Models: a network with its parameters, the scaling of its inputs and the names of its classes."""
from __future__ import annotations

import ctypes
import os
import tempfile
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from . import _library
from ._data import FLOAT64, TYPES, Column, Data, Frame, _place, dataset, features_of, number_text, read_features
from ._errors import ArgumentError
from ._library import Handle, call, create, function, text
from ._recipe import Recipe


class Predictor:
    """A model prepared for many calls: memory and pointers are made once.

    `outputs`, `probabilities`, `classes` and `logits` take features (count × inputs, or one row of inputs) as NumPy arrays.
    A predictor is for one thread at a time, and the model must not change while it is used.
    """

    def __init__(self, model: Model, threads: int = 0) -> None:
        self._handle = create("predictor", "predictor_create", model._handle, threads, needs=[model._handle])
        self._pointer = ctypes.c_void_p(self._handle.pointer)
        self._inputs, self._outputs = model.n_inputs, model.n_outputs
        self._class_count = model.n_classes
        self._row = np.empty((1, self._inputs))  # one row of features, and results of one row
        self._row_place = _place(self._row)
        self._one = ctypes.c_size_t(1)
        self._methods = {
            "run": self._method("predictor_run", np.empty((1, self._outputs))),
            "probabilities": self._method("predictor_probabilities", np.empty((1, self._class_count or self._outputs))),
            "logits": self._method("predictor_logits", np.empty((1, self._outputs))),
            "classes": self._method("predictor_classes", np.empty(1, np.int32)),
        }

    def _method(self, name: str, result: np.ndarray) -> tuple[Any, np.ndarray, ctypes.c_void_p]:
        # Without argtypes, objects of ctypes are passed as they are, without conversions.
        call_it = getattr(ctypes.CDLL(None, handle=_library._cdll._handle), "percept_" + name)
        call_it.restype = None
        return call_it, result, _place(result)

    def _run_row(self, method: str, x: np.ndarray) -> np.ndarray:
        call_it, result, place = self._methods[method]
        self._row[...] = x
        call_it(self._pointer, self._row_place, self._one, place)
        return result.copy()

    def _run(self, method: str, x: np.ndarray) -> np.ndarray:
        if x.shape[0] == 1 and x.shape == self._row.shape:
            return self._run_row(method, x)
        call_it, result, _ = self._methods[method]
        if x.ndim == 1:
            return self._run_row(method, x)[0]
        if x.ndim != 2 or x.shape[1] != self._inputs:
            raise ValueError(f"features of shape {x.shape}; this model expects rows of {self._inputs}")
        x = np.ascontiguousarray(x, np.float64)
        out = np.empty((x.shape[0], *result.shape[1:]), result.dtype)
        call_it(self._pointer, _place(x), ctypes.c_size_t(x.shape[0]), _place(out))
        return out

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """The last layer's activations (count × outputs): probabilities, or targets in their units."""
        return self._run("run", x)

    __call__ = outputs

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """The probability of each class (count × classes)."""
        return self._run("probabilities", x)

    def classes(self, x: np.ndarray) -> np.ndarray:
        """The number of each example's class (count); -1 where outputs are NaN."""
        return self._run("classes", x)

    def logits(self, x: np.ndarray) -> np.ndarray:
        """The raw outputs of the last layer, before its activation (count × outputs)."""
        return self._run("logits", x)


class Tensors(Mapping):
    """The parameters of a model by name: `model.tensors["layers.0.weight"]` is a copy; assigning sets them."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def _index(self, name: str) -> int:
        for i, other in enumerate(self):
            if other == name:
                return i
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        for i in range(len(self)):
            yield text(function("model_tensor_name")(self._model._handle, i)) or ""

    def __len__(self) -> int:
        return function("model_tensors")(self._model._handle)

    def shape(self, name: str) -> tuple[int, ...]:
        """(rows, columns) of a matrix; (rows,) of a vector."""
        rows, columns = ctypes.c_size_t(), ctypes.c_size_t()
        dimensions = function("model_tensor_shape")(self._model._handle, self._index(name), ctypes.byref(rows),
                                                    ctypes.byref(columns))
        return (rows.value, columns.value)[:dimensions]

    def role(self, name: str) -> str:
        """"weight", "bias", "scale", "shift", "table", "slope" or "statistic"."""
        return text(function("model_tensor_role")(self._model._handle, self._index(name))) or ""

    def __getitem__(self, name: str) -> np.ndarray:
        values = np.empty(self.shape(name), self._model.dtype)
        call("model_get_tensor", self._model._handle, name.encode(), TYPES[values.dtype], _place(values), values.size)
        return values

    def __setitem__(self, name: str, values: Any) -> None:
        values = np.ascontiguousarray(values)
        if values.dtype not in (np.float32, np.float64):
            values = values.astype(np.float64)
        if values.shape != self.shape(name):
            raise ValueError(f"{name} has the shape {self.shape(name)}, not {values.shape}")
        self._model._changed()
        call("model_set_tensor", self._model._handle, name.encode(), TYPES[values.dtype], _place(values), values.size)


class Model:
    """A trained network, as `percept train` writes it and `percept predict` reads it.

    >>> model = percept.load("model.safetensors")
    >>> model.predict(X)          # classes by name, or targets (count × targets)
    >>> model.predict_proba(X)    # count × classes
    """

    threads: int = 0  # of predictions; 0: one for each core
    recipe: Recipe | None = None  # of a model that was trained here: see percept.train
    history: dict[str, list[float]]
    results: dict[str, float]

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self.history, self.results = {}, {}
        self._cached = threading.local()  # a predictor for each thread: it is for one at a time
        self._columns_of: list[tuple[str | None, dict[str, int] | None]] | None = None

    @classmethod
    def create(cls, recipe: Recipe, data: Data) -> Model:
        """The network of a recipe with its initial parameters; the recipe receives what was decided from the data."""
        return cls(create("model", "model_create", recipe._handle, ctypes.byref(data.struct)))

    # ---- What it is ----

    @property
    def n_inputs(self) -> int:
        return function("model_inputs")(self._handle)

    @property
    def n_outputs(self) -> int:
        return function("model_outputs")(self._handle)

    @property
    def n_parameters(self) -> int:
        return function("model_parameters")(self._handle)

    @property
    def n_classes(self) -> int:
        return function("model_classes")(self._handle)

    @property
    def classes(self) -> list[str]:
        """The names of the classes; empty for regression."""
        return [text(function("model_class_name")(self._handle, k)) or "" for k in range(self.n_classes)]

    @property
    def input_names(self) -> list[str | None]:
        """The column of each input; None where columns had no names."""
        return [text(function("model_input_name")(self._handle, j)) for j in range(self.n_inputs)]

    @property
    def tensors(self) -> Tensors:
        return Tensors(self)

    @property
    def dtype(self) -> np.dtype:
        """float32 or float64: the type of the parameters, and of predictions."""
        if self._dtype is None:
            names = list(self.tensors)
            whole = np.empty(self.tensors.shape(names[0]))
            call("model_get_tensor", self._handle, names[0].encode(), TYPES[whole.dtype], _place(whole), whole.size)
            self._dtype = np.dtype(np.float32 if (whole == whole.astype(np.float32)).all() else np.float64)
        return self._dtype

    _dtype: np.dtype | None = None
    _class_names: np.ndarray | None = None

    def __repr__(self) -> str:
        kind = f"{self.n_classes} classes" if self.n_classes else f"{self.n_outputs} targets"
        return f"<percept.Model: {self.n_inputs} inputs, {kind}, {self.n_parameters} parameters>"

    # ---- Files ----

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Model:
        """Reads a model file (safetensors)."""
        return cls(create("model", "model_load", os.fsencode(path)))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a model file (safetensors), which the program reads, too."""
        call("model_save", self._handle, os.fsencode(path))

    def __getstate__(self) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="percept-") as folder:
            path = os.path.join(folder, "model.safetensors")
            self.save(path)
            with open(path, "rb") as file:
                return {"safetensors": file.read(), "dtype": self.dtype.name, "threads": self.threads,
                        "recipe": self.recipe,
                        "history": self.history, "results": self.results}

    def __setstate__(self, state: dict[str, Any]) -> None:
        with tempfile.TemporaryDirectory(prefix="percept-") as folder:
            path = os.path.join(folder, "model.safetensors")
            with open(path, "wb") as file:
                file.write(state["safetensors"])
            self.__init__(create("model", "model_load", os.fsencode(path)))  # type: ignore[misc]
        self._dtype, self.threads = np.dtype(state["dtype"]), state["threads"]
        self.recipe, self.history, self.results = state["recipe"], state["history"], state["results"]

    # ---- Predictions ----

    def _changed(self) -> None:
        self._cached = threading.local()

    def predictor(self, threads: int = 0) -> Predictor:
        """The model prepared for many calls. threads: 0 for one per core."""
        return Predictor(self, threads)

    def _predictor(self) -> Predictor:
        found = self._cached.__dict__.get("predictor")
        if found is None:
            found = self._cached.predictor = Predictor(self, self.threads)
        return found

    def _features(self, X: Any) -> np.ndarray:
        """X as the network's inputs: float64, columns of a table found by name."""
        if type(X) is np.ndarray and X.dtype == FLOAT64:
            return X
        if type(X) is list and X and not isinstance(X[0], (list, tuple)):
            X = [X]
        features = read_features(X)
        return self._arrange(features) if isinstance(features, Frame) else features.astype(np.float64)

    def _arrange(self, frame: Frame) -> np.ndarray:
        """The columns in the order of the inputs: found by name, or by position where the model has no names."""
        if self._columns_of is None:
            self._columns_of = [(name, self._codes(j)) for j, name in enumerate(self.input_names)]
        by_name = {column.name: column for column in frame.columns}
        by_place = (None, None) in self._columns_of
        if any(name is not None and name not in by_name and name.rpartition(":")[0] in by_name for name, _ in self._columns_of) or (
                by_place and len(frame.columns) != self.n_inputs):  # several inputs are parts of one date
            return features_of(dataset(frame, model=self._handle))
        X = np.empty((frame.count, self.n_inputs))
        for j, (name, codes) in enumerate(self._columns_of):
            if name is not None and name not in by_name:
                raise ArgumentError(f"the table has no column {name!r}, which this model needs; its columns are "
                                    f"{', '.join(frame.names)[:100]}")
            column = frame.columns[j] if name is None else by_name[name]
            if codes is not None and column.kind != "DATE":
                X[:, j] = _recode(column, codes)
            elif codes is None and column.vocabulary is None:
                X[:, j] = column.values
            else:
                raise ArgumentError(f"column {column.name!r} has {'dates' if column.kind == 'DATE' else 'texts'}, but this model "
                                    f"learned it as {'numbers' if codes is None else 'categories'}")
        return X

    def _codes(self, j: int) -> dict[str, int] | None:
        """The codes of a category; None for an input that is a number."""
        count = function("model_categories")(self._handle, j)
        return {text(function("model_category")(self._handle, j, code)) or "": code for code in range(count)} if count else None

    def predict(self, X: Any) -> np.ndarray:
        """The name of each example's class (count), or its targets (count × targets)."""
        if self._class_names is None:
            self._class_names = np.array([*self.classes, "nan"])
        if len(self._class_names) > 1:
            return self._class_names[self._predictor().classes(self._features(X))]
        return self._predictor().outputs(self._features(X)).astype(self.dtype)

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class (count × classes)."""
        return self._predictor().probabilities(self._features(X)).astype(self.dtype)

    def logits(self, X: Any) -> np.ndarray:
        """The raw outputs of the last layer (count × outputs)."""
        return self._predictor().logits(self._features(X))

    def input_gradient(self, X: Any, output: int = 0) -> np.ndarray:
        """The derivative of a raw output by each feature, at each example (count × inputs)."""
        X = np.ascontiguousarray(self._features(X))
        handle = create("gradient", "gradient_create", self._handle, 0, needs=[self._handle])
        out = np.empty(X.shape)
        call("gradient_of_output", handle, _place(X), X.shape[0], output, _place(out))
        return out

    # ---- Metrics ----

    def evaluate(self, X: Any, y: Any, sample_weight: Any = None, threads: int = 0) -> dict[str, float]:
        """Loss and accuracy on other data: y holds names or numbers of classes, or targets (count × targets)."""
        metrics = _library.fresh("percept_metrics")
        examples = self.dataset(X, y, sample_weight)
        call("model_evaluate", self._handle, examples, threads, ctypes.byref(metrics))
        try:
            return {"count": metrics.count, "loss": metrics.loss, "accuracy": metrics.accuracy}
        finally:
            function("metrics_clear")(ctypes.byref(metrics))

    def dataset(self, X: Any, y: Any, sample_weight: Any = None) -> Handle:
        """Examples for this model: features in the order of its inputs, labels with its numbers."""
        features = read_features(X)
        if not self.n_classes:
            return dataset(features, targets=y, weights=sample_weight, model=self._handle)
        number = {name: k for k, name in enumerate(self.classes)}
        try:
            labels = [number[str(label)] for label in np.asarray(y).tolist()]
        except KeyError as error:
            raise ArgumentError(f"the label {error} is no class of this model; its classes are "
                                f"{', '.join(self.classes)[:100]}") from None
        return dataset(features, labels, self.classes, weights=sample_weight, model=self._handle)

    def gradcheck(self, X: Any, y: Any, examples: int = 0, each: int = 0, seed: int = 0) -> dict[str, float]:
        """Compares the gradient of the loss with differences of it, in float64, as `percept gradcheck` does.

        examples : how many of X to take, the first ones; 0: 1, or 8 with batch norm. each : parameters of each tensor, chosen by
        seed; 0: all. Returns checked, equal, kinks, small, wrong (numbers of derivatives), loss and largest_error.
        """
        return self._gradcheck(self.dataset(X, y), examples, each, seed)

    def _gradcheck(self, data: Handle, examples: int = 0, each: int = 0, seed: int = 0) -> dict[str, float]:
        check = _library.fresh("percept_gradient_check")
        call("model_gradcheck", self._handle, data, examples, each, seed, ctypes.byref(check))
        return {name: getattr(check, name) for name, *_ in check._fields_ if name != "struct_size"}

    # ---- Other programs ----

    def export(self, path: str | os.PathLike[str], format: str | None = None, *, rows: Any = None,
               precision: str | None = None, prefix: str | None = None, **switches: Any) -> dict[str, Any]:
        """Writes the model for other programs, and checks the file before it is handed over, as `percept export` does.

        format : "onnx", "c" or "safetensors"; None: by the ending of path. rows : features to check with; None: some are drawn.
        precision : "float32" or "float64"; None: the model's. Others: columns, opset (ONNX), prefix, with_main, no_libm (C).
        Returns rows, difference, rounding, labels, skipped and reason: how the file's answers compare with the model's.
        """
        path = os.fspath(path)
        options, check = _library.fresh("percept_export_options"), _library.fresh("percept_export_check")
        if rows is not None:
            rows = np.ascontiguousarray(self._features(rows), np.float64)
            options.rows, options.row_count = rows.ctypes.data, len(rows)
        options.precision = TYPES[np.dtype(precision)] if precision else 0
        options.prefix = prefix.encode() if prefix else None
        for name, value in switches.items():
            if name not in ("columns", "opset", "with_main", "no_libm"):
                raise TypeError(f"export() got an unexpected keyword argument {name!r}")
            setattr(options, name, int(value))
        call("model_export", self._handle, (format or _format_of(path)).encode(), os.fsencode(path), ctypes.byref(options),
             ctypes.byref(check))
        result = {name: getattr(check, name) for name, *_ in check._fields_ if name != "struct_size"}
        return {**result, "reason": check.reason.decode()}


def _format_of(path: str) -> str:
    """The format that an ending means."""
    ending = path.rpartition(".")[2]
    i = 0
    while (name := text(function("export_format")(i))) is not None:
        if text(function("export_extension")(i)) == ending:
            return name
        i += 1
    raise ArgumentError(f"the ending of '{path}' is none of the formats that models are exported to; give format=")


def _recode(column: Column, codes: dict[str, int]) -> np.ndarray:
    """A column's codes in the numbers of a model: NaN for texts that it does not know, and for missing ones. Numbers stand for
    their texts."""
    vocabulary, values = column.vocabulary, column.values
    if vocabulary is None:
        different, values = np.unique(values.astype(np.float64), return_inverse=True)
        vocabulary = [number_text(number) for number in different.tolist()]
    table = np.array([*(codes.get(word, np.nan) for word in vocabulary), np.nan])  # -1 takes the last one
    return table[values]


def load(path: str | os.PathLike[str]) -> Model:
    """Reads a model that the program or `Model.save` wrote."""
    return Model.load(path)
