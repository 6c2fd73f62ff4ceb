"""Early stopping on a metric of one's own, measured in Python after each epoch."""
from __future__ import annotations

from typing import Any, Callable

import numpy as np

from . import _recipe
from ._training import Training


class Monitor:
    """Scores the model after each epoch, keeps the parameters of the best one, and stops when patience runs out."""

    def __init__(self, estimator: Any, scorer: Callable[..., float], X: Any, y: Any) -> None:
        self.estimator, self.scorer, self.X, self.y = estimator, scorer, X, y
        self.scores: list[float] = []
        self.best_epoch: int | None = None
        self.kept: dict[str, np.ndarray] = {}

    @classmethod
    def of(cls, estimator: Any, eval_set: Any) -> Monitor | None:
        """The monitor that an estimator asks for; None if the library does it itself."""
        monitor = estimator.monitor
        if monitor is None or monitor in _recipe.keys()["train.monitor"].choices:
            return None
        if eval_set is None:
            raise ValueError(f"monitor {monitor!r} is measured in Python, which needs the validation set: give eval_set=(X, y) "
                             "to fit")
        if isinstance(monitor, str):
            from sklearn.metrics import get_scorer
            monitor = get_scorer(monitor)
        X, y = eval_set if len(eval_set) == 2 else eval_set[0]
        return cls(estimator, monitor, X, y)

    def __call__(self, training: Training) -> bool:
        training.model._changed()
        score = float(self.scorer(self.estimator, self.X, self.y))
        self.scores.append(score)
        if self.best_epoch is None or score > self.scores[self.best_epoch]:
            self.best_epoch = len(self.scores) - 1
            self.kept = dict(training.model.tensors)
        waited = len(self.scores) - 1 - self.best_epoch
        return bool(self.estimator.patience) and waited >= self.estimator.patience

    def restore(self, model: Any) -> None:
        """Gives the model the parameters of the best epoch."""
        for name, values in self.kept.items():
            model.tensors[name] = values
