"""libpercept through ctypes: loads it, declares its functions as the header does, and turns a status into an exception.

The declarations are made from percept.h when the package is built (declare.py). A function is declared when it is first
used, so that importing the package takes no time. ctypes releases the global interpreter lock during every call.
"""
from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable
from typing import Any, Callable

from . import _declarations
from ._errors import ArgumentError, DivergedError, FormatError, PerceptError

_TYPES = {"i": ctypes.c_int, "l": ctypes.c_ssize_t, "z": ctypes.c_size_t, "d": ctypes.c_double, "q": ctypes.c_uint64,
          "p": ctypes.c_void_p, "s": ctypes.c_char_p, "c": ctypes.c_char, "v": None}

CONSTANTS = _declarations.CONSTANTS


def struct(name: str) -> type[ctypes.Structure]:
    """The struct of the header with this name, as a class of ctypes."""
    if name not in _structs:
        fields = []
        for field, letter, length in _declarations.STRUCTS[name]:
            kind = _TYPES.get(letter) or struct(letter)
            fields.append((field, kind * length if length else kind))
        _structs[name] = type(name, (ctypes.Structure,), {"_fields_": fields})
    return _structs[name]


def fresh(name: str) -> Any:
    """An empty struct for the library to fill; its struct_size, if it has one, is set."""
    made = struct(name)()
    if hasattr(made, "struct_size"):
        made.struct_size = ctypes.sizeof(made)
    return made


_structs: dict[str, type[ctypes.Structure]] = {}


def _load() -> ctypes.CDLL:
    path = os.environ.get("PERCEPT_LIBRARY") or os.path.join(os.path.dirname(__file__), "libpercept.so")
    try:
        return ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"cannot load {path}: {error}; install the package again, or set PERCEPT_LIBRARY to the path "
                          "of libpercept.so") from None


_cdll = _load()
_functions: dict[str, Callable[..., Any]] = {}


def function(name: str) -> Callable[..., Any]:
    """The library's function `name` (without "percept_"), with the types of its arguments and its result."""
    found = _functions.get(name)
    if found is None:
        result, arguments = _declarations.FUNCTIONS["percept_" + name].split(":")
        found = _cdll["percept_" + name]  # a new object each time: others may declare it as they like
        found.restype = _TYPES[result]
        found.argtypes = [_TYPES[letter] for letter in arguments]
        _functions[name] = found
    return found


def has(name: str) -> bool:
    """Whether the library has the function `name` (without "percept_")."""
    return "percept_" + name in _declarations.FUNCTIONS


_Error = struct("percept_error")
_EXCEPTIONS: dict[int, type[Exception]] = {
    CONSTANTS["PERCEPT_ERROR_ARGUMENT"]: ArgumentError, CONSTANTS["PERCEPT_ERROR_MEMORY"]: MemoryError,
    CONSTANTS["PERCEPT_ERROR_IO"]: OSError, CONSTANTS["PERCEPT_ERROR_FORMAT"]: FormatError,
    CONSTANTS["PERCEPT_ERROR_DIVERGED"]: DivergedError}


def check(status: int, error: Any) -> None:
    """Raises what a percept_status other than 0 and its percept_error report."""
    if status:
        raise _EXCEPTIONS.get(status, PerceptError)(error.message.decode("utf-8", "replace"))


def call(name: str, *arguments: Any) -> None:
    """Calls a function that returns a percept_status and takes a percept_error last; raises if it fails."""
    error = _Error()
    check(function(name)(*arguments, ctypes.byref(error)), error)


class _Cell:
    """An object of the library, and how many handles and other objects use it. It is freed after all that use it, whatever the
    order in which Python's garbage collector finds them."""

    __slots__ = ("pointer", "free", "users", "needs", "keep")
    pointer: int | None
    free: Callable[[Any], Any]
    users: int
    needs: list[_Cell]
    keep: Any


def _release(cell: _Cell) -> None:
    cell.users -= 1
    if cell.users == 0 and cell.pointer:
        cell.free(cell.pointer)
        cell.pointer = None
        for needed in cell.needs:
            _release(needed)


class Handle:
    """An object of the library, freed when nobody uses it any more. needs: handles of what it reads; keep: anything else, such
    as arrays."""

    __slots__ = ("pointer", "_cell", "_release", "__weakref__")

    def __init__(self, kind: str, pointer: int | None, needs: Iterable[Handle] = (), keep: Any = None,
                 free: Callable[[Any], Any] | None = None) -> None:
        self.pointer = pointer
        cell = self._cell = _Cell()
        cell.pointer, cell.users, cell.keep = pointer, 1, keep
        cell.free = free or function(kind + "_free")
        cell.needs = [handle._cell for handle in needs]
        for needed in cell.needs:
            needed.users += 1
        self._release = _release

    @property
    def _as_parameter_(self) -> ctypes.c_void_p:  # what ctypes passes for this object
        return ctypes.c_void_p(self.pointer)

    def __del__(self) -> None:
        if hasattr(self, "_release"):
            self._release(self._cell)


def create(kind: str, name: str, *arguments: Any, needs: Iterable[Handle] = (), keep: Any = None) -> Handle:
    """Calls a function whose last argument before the error receives a new object of a kind, such as "model"."""
    out = ctypes.c_void_p()
    call(name, *arguments, ctypes.byref(out))
    return Handle(kind, out.value, needs, keep)


def text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("utf-8", "replace")


def texts(values: Any) -> ctypes.Array[ctypes.c_char_p]:
    """An array of C texts."""
    encoded = [str(value).encode() for value in values]
    return (ctypes.c_char_p * len(encoded))(*encoded)


def long_text(name: str, *arguments: Any) -> str:
    """The text that a function writes into a block, (text, size, &length, &error) being its last arguments."""
    length = ctypes.c_size_t()
    call(name, *arguments, None, 0, ctypes.byref(length))
    block = ctypes.create_string_buffer(length.value + 1)
    call(name, *arguments, block, len(block), None)
    return block.value.decode("utf-8")
