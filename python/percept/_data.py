"""Arrays and tables of a program, as datasets of the library.

Features are a matrix (NumPy) or a Frame (pandas, Polars, Arrow, DuckDB): columns with names, of numbers or of categories.
"""
from __future__ import annotations

import ctypes
import sys
from typing import Any, NamedTuple, Union

import numpy as np

from . import _library
from ._library import CONSTANTS, Handle, call, create

_TYPES = {"uint8": "UINT8", "float32": "FLOAT32", "float64": "FLOAT64", "int32": "INT32", "int64": "INT64"}
TYPES = {np.dtype(name): CONSTANTS["PERCEPT_" + constant] for name, constant in _TYPES.items()}
FLOAT64 = np.dtype(np.float64)


class Column(NamedTuple):
    """One column: its name; numbers (count), or codes (count, -1: missing) of the texts of a vocabulary."""
    name: str
    values: np.ndarray
    vocabulary: list[str] | None = None
    boolean: bool = False


class Frame(NamedTuple):
    """A table: columns of one length."""
    columns: list[Column]
    count: int
    named: bool = True  # False: names were made up, as those of a table of pandas whose columns are numbered

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


Features = Union[np.ndarray, Frame]


def width_of(features: Features) -> int:
    return len(features.columns) if isinstance(features, Frame) else features.shape[1]


def count_of(features: Features) -> int:
    return features.count if isinstance(features, Frame) else features.shape[0]


# ---- What a program hands in --------------------------------------------------------------------------------------


def read_features(X: Any, who: str = "this model") -> Features:
    """X as a matrix (count × width, of a type that the library reads) or as a Frame. NumPy arrays of uint8, float32 and
    float64 are not copied."""
    if type(X) is not np.ndarray:
        if hasattr(X, "__arrow_c_stream__") or hasattr(X, "columns") and hasattr(X, "iloc"):
            return _read_frame(X)
        if hasattr(X, "toarray"):
            raise TypeError(f"X is a sparse matrix, which {who} cannot read; give X.toarray()")
        X = np.asarray(X)
    if X.ndim != 2:
        found = "a single number" if X.ndim == 0 else f"an array of {X.ndim} dimension{'s' if X.ndim > 1 else ''}"
        raise ValueError(f"X is {found}, expected 2D array. Reshape your data either using array.reshape(-1, 1) if it has "
                         "a single feature or array.reshape(1, -1) if it contains a single sample.")
    return _readable(X)


def _readable(X: np.ndarray) -> np.ndarray:
    if X.dtype in TYPES and X.dtype.kind in "fu" and X.dtype.isnative:
        return X
    if X.dtype.kind == "c":
        raise ValueError("Complex data not supported: X has complex numbers; give their real and imaginary parts as two "
                         "features")
    if X.dtype.kind in "USOV":
        return _objects(X)
    return X.astype(np.float32 if X.dtype == np.float16 else np.float64)


def _objects(X: np.ndarray) -> np.ndarray:
    for value in X.flat:
        if isinstance(value, (dict, list, tuple, set)):
            raise TypeError(f"X has a {type(value).__name__}, but every argument must be a string or a number")
    try:
        return X.astype(np.float64)
    except (ValueError, TypeError) as error:
        raise ValueError(f"X has a value that is not a number ({error}); give columns of texts in a table of pandas, "
                         "Polars or Arrow") from None


def _read_frame(X: Any) -> Frame:
    from . import _arrow
    return _arrow.read(X)


def refuse_infinite(features: Features) -> None:
    columns = features.columns if isinstance(features, Frame) else [Column("", features)]
    for column in columns:
        if column.values.dtype.kind == "f" and np.isinf(column.values).any():
            raise ValueError("X contains infinity" + (f" in column {column.name!r}" if column.name else "") +
                             "; give finite numbers, or NaN for missing values")


# ---- To the library -------------------------------------------------------------------------------------------------


def _place(array: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def _numbers(values: Any) -> np.ndarray:
    """Any array of numbers as one of a type that the library reads."""
    values = np.asarray(values)
    return values if values.dtype in TYPES else values.astype(np.int64 if values.dtype.kind in "biu" else np.float64)


def _set_matrix(table: Handle, X: np.ndarray, names: list[str] | None, keep: list[Any]) -> None:
    borrow = X.flags.c_contiguous and X.size
    arguments = (TYPES[X.dtype], _place(X), X.shape[1], *X.strides)
    if borrow:
        keep.append(X)
        call("table_borrow_features", table, *arguments, None, None)
    else:
        call("table_set_features", table, *arguments)
    if names:
        call("table_set_columns", table, _library.texts(names), None)


def _set_frame(table: Handle, frame: Frame, keep: list[Any]) -> None:
    matrix = np.empty((frame.count, len(frame.columns)))
    for j, column in enumerate(frame.columns):
        matrix[:, j] = column.values
    keep.append(matrix)
    _set_matrix(table, matrix, frame.names, keep)


def dataset(features: Features, labels: Any = None, classes: list[str] | None = None, targets: Any = None,
            weights: Any = None, names: list[str] | None = None) -> Handle:
    """A dataset. labels: count numbers in 0 … len(classes)-1; targets: count × width numbers; weights: count numbers ≥ 0.
    The arrays must not change while the dataset lives."""
    count = count_of(features)
    keep: list[Any] = []
    table = create("table", "table_create", count)
    if isinstance(features, Frame):
        _set_frame(table, features, keep)
    else:
        _set_matrix(table, features, names, keep)
    if labels is not None:
        labels = np.ascontiguousarray(labels, np.int32)
        call("table_set_labels", table, TYPES[labels.dtype], _place(labels), 0, len(classes or ()),
             _library.texts(classes) if classes else None)
    if targets is not None:
        targets = _numbers(targets)
        targets = targets.reshape(count, -1)
        call("table_set_targets", table, TYPES[targets.dtype], _place(targets), targets.shape[1], *targets.strides, None)
    if weights is not None:
        weights = _numbers(weights)
        call("table_set_weights", table, TYPES[weights.dtype], _place(weights), weights.strides[0])
    return create("dataset", "table_finish", table, keep=keep)


class Data:
    """Training, validation and test set: what percept_data is. Holds the arrays that they view."""

    def __init__(self, train: Handle | None = None, valid: Handle | None = None) -> None:
        self.struct = _library.struct("percept_data")(train and train.pointer, valid and valid.pointer, None)
        self.keep: list[Any] = [train, valid]
        self._owned = False

    @classmethod
    def load(cls, recipe: Any) -> Data:
        """The data that a recipe names (keys data.*)."""
        data = cls()
        call("data_load", recipe._handle, ctypes.byref(data.struct))
        data._owned = True
        return data

    @classmethod
    def split(cls, recipe: Any, whole: Handle) -> Data:
        """The parts of a dataset, as the recipe says (data.split, data.validation, …)."""
        data = cls()
        call("data_split", recipe._handle, whole, ctypes.byref(data.struct))
        data._owned = True
        data.keep = [whole]
        return data

    def fill(self) -> None:
        """Fills missing features by the means of the training set."""
        call("data_fill", ctypes.byref(self.struct))

    def __del__(self) -> None:
        if getattr(self, "_owned", False) and not sys.is_finalizing():
            _library.function("data_free")(ctypes.byref(self.struct))


def part_handle(pointer: int | None) -> Handle | None:
    """A handle that does not own its dataset."""
    if not pointer:
        return None
    handle = Handle("dataset", pointer)
    handle._free = lambda pointer: None
    return handle
