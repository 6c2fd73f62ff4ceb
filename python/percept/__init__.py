"""Percept: multilayer perceptrons in C, from Python.

    from percept import PerceptClassifier
    model = PerceptClassifier(epochs=20, random_state=0).fit(X, y)

PerceptClassifier and PerceptRegressor are estimators of scikit-learn (which is imported when they are first used, if it is
installed). Recipe, Model, load and train follow the program `percept`: the same recipe, data and seed give the same bits.
"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._declarations import VERSION as __version__

if TYPE_CHECKING:
    from ._data import Data, dataset
    from ._errors import ArgumentError, DivergedError, FormatError, PerceptError
    from ._estimators import PerceptClassifier, PerceptRegressor
    from ._model import Model, Predictor, load
    from ._recipe import Key, Recipe, keys
    from ._training import Interrupted, Training
    from ._train import train

_PLACES = {
    "PerceptClassifier": "_estimators", "PerceptRegressor": "_estimators", "Model": "_model", "Predictor": "_model",
    "load": "_model", "Recipe": "_recipe", "Key": "_recipe", "keys": "_recipe", "train": "_train", "Training": "_training",
    "Interrupted": "_training", "Data": "_data", "dataset": "_data",
    "PerceptError": "_errors", "ArgumentError": "_errors", "FormatError": "_errors",
    "DivergedError": "_errors"}

__all__ = ["__version__", *_PLACES]


def __getattr__(name: str) -> Any:  # each name is imported when it is first used
    if name not in _PLACES:
        raise AttributeError(f"module 'percept' has no attribute {name!r}")
    from importlib import import_module
    value = getattr(import_module("." + _PLACES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
