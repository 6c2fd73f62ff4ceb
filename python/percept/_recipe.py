"""Recipes: settings under the same keys as the program's YAML files and flags."""
from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from . import _library
from ._errors import ArgumentError
from ._library import call, create, function, long_text, text

_KINDS = {"NONE": None, "TEXT": "text", "CHOICE": "choice", "INTEGER": "integer", "NUMBER": "number",
          "BOOLEAN": "boolean"}


class Key(NamedTuple):
    """One key of all recipes.

    name: "train.learning_rate"; help: one line; kind: "text", "choice", "integer", "number" or "boolean"; is_list: it takes
    several values; choices: the names of a choice; default: a text, or None; default_rule: how the default is decided, or
    None; low, high: the range of a number.
    """
    name: str
    help: str
    kind: str
    is_list: bool
    choices: tuple[str, ...]
    default: str | None
    default_rule: str | None
    low: float
    high: float


_kind_names = {value: _KINDS[name[len("PERCEPT_KEY_"):]] for name, value in _library.CONSTANTS.items()
               if name.startswith("PERCEPT_KEY_")}
_keys: dict[str, Key] = {}
_short: dict[str, str] = {}


def keys() -> dict[str, Key]:
    """All keys by name, in the order of the program's help."""
    if not _keys:
        for i in range(function("key_count")()):
            choices: list[str] = []
            while (choice := function("key_choice")(i, len(choices))) is not None:
                choices.append(choice.decode())
            low, high = ctypes.c_double(), ctypes.c_double()
            function("key_range")(i, ctypes.byref(low), ctypes.byref(high), None, None)
            key = Key(text(function("key_name")(i)) or "", text(function("key_help")(i)) or "",
                      _kind_names.get(function("key_type_of")(i)) or "text", bool(function("key_is_list")(i)), tuple(choices),
                      text(function("key_default")(i)), text(function("key_default_rule")(i)), low.value, high.value)
            _keys[key.name] = key
    return _keys


# Where a keyword fits several keys, the first of these groups has it: `shuffle` is train.shuffle, `data_shuffle` the other.
_GROUPS = ("", "model", "train", "data", "metrics")


def key_of(keyword: str) -> str | None:
    """The key that a Python keyword means, or None: `learning_rate` is train.learning_rate, `data_scale` is data.scale,
    `augment_flip` is data.augment.flip."""
    if not _short:
        for group in _GROUPS:
            for name in keys():
                first, _, rest = name.partition(".") if "." in name else ("", "", name)
                if first == group:
                    for alias in (name, name.replace(".", "_"), rest.replace(".", "_")):
                        _short.setdefault(alias, name)
    return _short.get(keyword)


def to_text(value: Any) -> str:
    """A Python value as the text of a recipe: True is "true", (256, 128) is "256,128", {"bias": 0.1} is "bias:0.1"."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ",".join(f"{name}:{to_text(item)}" for name, item in value.items())
    if isinstance(value, (list, tuple)) or (hasattr(value, "tolist") and getattr(value, "ndim", 0) > 0):
        return ",".join(to_text(item) for item in value)
    if hasattr(value, "item"):  # a scalar of NumPy
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


class Recipe:
    """Settings of data, network and training. Keys that are not set keep the program's defaults.

    >>> recipe = Recipe(layers=(784, 64, 10), epochs=5, data_scale="none")
    >>> recipe["train.learning_rate"] = 0.01
    >>> print(recipe.to_yaml())

    A keyword is a key without its group (`epochs` is train.epochs), or the whole key with _ for the point (`data_scale`).
    """

    def __init__(self, **settings: Any) -> None:
        self._handle = create("recipe", "recipe_create")
        self.update(settings)

    @classmethod
    def _wrap(cls, handle: _library.Handle) -> Recipe:
        recipe = cls.__new__(cls)
        recipe._handle = handle
        return recipe

    @classmethod
    def from_yaml(cls, source: str | os.PathLike[str]) -> Recipe:
        """Reads a recipe from a YAML file, or from its text (a string that contains a line end or a colon and a space)."""
        source = os.fspath(source)
        if "\n" in source or ": " in source:
            return cls._wrap(create("recipe", "recipe_parse", source.encode()))
        return cls._wrap(create("recipe", "recipe_load", os.fsencode(source)))

    def to_yaml(self) -> str:
        """All keys that have a value, as YAML."""
        return long_text("recipe_text", self._handle)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes all keys that have a value to a YAML file."""
        call("recipe_save", self._handle, os.fsencode(path))

    def update(self, settings: Mapping[str, Any]) -> Recipe:
        """Sets several keys or keywords; None leaves a key as it is."""
        for name, value in settings.items():
            if value is not None:
                self[name] = value
        return self

    def copy(self) -> Recipe:
        return Recipe.from_yaml(self.to_yaml() or "\n")

    def __setitem__(self, name: str, value: Any) -> None:
        key = key_of(name) or name
        if key == "model.layers" and not isinstance(value, str):
            value = "-".join(to_text(item) for item in value)
        call("recipe_set", self._handle, key.encode(), to_text(value).encode())

    def __getitem__(self, name: str) -> str:
        """The value of a key as text; "" if it is not set."""
        return long_text("recipe_get", self._handle, (key_of(name) or name).encode())

    def __iter__(self) -> Iterator[str]:
        return iter(keys())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Recipe) and all(self[name] == other[name] for name in keys())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        changed = {name: self[name] for name, key in keys().items() if self[name] not in ("", key.default)}
        return "Recipe({" + ", ".join(f"{name!r}: {value!r}" for name, value in changed.items()) + "})"

    def __getstate__(self) -> dict[str, str]:
        return {"yaml": self.to_yaml()}

    def __setstate__(self, state: dict[str, str]) -> None:
        self._handle = create("recipe", "recipe_parse", (state["yaml"] or "\n").encode())

    @staticmethod
    def keys() -> dict[str, Key]:
        """All keys with their help, types and defaults."""
        return keys()


def check_keyword(keyword: str) -> str:
    """The key of a keyword; ArgumentError with the nearest key if there is none."""
    key = key_of(keyword)
    if key is None:
        try:
            Recipe()[keyword.replace("_", ".", 1)]  # the library names the nearest key
        except ArgumentError as error:
            raise TypeError(f"{keyword!r} is neither a parameter nor a key of recipes: {error}") from None
        raise TypeError(f"{keyword!r} is neither a parameter nor a key of recipes")
    return key
