"""The base classes of the estimators: those of scikit-learn if it is installed, else what fits in their place."""
from __future__ import annotations

import inspect
from typing import Any

import numpy as np

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.exceptions import DataConversionWarning, NotFittedError
    HAS_SKLEARN = True
except ImportError:
    HAS_SKLEARN = False

    class NotFittedError(ValueError, AttributeError):  # type: ignore[no-redef]
        """A prediction before fit."""

    class DataConversionWarning(UserWarning):  # type: ignore[no-redef]
        """Data of another shape than expected, which were converted."""

    class BaseEstimator:  # type: ignore[no-redef]
        """Parameters by name, as in scikit-learn."""

        @classmethod
        def _get_param_names(cls) -> list[str]:
            return sorted(name for name, parameter in inspect.signature(cls.__init__).parameters.items()
                          if name != "self" and parameter.kind is not parameter.VAR_KEYWORD)

        def get_params(self, deep: bool = True) -> dict[str, Any]:
            return {name: getattr(self, name) for name in self._get_param_names()}

        def set_params(self, **params: Any) -> BaseEstimator:
            for name, value in params.items():
                if name not in self.get_params():
                    raise ValueError(f"Invalid parameter {name!r} for estimator {type(self).__name__}")
                setattr(self, name, value)
            return self

        def __repr__(self) -> str:
            defaults = inspect.signature(type(self).__init__).parameters
            changed = [f"{name}={value!r}" for name, value in self.get_params().items()
                       if name not in defaults or repr(defaults[name].default) != repr(value)]
            return f"{type(self).__name__}({', '.join(changed)})"

    class ClassifierMixin:  # type: ignore[no-redef]
        def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
            """The accuracy."""
            right = np.asarray(y) == self.predict(X)  # type: ignore[attr-defined]
            return float(np.average(right.all(axis=1) if right.ndim > 1 else right, weights=sample_weight))

    class RegressorMixin:  # type: ignore[no-redef]
        def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
            """R², the mean over the targets."""
            y = np.asarray(y, float)
            rest = np.average((y - self.predict(X)) ** 2, axis=0, weights=sample_weight)  # type: ignore[attr-defined]
            whole = np.average((y - np.average(y, axis=0, weights=sample_weight)) ** 2, axis=0, weights=sample_weight)
            return float(np.mean(1 - rest / whole))
