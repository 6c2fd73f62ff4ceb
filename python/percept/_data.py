"""Arrays and tables of a program, as datasets of the library.

Features are a matrix (NumPy) or a Frame (pandas, Polars, Arrow, DuckDB): columns with names, of numbers or of categories.
"""
from __future__ import annotations

import ctypes
import warnings
from collections.abc import Iterable
from typing import Any, NamedTuple, Union

import numpy as np

from . import _library
from ._library import CONSTANTS, Handle, call, create, function

TYPES = {np.dtype(name): CONSTANTS["PERCEPT_" + name.upper()]
         for name in ("uint8", "float32", "float64", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64")}
MATRIX_TYPES = {np.dtype(name) for name in ("uint8", "float32", "float64")}
FLOAT64 = np.dtype(np.float64)


class Column(NamedTuple):
    """One column: its name; numbers (count, NaN: missing), or codes (count, -1: missing) of the texts of a vocabulary.

    kind: that of the library: NUMBER, BOOLEAN, CATEGORY or DATE; ANY: by its type it may be several of them, and the rules for
    files decide.
    """
    name: str
    values: np.ndarray
    vocabulary: list[str] | None = None
    kind: str = "NUMBER"


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


def number_text(value: float) -> str:
    """A number as the text of a category: 3.0 is "3"."""
    return str(int(value)) if float(value).is_integer() else repr(value)


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
    if X.dtype in MATRIX_TYPES:
        return X
    if X.dtype.kind == "c":
        raise ValueError("Complex data not supported: X has complex numbers; give their real and imaginary parts as two "
                         "features")
    if X.dtype.kind in "mM":
        raise ValueError(f"X holds {'dates' if X.dtype.kind == 'M' else 'durations'}; give them as a column of a table of pandas, "
                         "Polars or Arrow" + ("" if X.dtype.kind == "M" else ", as numbers"))
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


def _read_frame(X: Any) -> Features:
    from . import _arrow
    frame = _arrow.read(X)
    if frame.named or any(column.vocabulary is not None for column in frame.columns):
        return frame
    return np.column_stack([column.values.astype(np.float64) for column in frame.columns])  # the same as an array


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


def _spread(values: np.ndarray) -> np.ndarray:
    """The array, copied if one value stands for several (np.broadcast_to): to the library a stride of 0 is an array without
    gaps."""
    return np.ascontiguousarray(values) if 0 in values.strides else values


def _set_matrix(table: Handle, X: np.ndarray, names: list[str] | None, keep: list[Any]) -> None:
    X = _spread(X)
    borrow = X.flags.c_contiguous and X.size
    arguments = (TYPES[X.dtype], _place(X), X.shape[1], *X.strides)
    if borrow:
        keep.append(X)
        call("table_borrow_features", table, *arguments, None, None)
    else:
        call("table_set_features", table, *arguments)
    if names:
        call("table_set_columns", table, _library.texts(names), None)


def _add_column(table: Handle, column: Column) -> None:
    values = np.ascontiguousarray(column.values)
    fields = _library.fresh("percept_column")
    fields.name = column.name.encode()
    fields.kind = CONSTANTS["PERCEPT_" + column.kind]
    fields.type = TYPES[values.dtype]
    fields.values = values.ctypes.data
    words = _library.texts(column.vocabulary or ())
    if column.vocabulary is not None:
        fields.vocabulary = ctypes.cast(words, ctypes.c_void_p)
        fields.vocabulary_count = len(words)
    call("table_add_column", table, ctypes.byref(fields))  # copies all of it


def dataset(features: Any, labels: Any = None, classes: list[str] | None = None, targets: Any = None,
            weights: Any = None, names: list[str] | None = None, like: Handle | None = None,
            model: Handle | None = None) -> Handle:
    """A dataset of features: an array, or a table of pandas, Polars or Arrow. labels: count numbers in
    0 … len(classes)-1; targets: count × width numbers; weights: count numbers ≥ 0.
    like, model: a training set, or a model, whose columns, categories and classes it gets. The arrays must not change while the
    dataset lives."""
    if not isinstance(features, Frame):
        features = read_features(features, "a dataset")
    count = count_of(features)
    keep: list[Any] = []
    table = create("table", "table_create", count)
    if isinstance(features, Frame):
        for column in features.columns:
            _add_column(table, column)
    else:
        _set_matrix(table, features, names, keep)
    if labels is not None:
        labels = np.ascontiguousarray(labels, np.int32)
        call("table_set_labels", table, TYPES[labels.dtype], _place(labels), 0, len(classes or ()),
             _library.texts(classes) if classes else None)
    if targets is not None:
        targets = _numbers(targets)
        targets = _spread(targets.reshape(count, -1))
        call("table_set_targets", table, TYPES[targets.dtype], _place(targets), targets.shape[1], *targets.strides, None)
    if weights is not None:
        weights = _spread(_numbers(weights))
        call("table_set_weights", table, TYPES[weights.dtype], _place(weights), weights.strides[0])
    if like is not None:
        made = create("dataset", "table_finish_like", table, like, keep=keep)
    elif model is not None:
        made = create("dataset", "table_finish_for", table, model, keep=keep)
    else:
        made = create("dataset", "table_finish", table, keep=keep)
    if isinstance(features, Frame):
        _warn(made)
    return made


def _warn(made: Handle) -> None:
    """Warns of what was a guess."""
    i = 0
    while (note := function("dataset_note")(made, i)) is not None:
        warnings.warn(note.decode("utf-8", "replace"), stacklevel=5)
        i += 1


def features_of(made: Handle) -> np.ndarray:
    """The features of a dataset (count × width)."""
    features = np.empty((function("dataset_count")(made), function("dataset_width")(made)))
    function("dataset_copy_features")(made, _place(features))
    return features


class Data:
    """Training, validation and test set: what percept_data is. Holds the arrays that they view."""

    def __init__(self, train: Handle | None = None, valid: Handle | None = None, needs: Iterable[Handle] = ()) -> None:
        """Of two datasets; without them of what the library puts there, which then belongs to this object."""
        self.struct = _library.struct("percept_data")(train and train.pointer, valid and valid.pointer, None)
        parts = [part for part in (train, valid) if part is not None]
        free = _nothing if parts else _library.function("data_free")
        self.handle = Handle("data", ctypes.addressof(self.struct), [*parts, *needs], self.struct, free)

    @classmethod
    def load(cls, recipe: Any) -> Data:
        """The data that a recipe names (keys data.*)."""
        data = cls()
        call("data_load", recipe._handle, ctypes.byref(data.struct))
        return data

    @classmethod
    def split(cls, recipe: Any, whole: Handle) -> Data:
        """The parts of a dataset, as the recipe says (data.split, data.validation, …)."""
        data = cls(needs=[whole])
        call("data_split", recipe._handle, whole, ctypes.byref(data.struct))
        return data

    def fill(self) -> None:
        """Fills missing features by the means of the training set."""
        call("data_fill", ctypes.byref(self.struct))


def _nothing(pointer: int) -> None:
    pass


def part_handle(pointer: int | None) -> Handle | None:
    """A handle that does not own its dataset."""
    return Handle("dataset", pointer, free=_nothing) if pointer else None
