"""PerceptClassifier and PerceptRegressor: Percept as estimators of scikit-learn."""
from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral
from typing import Any, Union

import numpy as np

from . import _recipe
from ._compat import BaseEstimator, ClassifierMixin, DataConversionWarning, NotFittedError, RegressorMixin
from ._data import Data, Features, Frame, count_of, dataset, read_features, refuse_infinite, width_of
from ._library import function
from ._model import Model
from ._monitor import Monitor
from ._recipe import Recipe
from ._training import Training

# Parameters that are no keys of a recipe, or that are more than a key.
_OWN = {"hidden_layer_sizes", "scale", "validation", "monitor", "class_weight", "random_state", "warm_start", "verbose"}


class _Percept(BaseEstimator):
    """What both estimators share."""

    def __init__(
        self,
        hidden_layer_sizes: Union[int, Sequence[int], None] = None,
        activation: Union[str, Sequence[str], None] = None,
        *,
        preset: str = "auto",
        loss: Union[str, None] = None,
        optimizer: Union[str, None] = None,
        learning_rate: Union[float, None] = None,
        batch_size: Union[int, None] = None,
        epochs: Union[int, None] = None,
        schedule: Union[str, None] = None,
        dropout: Union[float, Sequence[float], None] = None,
        l2: Union[float, Sequence[float], None] = None,
        weight_decay: Union[float, None] = None,
        normalize: Union[str, None] = None,
        embedding: Union[str, None] = None,
        members: Union[int, None] = None,
        scale: Union[str, None] = None,
        validation: Union[float, int, None] = None,
        patience: int = 0,
        monitor: Union[str, Callable[..., float], None] = None,
        precision: Union[str, None] = None,
        threads: int = 0,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: bool = False,
        **keys: Any,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.preset = preset
        self.loss = loss
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.schedule = schedule
        self.dropout = dropout
        self.l2 = l2
        self.weight_decay = weight_decay
        self.normalize = normalize
        self.embedding = embedding
        self.members = members
        self.scale = scale
        self.validation = validation
        self.patience = patience
        self.monitor = monitor
        self.precision = precision
        self.threads = threads
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose
        if keys:
            self._set_keys(keys)

    # ---- Parameters ----

    def _set_keys(self, keys: Mapping[str, Any]) -> None:
        for keyword, value in keys.items():
            if keyword != "keys":  # keys={"train.momentum": 0.9}: by their whole names
                _recipe.check_keyword(keyword)
            setattr(self, keyword, value)
        self._keys = sorted({*getattr(self, "_keys", ()), *keys})

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters by name, among them the recipe's keys that were given."""
        params = super().get_params(deep)
        params.update({keyword: getattr(self, keyword) for keyword in getattr(self, "_keys", ())})
        return params

    def set_params(self, **params: Any) -> Any:
        """Sets parameters, or any key of recipes."""
        known = super().get_params(deep=False)
        keys = {name: value for name, value in params.items()
                if name not in known and (name == "keys" or _recipe.key_of(name) is not None)}
        if keys:
            self._set_keys(keys)
        super().set_params(**{name: value for name, value in params.items() if name not in keys})
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def _seed(self) -> int:
        state = self.random_state
        if state is None:
            return 0
        if isinstance(state, Integral):
            return int(state)
        if hasattr(state, "randint"):
            return int(state.randint(2**31 - 1))
        if hasattr(state, "integers"):
            return int(state.integers(2**31 - 1))
        raise ValueError(f"random_state is {state!r}; give a number ≥ 0, or a generator of NumPy")

    def _make_recipe(self, features: Features, width: int, outputs: int) -> Recipe:
        """The recipe that the parameters describe. width: inputs of the network, several for a column of dates."""
        known = super().get_params(deep=False)
        recipe = Recipe()
        sizes = self.hidden_layer_sizes
        if sizes is not None:
            sizes = list(sizes) if isinstance(sizes, (Sequence, np.ndarray)) else [sizes]
            recipe["model.layers"] = [width, *sizes, outputs]
        for name, value in known.items():
            if name in _OWN or value is None or (name == "activation" and sizes == []):
                continue
            recipe[name] = value
        table = isinstance(features, Frame)  # pandas' tables whose columns are numbered are arrays
        if self.preset == "auto":
            recipe["preset"] = "tabular" if table else "plain"
        scale = self.scale
        if scale is None:
            scale = "none" if not table and features.dtype == np.uint8 else "standardize"
        recipe["data.scale"] = scale
        recipe["seed"] = self._seed()
        if self.precision is None and not table and count_of(features) <= (self.batch_size or 128):
            recipe["precision"] = "float64"
        if isinstance(self.monitor, str) and self.monitor in _recipe.keys()["train.monitor"].choices:
            recipe["train.monitor"] = self.monitor
        for keyword in getattr(self, "_keys", ()):
            value = getattr(self, keyword)
            recipe.update(value if keyword == "keys" else {keyword: value})
        if sizes is not None and recipe["model.intervals"]:
            recipe["model.layers"] = [width, *sizes, 3 * outputs]  # a mean and two quantiles
        return recipe

    # ---- Features ----

    def _read(self, X: Any, reset: bool) -> Features:
        """X, checked: its features are those of fit."""
        name = type(self).__name__
        features = read_features(X, name)
        count, width = count_of(features), width_of(features)
        if count == 0:
            raise ValueError(f"Found array with 0 sample(s) (shape=({count}, {width})) while a minimum of 1 is required by "
                             f"{name}.")
        if width == 0:
            raise ValueError(f"Found array with 0 feature(s) (shape=({count}, {width})) while a minimum of 1 is required by "
                             f"{name}.")
        names = np.array(features.names, dtype=object) if isinstance(features, Frame) and features.named else None
        if reset:
            self.n_features_in_ = width
            self.__dict__.pop("feature_names_in_", None)
            if names is not None:
                self.feature_names_in_ = names
        else:
            self._check_names(names, width)
        if not reset:
            refuse_infinite(features)  # in training the library does
        return features

    def _check_names(self, names: Any, width: int) -> None:
        known = getattr(self, "feature_names_in_", None)
        name = type(self).__name__
        if names is not None and known is None:
            warnings.warn(f"X has feature names, but {name} was fitted without feature names", stacklevel=4)
        if names is None and known is not None:
            warnings.warn(f"X does not have valid feature names, but {name} was fitted with feature names", stacklevel=4)
        if names is not None and known is not None and list(names) != list(known):
            raise ValueError(_names_differ(list(names), list(known)))
        if width != self.n_features_in_:
            raise ValueError(f"X has {width} features, but {name} is expecting {self.n_features_in_} features as input.")

    def _weights(self, sample_weight: Any, count: int) -> Any:
        if sample_weight is None:
            return None
        weights = np.asarray(sample_weight, np.float64)
        if weights.ndim != 1:
            raise ValueError(f"Sample weights must be 1D array or scalar, got {weights.ndim}D array")
        if len(weights) != count:
            raise ValueError(f"sample_weight.shape == {weights.shape}, expected {(count,)}!")
        if not np.isfinite(weights).all() or (weights < 0).any():
            raise ValueError("sample_weight has a value that is negative, infinite or NaN; give finite numbers ≥ 0")
        if not weights.any():
            raise ValueError("Sample weights must contain at least one non-zero number: sample_weight is all 0")
        return weights

    def _answers(self, y: Any, count: int) -> np.ndarray:
        """y as an array of one or two dimensions, checked for its length and for missing values."""
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        y = np.asarray(y)
        if y.ndim not in (1, 2):
            raise ValueError(f"y should be a 1d array, got an array of shape {y.shape} instead.")
        if len(y) != count:
            raise ValueError(f"Found input variables with inconsistent numbers of samples: [{count}, {len(y)}]")
        if y.dtype.kind == "c":
            raise ValueError("Complex data not supported: y has complex numbers")
        if y.dtype.kind == "f" and not np.isfinite(y).all():
            raise ValueError("Input y contains NaN." if np.isnan(y).any() else
                             "Input y contains infinity or a value too large for float64.")
        if y.dtype.kind == "O" and any(value is None or value != value for value in y.flat):
            raise ValueError("Input y contains NaN.")
        return y

    # ---- Training ----

    def _dataset(self, features: Features, answers: np.ndarray, weights: Any, **kind: Any) -> Any:
        return dataset(features, weights=weights, **kind, **self._targets(answers))

    def _targets(self, answers: np.ndarray) -> dict[str, Any]:
        return {"targets": answers}

    def _fit(self, X: Any, y: Any, sample_weight: Any, eval_set: Any, eval_sample_weight: Any) -> Any:
        going_on = self.warm_start and hasattr(self, "model_")
        features = self._read(X, reset=not going_on)
        y = self._answers(y, count_of(features))
        outputs, answers = self._learn_answers(y, going_on)
        weights = self._weights(sample_weight, count_of(features))
        whole = self._dataset(features, answers, weights)
        recipe = self._make_recipe(features, function("dataset_width")(whole), outputs)
        self._adjust(recipe)
        data = self._data(recipe, whole, eval_set, eval_sample_weight)
        if going_on:
            recipe["model.layers"] = self.recipe_["model.layers"]
        else:
            self.model_ = Model.create(recipe, data)
            self.model_._dtype = np.dtype(np.float64 if recipe["precision"] == "float64" else np.float32)
        self.recipe_ = recipe
        self._keep_training(None)
        self._prepare_predictions()
        training = Training(self.model_, recipe, data)
        monitor = Monitor.of(self, eval_set)
        training.run(monitor, bool(self.verbose))
        result = training.finish()
        if monitor:
            monitor.restore(self.model_)
        self._record(training, result, monitor)
        return self

    def _data(self, recipe: Recipe, whole: Any, eval_set: Any, eval_sample_weight: Any) -> Data:
        if eval_set is not None:
            valid_X, valid_y = eval_set if len(eval_set) == 2 else eval_set[0]
            valid_features = self._read(valid_X, reset=False)
            valid_y = self._answers(valid_y, count_of(valid_features))
            valid_weights = self._weights(eval_sample_weight, count_of(valid_features))
            Data(whole).fill()
            valid = self._dataset(valid_features, self._encode(valid_y), valid_weights, like=whole)
            data = Data(whole, valid)
        elif self.validation:
            recipe["data.validation"] = self.validation
            recipe["data.test"] = 0
            data = Data.split(recipe, whole)
        else:
            data = Data(whole)
            data.fill()
        if self.patience and not data.struct.valid:
            raise ValueError(f"patience is {self.patience}, but there is no validation set to watch; give validation=0.1, or "
                             "eval_set=(X, y) to fit")
        return data

    def _record(self, training: Training, result: Any, monitor: Any) -> None:
        history = training.history
        self.n_iter_ = result.epochs
        self.loss_curve_ = history["train_loss"]
        self.loss_ = self.loss_curve_[-1] if self.loss_curve_ else float("nan")
        self.best_epoch_ = monitor.best_epoch if monitor else (result.best_epoch if result.best_epoch >= 0 else None)
        if training.data.struct.valid:
            self.validation_loss_curve_ = history["valid_loss"]
        else:
            self.__dict__.pop("validation_loss_curve_", None)
        self.history_ = {name: values for name, values in history.items() if any(value == value for value in values)}
        if monitor:
            self.history_["monitor"] = monitor.scores

    def _keep_training(self, training: Training | None) -> None:
        self._training = training
        self.__dict__.pop("_begun_with", None)
        self.__dict__.pop("_state", None)

    def _partial_fit(self, X: Any, y: Any, sample_weight: Any, first: bool) -> Any:
        features = self._read(X, reset=first)
        y = self._answers(y, count_of(features))
        outputs, answers = self._learn_answers(y, not first)
        weights = self._weights(sample_weight, count_of(features))
        examples = self._dataset(features, answers, weights, **({} if first else {"model": self.model_._handle}))
        if first:
            recipe = self._make_recipe(features, function("dataset_width")(examples), outputs)
            self._adjust(recipe)
            data = Data(examples)
            data.fill()
            self.model_ = Model.create(recipe, data)
            self.model_._dtype = np.dtype(np.float64 if recipe["precision"] == "float64" else np.float32)
            self.recipe_ = recipe
            self.loss_curve_ = []
            self.n_iter_ = 0
            self._training = None
            self._prepare_predictions()
        if getattr(self, "_training", None) is None:
            self._begin_training(features, answers)
        self.loss_ = self._training.feed(examples)
        self.loss_curve_.append(self.loss_)
        self.n_iter_ += 1
        return self

    def _begin_training(self, features: Features, answers: np.ndarray) -> None:
        """The training that partial_fit feeds: a new one, or that of a pickle."""
        sample, state = self.__dict__.pop("_state", None) or (self._sample(features, answers), None)
        data = Data(self._dataset(*sample, None, model=self.model_._handle))
        self._keep_training(Training(self.model_, self.recipe_, data, state))
        self._begun_with = sample

    def _sample(self, features: Features, answers: np.ndarray) -> tuple[Features, np.ndarray]:
        """Examples that fill a batch, which a training begins with: its steps have at most as many. Weights of classes are made
        from all of them."""
        count, batch = count_of(features), int(self.recipe_["train.batch_size"])
        if self.recipe_["train.balance_classes"] == "true":
            batch = max(batch, count)
        rows = np.arange(batch if count >= batch else -(-batch // count) * count) % count
        if isinstance(features, Frame):
            columns = [column._replace(values=column.values[rows]) for column in features.columns]
            return Frame(columns, len(rows), features.named), answers[rows]
        return features[rows], answers[rows]

    # ---- Predictions ----

    def _prepare_predictions(self) -> None:
        """Threads, and what single rows are compared with: see _is_plain_row."""
        self.model_.threads = self.threads
        self._plain_shape = None if hasattr(self, "feature_names_in_") else (1, self.n_features_in_)

    def _is_plain_row(self, X: Any) -> bool:
        """One row of numbers as in fit, which needs no further check: NaN and infinity are seen in the outputs."""
        return type(X) is np.ndarray and X.shape == self.__dict__.get("_plain_shape") and X.dtype.kind == "f"

    def _inputs(self, X: Any) -> np.ndarray:
        """X as the network's inputs."""
        if not hasattr(self, "model_"):
            raise NotFittedError(f"This {type(self).__name__} instance is not fitted yet. Call 'fit' with appropriate arguments "
                                 "before using this estimator.")
        features = self._read(X, reset=False)
        if isinstance(features, Frame):
            return self.model_._arrange(features)
        return features if features.dtype == np.float64 else features.astype(np.float64)

    def _refuse_unknown(self, X: np.ndarray, bad: np.ndarray) -> None:
        """Says why the outputs of a row are NaN."""
        i = int(np.argmax(bad))
        wrong = np.flatnonzero(~np.isfinite(np.atleast_2d(X)[i]))
        j = int(wrong[0]) if len(wrong) else 0
        name = f" ({self.model_.input_names[j]})" if hasattr(self, "feature_names_in_") else ""
        raise ValueError(f"X, row {i + 1}, column {j + 1}{name}: Input X contains NaN or infinity, but the training data had no "
                         "missing values there; fill it, or fit with data that have some")

    def export(self, path: str | os.PathLike[str], format: str | None = None) -> None:
        """Writes the model for other programs, as `percept export` does."""
        self.model_.export(path, format)

    def gradcheck(self, X: Any, y: Any, **options: Any) -> dict[str, float]:
        """Compares the gradient of the loss with differences of it: see Model.gradcheck."""
        features = self._read(X, reset=False)
        answers = self._encode(self._answers(y, count_of(features)))
        return self.model_._gradcheck(self._dataset(features, answers, None, model=self.model_._handle), **options)

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__() if hasattr(BaseEstimator, "__getstate__") else self.__dict__)
        training = state.pop("_training", None)
        sample = state.pop("_begun_with", None)
        if training is not None:
            state["_state"] = sample, training.state
        return state


def _names_differ(names: list[str], known: list[str]) -> str:
    """The message of scikit-learn for names that are not those of fit."""
    message = "The feature names should match those that were passed during fit.\n"
    unexpected, missing = sorted(set(names) - set(known)), sorted(set(known) - set(names))
    for title, some in (("Feature names unseen at fit time:", unexpected), ("Feature names seen at fit time, yet now missing:",
                                                                            missing)):
        if some:
            message += title + "\n" + "".join(f"- {name}\n" for name in some[:5]) + ("- ...\n" if len(some) > 5 else "")
    if not unexpected and not missing:
        message += "Feature names must be in the same order as they were in fit.\n"
    return message


class PerceptClassifier(ClassifierMixin, _Percept):
    """A multilayer perceptron that predicts classes, or several yes/no labels at once.

    Parameters
    ----------
    hidden_layer_sizes : units of each hidden layer; None: (256, 128), or what the preset says.
    activation : of the hidden layers: "relu" (the default of arrays), "tanh", "gelu", …
    preset : "tabular" has settings that suit tables (an ensemble, embeddings, AdamW, …) for all parameters that are None; "plain"
        has the defaults of recipes; "auto": tabular for tables of pandas, Polars or Arrow, plain for arrays.
    loss, optimizer, learning_rate, batch_size, epochs, schedule, dropout, l2, weight_decay, normalize, embedding, members,
    patience, threads : the keys of recipes of these names; None leaves the choice to Percept.
    precision : "float32" or "float64"; None: float32, but float64 for data that fit into one batch, where it costs nothing and
        makes a weight of 2 the same as two examples to all digits.
    scale : "standardize", "standardize-all" or "none"; None: standardize, but divide bytes (uint8) by 255.
    validation : size of a validation set that is split off: a fraction below 1, or a number of examples.
    monitor : "valid_loss" or "valid_accuracy"; with eval_set also a scorer of scikit-learn, by name or as a function
        (estimator, X, y) → number, of which more is better. It decides which epoch is best, for patience.
    class_weight : None, "balanced", or {class: weight}.
    random_state : a number: the seed, as --seed of the program; None: 0.
    warm_start : fit goes on from the parameters of the last fit.
    verbose : a progress bar (tqdm if it is installed).
    **keys : any other key of recipes, such as momentum=0.9, clip_norm=1 or data_scale_on="all"; `percept.keys()` lists them.

    Attributes
    ----------
    classes_ : the classes, sorted. n_iter_ : epochs run. loss_, loss_curve_, validation_loss_curve_ : losses of the epochs.
    history_ : all metrics of the epochs. best_epoch_ : the epoch whose parameters are kept, counted from 0; None without
    validation. model_ : the `percept.Model`. recipe_ : the `percept.Recipe`, with all that was decided.
    n_features_in_, feature_names_in_ : as in scikit-learn.
    """

    def __init__(self, hidden_layer_sizes: Union[int, Sequence[int], None] = None,
                 activation: Union[str, Sequence[str], None] = None, *, preset: str = "auto", loss: Union[str, None] = None,
                 optimizer: Union[str, None] = None, learning_rate: Union[float, None] = None,
                 batch_size: Union[int, None] = None, epochs: Union[int, None] = None, schedule: Union[str, None] = None,
                 dropout: Union[float, Sequence[float], None] = None, l2: Union[float, Sequence[float], None] = None,
                 weight_decay: Union[float, None] = None, normalize: Union[str, None] = None,
                 embedding: Union[str, None] = None, members: Union[int, None] = None, scale: Union[str, None] = None,
                 validation: Union[float, int, None] = None, patience: int = 0,
                 monitor: Union[str, Callable[..., float], None] = None,
                 class_weight: Union[str, Mapping[Any, float], None] = None, precision: Union[str, None] = None,
                 threads: int = 0, random_state: Any = None, warm_start: bool = False, verbose: bool = False,
                 **keys: Any) -> None:
        super().__init__(hidden_layer_sizes, activation, preset=preset, loss=loss, optimizer=optimizer, learning_rate=learning_rate,
                         batch_size=batch_size, epochs=epochs, schedule=schedule, dropout=dropout, l2=l2,
                         weight_decay=weight_decay, normalize=normalize, embedding=embedding, members=members, scale=scale,
                         validation=validation, patience=patience, monitor=monitor, precision=precision, threads=threads,
                         random_state=random_state, warm_start=warm_start, verbose=verbose, **keys)
        self.class_weight = class_weight

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, eval_set: Any = None,
            eval_sample_weight: Any = None) -> PerceptClassifier:
        """Trains on X (count × features: an array, or a table of pandas, Polars or Arrow) and y (count classes, or for several
        labels count × labels of 0 and 1). eval_set: (X, y) to validate on. Returns self."""
        return self._fit(X, y, sample_weight, eval_set, eval_sample_weight)

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> PerceptClassifier:
        """Trains once on these examples, in their order. The first call needs all classes, and fits the scaling. A pickle holds the
        state of the optimizer: partial_fit goes on after it as without it."""
        first = not hasattr(self, "model_")
        if first and classes is not None:
            self._given_classes = np.unique(np.asarray(classes))
        elif classes is not None and not np.array_equal(np.unique(np.asarray(classes)), self.classes_):
            raise ValueError(f"`classes={classes!r}` is not the same as on last call to partial_fit, was: {self.classes_}")
        try:
            return self._partial_fit(X, y, sample_weight, first)
        finally:
            self.__dict__.pop("_given_classes", None)

    # ---- Answers ----

    def _learn_answers(self, y: np.ndarray, going_on: bool) -> tuple[int, np.ndarray]:
        if not going_on:
            self._learn_classes(y)
        return len(self.classes_), self._encode(y)

    def _learn_classes(self, y: np.ndarray) -> None:
        self._multilabel = y.ndim == 2 and y.shape[1] > 1
        if self._multilabel:
            if not np.isin(y, (0, 1)).all():
                raise ValueError("Unknown label type: y has several columns of classes; give columns of 0 and 1 (one for each "
                                 "label), or use sklearn.multioutput.MultiOutputClassifier")
            self.classes_ = np.arange(y.shape[1])
            return
        y = self._column(y)
        if y.dtype.kind == "f" and (y != np.floor(y)).any():
            raise ValueError("Unknown label type: continuous. y holds decimals, not classes; use PerceptRegressor to predict "
                             "numbers.")
        self.classes_ = self.__dict__.get("_given_classes")
        if self.classes_ is None:
            self.classes_ = np.unique(y)

    def _column(self, y: np.ndarray) -> np.ndarray:
        if y.ndim == 1:
            return y
        warnings.warn("A column-vector y was passed when a 1d array was expected. Please change the shape of y to (n_samples,), "
                      "for example using ravel().", DataConversionWarning, stacklevel=6)
        return y.ravel()

    def _encode(self, y: np.ndarray) -> np.ndarray:
        """Numbers of classes (count), or labels (count × labels)."""
        if self._multilabel:
            if y.ndim != 2 or y.shape[1] != len(self.classes_) or not np.isin(y, (0, 1)).all():
                raise ValueError(f"y has the shape {y.shape}; this model has {len(self.classes_)} labels, each 0 or 1")
            return y.astype(np.float32)
        if y.ndim == 2:
            y = y.ravel()
        numbers = np.searchsorted(self.classes_, y)
        numbers[numbers == len(self.classes_)] = 0
        unknown = self.classes_[numbers] != y
        if unknown.any():
            raise ValueError(f"y has the label {y[unknown][0]!r}, which is none of the classes: "
                             f"{', '.join(map(str, self.classes_))[:100]}")
        return numbers.astype(np.int32)

    def _targets(self, answers: np.ndarray) -> dict[str, Any]:
        if self._multilabel:
            return {"targets": answers}
        return {"labels": answers, "classes": [_class_name(label) for label in self.classes_]}

    def _adjust(self, recipe: Recipe) -> None:
        if self._multilabel:
            recipe["model.output"] = "sigmoid"
            recipe["model.loss"] = self.loss or "binary-cross-entropy"
        elif len(self.classes_) == 1:
            recipe["model.output"] = "softmax"
        if self.class_weight is None:
            return
        if self._multilabel:
            raise ValueError("class_weight is for one label with several classes; give sample_weight to fit")
        if self.class_weight == "balanced":
            recipe["train.balance_classes"] = True
        elif isinstance(self.class_weight, Mapping):
            classes = self.classes_.tolist()
            unknown = [label for label in self.class_weight if label not in classes]
            # A fold of cross-validation may lack a class. A class without a weight beside it is a misspelt one.
            if unknown and any(label not in self.class_weight for label in classes):
                raise ValueError(f"class_weight has a weight for {unknown[0]!r}, which is no class of y; the classes are "
                                 f"{classes[:10]}")
            recipe["train.class_weights"] = [float(self.class_weight.get(label, 1)) for label in classes]
        else:
            raise ValueError(f"class_weight is {self.class_weight!r}; give None, 'balanced' or {{class: weight}}")

    # ---- Predictions ----

    def predict(self, X: Any) -> np.ndarray:
        """The class of each example (count), or its labels (count × labels of 0 and 1)."""
        if self._is_plain_row(X) and not self._multilabel:
            numbers = self.model_._predictor().classes(X)
            if numbers.item(0) >= 0:
                return self.classes_[numbers]
        inputs = self._inputs(X)
        if self._multilabel:
            return (self._checked(inputs, self.model_._predictor().outputs(inputs)) >= 0.5).astype(int)
        numbers = self.model_._predictor().classes(inputs)
        if numbers.min() < 0:
            self._refuse_unknown(inputs, numbers < 0)
        return self.classes_[numbers]

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each class (count × classes), or that each label is 1 (count × labels)."""
        if self._is_plain_row(X):
            out = self.model_._predictor().probabilities(X)
            if out.item(0) == out.item(0):  # not NaN
                return out.astype(self.model_._dtype)
        inputs = self._inputs(X)
        predictor = self.model_._predictor()
        out = predictor.outputs(inputs) if self._multilabel else predictor.probabilities(inputs)
        return self._checked(inputs, out).astype(self.model_.dtype, copy=False)

    def decision_function(self, X: Any) -> np.ndarray:
        """The raw outputs, before softmax or sigmoid (count × classes or labels); of two classes the log odds of the second one
        (count)."""
        inputs = X if self._is_plain_row(X) else self._inputs(X)
        out = self._checked(inputs, self.model_._predictor().logits(inputs))
        if self._multilabel or len(self.classes_) > 2:
            return out
        return out[:, 1] - out[:, 0] if out.shape[1] == 2 else out[:, 0]

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """The logarithms of predict_proba."""
        return np.log(self.predict_proba(X))

    def _checked(self, inputs: np.ndarray, out: np.ndarray) -> np.ndarray:
        if np.isnan(out).any():
            self._refuse_unknown(inputs, np.isnan(out).any(axis=1))
        return out


def _class_name(label: Any) -> str:
    if isinstance(label, (float, np.floating)) and float(label).is_integer():
        return str(int(label))
    return str(label)


class PerceptRegressor(RegressorMixin, _Percept):
    """A multilayer perceptron that predicts one or several numbers. Targets are standardized in training; losses and
    predictions are in their units.

    Parameters and attributes are those of PerceptClassifier, without classes; losses: "mean-squared-error" (the default),
    "mean-absolute-error", "huber" and others.
    """

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X: Any, y: Any, sample_weight: Any = None, *, eval_set: Any = None,
            eval_sample_weight: Any = None) -> PerceptRegressor:
        """Trains on X (count × features: an array, or a table of pandas, Polars or Arrow) and y (count, or count × targets).
        eval_set: (X, y) to validate on. Returns self."""
        return self._fit(X, y, sample_weight, eval_set, eval_sample_weight)

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> PerceptRegressor:
        """Trains once on these examples, in their order. The first call fits the scaling of features and targets. A pickle holds
        the state of the optimizer, too."""
        return self._partial_fit(X, y, sample_weight, not hasattr(self, "model_"))

    def _learn_answers(self, y: np.ndarray, going_on: bool) -> tuple[int, np.ndarray]:
        if not going_on:
            self._flat = y.ndim == 1
            self.n_outputs_ = 1 if y.ndim == 1 else y.shape[1]
        return self.n_outputs_, self._encode(y)

    def _encode(self, y: np.ndarray) -> np.ndarray:
        y = y.astype(np.float64).reshape(len(y), -1)
        if y.shape[1] != self.n_outputs_:
            raise ValueError(f"y has {y.shape[1]} columns; this model has {self.n_outputs_} targets")
        return y

    def _adjust(self, recipe: Recipe) -> None:
        pass

    def _outputs(self, X: Any) -> np.ndarray:
        inputs = X if self._is_plain_row(X) else self._inputs(X)
        out = self.model_._predictor().outputs(inputs)
        if np.isnan(out).any():
            self._refuse_unknown(inputs, np.isnan(out).any(axis=1))
        return out

    def predict(self, X: Any) -> np.ndarray:
        """The targets of each example: count, or count × targets if y had two dimensions."""
        out = self._outputs(X)
        out = out[:, :: out.shape[1] // self.n_outputs_]
        return out.ravel() if self._flat else out

    def predict_interval(self, X: Any) -> np.ndarray:
        """The interval of each target, of an estimator with `intervals` (such as 0.9): low and high, count × 2, or count ×
        targets × 2 if y had two dimensions."""
        out = self._outputs(X)
        if out.shape[1] == self.n_outputs_:
            raise ValueError("this model has no intervals; fit it with intervals=0.9, for example")
        out = out.reshape(len(out), self.n_outputs_, 3)[:, :, 1:]
        return out[:, 0] if self._flat else out
