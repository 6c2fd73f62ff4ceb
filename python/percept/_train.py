"""Training by a recipe, as the program does it."""
from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any, Union

import numpy as np

from . import _library
from ._data import Data, Frame, count_of, dataset, part_handle, read_features
from ._errors import ArgumentError
from ._library import call, function
from ._model import Model
from ._recipe import Recipe
from ._training import Training


def train(recipe: Union[Recipe, Mapping[str, Any], None] = None, X: Any = None, y: Any = None, *, targets: Any = None,
          sample_weight: Any = None, verbose: bool = False, **keys: Any) -> Model:
    """Trains as `percept train` does: splits the data, trains, keeps the best epoch, and measures the test set once.

    recipe : a Recipe, or settings by key; more may be given by keyword (`epochs=5`). Without a Recipe the preset is "auto", as for
        the program: what is not set is chosen to suit tables, if X is one.
    X : features, count × width (an array, or a table of pandas, Polars or Arrow); None: the data that the recipe names.
    y : the class of each example (count); or targets : the numbers to predict (count × targets).

    Returns a Model. Its `recipe` holds every setting, `history` the metrics of each epoch, and `results` those of the kept
    parameters: epochs, best_epoch, seconds, valid_loss, test_loss, test_accuracy, ….

    The same recipe, data and seed give the same bits as the program.
    """
    recipe = recipe.copy() if isinstance(recipe, Recipe) else Recipe(preset="auto").update(recipe or {})
    recipe.update(keys)
    data = Data.load(recipe) if X is None else _split(recipe, X, y, targets, sample_weight)
    model = Model.create(recipe, data)
    training = Training(model, recipe, data)
    training.run(verbose=verbose)
    result = training.finish()
    model.recipe = recipe
    model.history = {name: values for name, values in training.history.items() if any(value == value for value in values)}
    model.results = {name: getattr(result, name) for name, *_ in result._fields_ if name != "struct_size"}
    test = part_handle(data.struct.test)
    if test is not None and not training.interrupted:
        metrics = _library.fresh("percept_metrics")
        call("model_evaluate", model._handle, test, int(recipe["threads"]), ctypes.byref(metrics))
        model.results.update(test_loss=metrics.loss, test_accuracy=metrics.accuracy)
        function("metrics_clear")(ctypes.byref(metrics))
    model.results = {name: value for name, value in model.results.items() if value == value}  # NaN: there is none
    return model


def _split(recipe: Recipe, X: Any, y: Any, targets: Any, sample_weight: Any) -> Data:
    features = read_features(X, "percept.train")
    if (y is None) == (targets is None):
        raise ArgumentError("percept.train needs y (the class of each example) or targets (numbers to predict), not both")
    answers: dict[str, Any] = {"targets": targets}
    if y is not None:
        found, labels = np.unique(np.asarray(y), return_inverse=True)
        answers = {"labels": labels, "classes": [str(name) for name in found]}
    if len(answers.get("labels", np.atleast_1d(targets))) != count_of(features):
        raise ArgumentError(f"X has {count_of(features)} examples, but y or targets has another number of them")
    names = features.names if isinstance(features, Frame) else None
    whole = dataset(features, weights=sample_weight, names=names, **answers)
    width = function("dataset_width")(whole)
    if recipe["model.layers"] and int(recipe["model.layers"].split("-")[0].split(",")[0]) != width:
        raise ArgumentError(f"model.layers is {recipe['model.layers']}, but X has {width} features")
    return Data.split(recipe, whole)
