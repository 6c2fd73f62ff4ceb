"""Tables of pandas, Polars, Arrow and DuckDB, through the Arrow C data interface (arrow.apache.org/docs/format/CDataInterface).

Any object with `__arrow_c_stream__` is read: its columns of numbers without a copy where they have one chunk and no gaps. The
stream differs by library. Text is utf8, large_utf8 or utf8_view; indices of categories are of any integer type, and each chunk
may have a dictionary of its own; NaN is a null from pandas, but a number from Polars and pyarrow (missing, in both); a table
without rows has no chunk, or one of length 0; offsets need not be 0; pandas adds its index as columns, which its metadata names.
"""
from __future__ import annotations

import ctypes
import json
from typing import Any

import numpy as np

from . import _dates
from ._data import Column, Frame, number_text

_Pointer = ctypes.c_void_p


class _Schema(ctypes.Structure):
    pass


class _Array(ctypes.Structure):
    pass


class _Stream(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", _Pointer), ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.POINTER(_Schema)), ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))),
    ("private_data", _Pointer)]
_Array._fields_ = [
    ("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64), ("buffers", ctypes.POINTER(_Pointer)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))), ("dictionary", ctypes.POINTER(_Array)),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))), ("private_data", _Pointer)]
_Stream._fields_ = [
    ("get_schema", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema))),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))), ("private_data", _Pointer)]

# Numbers by their format. Half floats become float32, integers float64.
_NUMBERS = {b"c": np.int8, b"C": np.uint8, b"s": np.int16, b"S": np.uint16, b"i": np.int32, b"I": np.uint32,
            b"l": np.int64, b"L": np.uint64, b"e": np.float16, b"f": np.float32, b"g": np.float64}
_INTEGERS = b"cCsSiIlL"


class _Owner:
    """Releases a chunk or a schema when nothing views it any more."""

    def __init__(self, kind: type[ctypes.Structure]) -> None:
        self.struct = kind()

    def __del__(self) -> None:
        if self.struct.release:
            self.struct.release(ctypes.byref(self.struct))


def _view(address: int | None, dtype: Any, start: int, count: int, owner: _Owner) -> np.ndarray:
    """count values of a buffer from value `start` on, without a copy; the array keeps their owner."""
    dtype = np.dtype(dtype)
    if not address or count == 0:
        return np.empty(0, dtype)
    block = (ctypes.c_char * (dtype.itemsize * count)).from_address(address + start * dtype.itemsize)
    block.owner = owner  # type: ignore[attr-defined]
    return np.frombuffer(block, dtype)


def _bits(address: int | None, start: int, count: int, owner: _Owner) -> np.ndarray:
    first = start // 8
    packed = _view(address, np.uint8, first, (start + count + 7) // 8 - first, owner)
    return np.unpackbits(packed, bitorder="little")[start - 8 * first:start - 8 * first + count].astype(bool)


class _Piece:
    """One column of one chunk: `count` values from `start` on."""

    def __init__(self, schema: _Schema, array: _Array, start: int, count: int, owner: _Owner) -> None:
        self.schema, self.array, self.owner = schema, array, owner
        self.start, self.count = start + array.offset, count

    def buffer(self, i: int, dtype: Any, extra: int = 0) -> np.ndarray:
        return _view(self.array.buffers[i], dtype, self.start, self.count + extra, self.owner)

    def missing(self) -> np.ndarray | None:
        """Where values are null; None: nowhere."""
        if self.schema.format == b"n":
            return np.ones(self.count, bool)
        if self.array.null_count == 0 or self.count == 0 or not self.array.buffers[0]:
            return None
        nulls = ~_bits(self.array.buffers[0], self.start, self.count, self.owner)
        return nulls if nulls.any() else None

    def nulls(self) -> np.ndarray:
        missing = self.missing()
        return np.zeros(self.count, bool) if missing is None else missing

    # ---- Numbers ----

    def integers(self) -> np.ndarray:
        """The numbers that dates and times are, whatever nulls are."""
        return self.buffer(1, _dates.integers_of(self.schema.format)).astype(np.int64)

    def numbers(self) -> np.ndarray | None:
        """The values, NaN where they are null; None for a column of another kind."""
        kind = self.schema.format
        if kind in _NUMBERS:
            values = self.buffer(1, _NUMBERS[kind])
        elif kind == b"b":
            values = _bits(self.array.buffers[1], self.start, self.count, self.owner).astype(np.uint8)
        elif kind == b"n":
            values = np.zeros(self.count)
        elif kind.startswith(b"d:"):
            values = self._decimals()
        else:
            return None
        if values.dtype == np.float16:
            values = values.astype(np.float32)
        nulls = self.missing()
        if nulls is None:
            return values
        return np.where(nulls, np.array(np.nan, np.float32 if values.dtype == np.float32 else np.float64), values)

    def _decimals(self) -> np.ndarray:
        _, scale, *bits = (int(part) for part in self.schema.format[2:].split(b","))
        words = (bits[0] if bits else 128) // 32
        parts = _view(self.array.buffers[1], np.uint32, self.start * words, self.count * words, self.owner)
        parts = parts.reshape(-1, words)
        negative = parts[:, -1] >> 31 == 1
        parts = np.where(negative[:, None], ~parts, parts).astype(np.float64)  # ~x = -x - 1
        size = parts @ np.exp2(32.0 * np.arange(words)) + negative
        return np.where(negative, -size, size) / 10.0**scale

    # ---- Texts ----

    def texts(self) -> list[bytes | None] | None:
        """The texts; None for a column of another kind."""
        kind = self.schema.format
        if kind in (b"u", b"U"):
            found = self._plain_texts(np.int32 if kind == b"u" else np.int64)
        elif kind == b"vu":
            found = self._view_texts()
        else:
            return None
        nulls = self.missing()
        if nulls is not None:
            for i in np.flatnonzero(nulls):
                found[i] = None
        return found

    def _plain_texts(self, dtype: Any) -> list[bytes | None]:
        if self.count == 0:
            return []
        offsets = self.buffer(1, dtype, extra=1).tolist()
        first = offsets[0]
        data = _view(self.array.buffers[2], np.uint8, first, offsets[-1] - first, self.owner).tobytes()
        return [data[a - first:b - first] for a, b in zip(offsets, offsets[1:])]

    def _view_texts(self) -> list[bytes | None]:
        # A view: its length, then up to 12 bytes; or 4 bytes of a prefix, the number of a buffer, and a place there.
        views = _view(self.array.buffers[1], np.uint8, 16 * self.start, 16 * self.count, self.owner).tobytes()
        words = np.frombuffer(views, np.int32).reshape(-1, 4)
        blocks = self.array.buffers
        return [views[16 * i + 4:16 * i + 4 + size] if size <= 12 else ctypes.string_at(blocks[2 + block] + place, size)
                for i, (size, block, place) in enumerate(zip(words[:, 0].tolist(), words[:, 2].tolist(),
                                                             words[:, 3].tolist()))]

    # ---- Categories ----

    def categories(self) -> tuple[np.ndarray, list[Any]] | None:
        """Codes (-1: null) and the texts of a dictionary; None for a column that is none."""
        if not self.schema.dictionary:
            return None
        array = self.array.dictionary.contents
        words = _Piece(self.schema.dictionary.contents, array, 0, array.length, self.owner)
        texts: list[Any] | None = words.texts()
        if texts is None:
            numbers = words.numbers()
            if numbers is None:
                return None
            texts = [None if value != value else number_text(value).encode() for value in numbers.tolist()]
        nulls = self.missing()
        codes = self.buffer(1, _NUMBERS[self.schema.format]).astype(np.int64)
        return (codes if nulls is None else np.where(nulls, -1, codes)), texts


def _join(pieces: list[np.ndarray]) -> np.ndarray:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces) if pieces else np.empty(0)


class _Vocabulary:
    """Numbers texts in the order of their first appearance."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {None: -1}

    def code(self, word: Any) -> int:
        return self.numbers.setdefault(word, len(self.numbers) - 1)

    def words(self) -> list[str]:
        return [word.decode("utf-8", "replace") for word in self.numbers if word is not None]


def _column(name: str, schema: _Schema, pieces: list[_Piece]) -> Column:
    if schema.dictionary:
        vocabulary = _Vocabulary()
        codes: list[np.ndarray] = []
        for piece in pieces:
            found = piece.categories()
            if found is None:
                raise _refusal(name, schema.dictionary.contents.format)
            numbers = np.array([*(vocabulary.code(word) for word in found[1]), -1], np.int32)
            codes.append(numbers[found[0]])
        return Column(name, _join(codes).astype(np.int32, copy=False), vocabulary.words(), "CATEGORY")
    if schema.format in (b"u", b"U", b"vu"):
        vocabulary = _Vocabulary()
        codes = [np.array([vocabulary.code(word) for word in piece.texts() or ()], np.int32) for piece in pieces]
        return Column(name, _join(codes).astype(np.int32, copy=False), vocabulary.words(), "ANY")
    if _dates.unit_of(schema.format):
        return _dates.column(name, schema.format, _join([piece.integers() for piece in pieces]),
                             _join([piece.nulls() for piece in pieces]).astype(bool))
    numbers = []
    for piece in pieces:
        values = piece.numbers()
        if values is None:
            raise _refusal(name, schema.format)
        numbers.append(values)
    kind = "BOOLEAN" if schema.format == b"b" else "ANY" if schema.format in _INTEGERS else "NUMBER"
    return Column(name, _join(numbers), None, kind)


_WORDS = {b"t": "dates or times", b"tD": "durations", b"z": "bytes", b"Z": "bytes",
          b"+": "lists or structs"}


def _refusal(name: str, kind: bytes) -> Exception:
    what = next((_WORDS[kind[:size]] for size in (2, 1) if kind[:size] in _WORDS), f"values of Arrow's type {kind.decode()}")
    return ValueError(f"column {name!r} holds {what}, which cannot be a feature; make it numbers (such as days) or texts, or drop "
                      "it")


def _index_columns(address: int | None) -> set[str]:
    """The columns that pandas added for its index, by the metadata of the schema."""
    if not address:
        return set()
    place = address

    def read(size: int) -> bytes:
        nonlocal place
        place += size
        return ctypes.string_at(place - size, size)

    entries = {}
    for _ in range(int.from_bytes(read(4), "little")):
        key = read(int.from_bytes(read(4), "little"))
        entries[key] = read(int.from_bytes(read(4), "little"))
    try:
        return {name for name in json.loads(entries[b"pandas"])["index_columns"] if isinstance(name, str)}
    except (KeyError, ValueError, TypeError):
        return set()


def _check(stream: _Stream, status: int) -> None:
    if status:
        message = stream.get_last_error(ctypes.byref(stream)) or b"no reason given"
        raise ValueError(f"the table could not be read: {message.decode('utf-8', 'replace')}")


def read_stream(capsule: Any) -> Frame:
    """A Frame from a capsule that `__arrow_c_stream__` returned."""
    get_pointer = ctypes.pythonapi.PyCapsule_GetPointer
    get_pointer.restype, get_pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    stream = _Stream.from_address(get_pointer(capsule, b"arrow_array_stream"))
    schema = _Owner(_Schema)
    _check(stream, stream.get_schema(ctypes.byref(stream), ctypes.byref(schema.struct)))
    top = schema.struct
    if top.format != b"+s":
        raise ValueError("X is one column, expected a table (2D): give a table with one column, or an array of NumPy")
    left_out = _index_columns(top.metadata)
    children = [top.children[j].contents for j in range(top.n_children)]
    chunks = []
    while True:
        owner = _Owner(_Array)
        _check(stream, stream.get_next(ctypes.byref(stream), ctypes.byref(owner.struct)))
        if not owner.struct.release:
            break
        chunks.append(owner)
    columns = []
    for j, child in enumerate(children):
        name = (child.name or b"").decode("utf-8", "replace")
        pieces = [_Piece(child, chunk.struct.children[j].contents, chunk.struct.offset, chunk.struct.length, chunk)
                  for chunk in chunks if chunk.struct.length]
        if name not in left_out:
            columns.append(_column(name, child, pieces))
    return Frame(columns, sum(chunk.struct.length for chunk in chunks))


def read(X: Any) -> Frame:
    """Any table as a Frame."""
    if hasattr(X, "__arrow_c_stream__"):
        try:
            frame = read_stream(X.__arrow_c_stream__())
        except ImportError:  # pandas needs pyarrow for it
            frame = _read_pandas(X)
        except Exception as error:
            if type(error).__module__.split(".")[0] != "pyarrow":
                raise
            raise ValueError(f"the table could not be read: {error}; a column must hold numbers or texts, not both") from None
    else:
        frame = _read_pandas(X)
    return frame._replace(named=_has_names(X))


def _has_names(X: Any) -> bool:
    """Whether columns have names: those of pandas may be numbers."""
    if not hasattr(X, "iloc"):
        return True
    kinds = {isinstance(name, str) for name in X.columns}
    if len(kinds) == 2:
        raise TypeError("Feature names are only supported if all input features have string names, but your input has "
                        f"{sorted({type(name).__name__ for name in X.columns})} as feature name / column name types. If you "
                        "want feature names to be stored and validated, you must convert them all to strings, by using "
                        "X.columns = X.columns.astype(str) for example.")
    return kinds == {True}


_KINDS = {"b": "BOOLEAN", "i": "ANY", "u": "ANY", "f": "NUMBER"}


def _read_pandas(X: Any) -> Frame:
    """A table of pandas without pyarrow."""
    columns = []
    for j, name in enumerate(X.columns):
        series = X.iloc[:, j]
        kind = series.dtype.kind
        if kind == "m":
            raise _refusal(str(name), b"tD")
        if kind == "M":
            columns.append(_dates.of_pandas(str(name), series))
            continue
        if hasattr(series, "cat"):
            words = [number_text(word) if isinstance(word, (int, float)) else str(word) for word in series.cat.categories]
            columns.append(Column(str(name), series.cat.codes.to_numpy(np.int32), words, "CATEGORY"))
        elif kind in "biuf" and not series.isna().any():
            columns.append(Column(str(name), series.to_numpy(np.float32 if series.dtype == np.float32 else np.float64), None,
                                  _KINDS[kind]))
        elif kind in "biuf":
            columns.append(Column(str(name), series.astype("float64").to_numpy(np.float64, na_value=np.nan), None, _KINDS[kind]))
        else:
            vocabulary = _Vocabulary()
            values = [None if value is None or value != value else value for value in series.to_numpy(object, na_value=None)]
            if any(value is not None and not isinstance(value, str) for value in values):
                raise ValueError(f"column {name!r} holds values that are neither numbers nor texts, or both; convert it")
            codes = [vocabulary.code(None if value is None else value.encode()) for value in values]
            columns.append(Column(str(name), np.array(codes, np.int32), vocabulary.words(), "ANY"))
    return Frame(columns, len(X))
