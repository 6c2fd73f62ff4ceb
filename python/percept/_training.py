"""Trainings: a loop over the steps of the library that Python can interrupt, follow and show."""
from __future__ import annotations

import ctypes
import os
import sys
import tempfile
import time
import warnings
from typing import Any, Callable

from . import _library
from ._data import Data
from ._library import call, check, create, function

_Progress = _library.struct("percept_progress")

# An epoch that takes longer is trained step by step, so that Ctrl-C is answered soon. A call takes a microsecond.
_LONGEST_CALL = 0.1

HISTORY = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "learning_rate", "valid_rmse", "valid_mae",
           "valid_r2", "test_loss", "test_accuracy")


class Interrupted(UserWarning):
    """Ctrl-C stopped a training; the model holds what was learned until then."""


class Training:
    """A training that has begun. `history` has a list for each metric, with one number for each epoch."""

    def __init__(self, model: Any, recipe: Any, data: Data, state: bytes | None = None) -> None:
        """state: of a training of the same recipe and data, which goes on."""
        self.model, self.data = model, data
        model._changed()
        arguments = (model._handle, recipe._handle, ctypes.byref(data.struct))
        needs = (model._handle, data.handle)
        if state is None:
            self._handle = create("training", "training_begin", *arguments, needs=needs)
        else:
            with tempfile.TemporaryDirectory(prefix="percept-") as folder:
                path = os.path.join(folder, "checkpoint.safetensors")
                with open(path, "wb") as file:
                    file.write(state)
                self._handle = create("training", "training_resume", *arguments, os.fsencode(path), needs=needs)
        self._training = ctypes.c_void_p(self._handle.pointer)
        self.progress = _Progress.from_address(function("training_progress")(self._handle))
        self.history: dict[str, list[float]] = {name: [] for name in HISTORY}
        self.stopped = False
        self.interrupted = False

    def epoch(self) -> None:
        """Trains for one epoch."""
        error = _library._Error()  # one for all steps: creating it takes longer than calling one
        place = ctypes.byref(error)
        step = function("training_step")
        progress = self.progress
        began = time.perf_counter()
        check(step(self._training, place), error)
        if not progress.epoch_done and (time.perf_counter() - began) * progress.steps < _LONGEST_CALL:
            check(function("training_epoch")(self._training, None, None, place), error)
        while not progress.epoch_done:
            check(step(self._training, place), error)
        for name, values in self.history.items():
            values.append(getattr(progress, name))

    def is_over(self) -> bool:
        return self.stopped or bool(function("training_is_over")(self._training))

    def run(self, on_epoch: Callable[[Training], bool | None] | None = None, verbose: bool = False) -> None:
        """Trains until all epochs are done, patience has run out, on_epoch returns true, or Ctrl-C."""
        bar = ProgressBar(self) if verbose else None
        try:
            while not self.is_over():
                self.epoch()
                if bar:
                    bar.update()
                if on_epoch and on_epoch(self):
                    self.stopped = True
        except KeyboardInterrupt:
            self.stopped = self.interrupted = True
            warnings.warn(f"training interrupted in epoch {self.progress.epoch + 1} of {self.progress.epochs}; the model "
                          "holds what it has learned until then", Interrupted, stacklevel=3)
        finally:
            if bar:
                bar.close()

    def feed(self, examples: _library.Handle) -> float:
        """Trains on other examples in their order; returns their mean loss before the steps."""
        loss = ctypes.c_double()
        self.model._changed()
        call("training_feed", self._handle, examples, ctypes.byref(loss))
        return loss.value

    @property
    def state(self) -> bytes:
        """A checkpoint: parameters, and the state of the optimizer and of the random streams."""
        with tempfile.TemporaryDirectory(prefix="percept-") as folder:
            path = os.path.join(folder, "checkpoint.safetensors")
            call("training_save", self._handle, os.fsencode(path))
            with open(path, "rb") as file:
                return file.read()

    def finish(self) -> Any:
        """Ends the training: the model gets the parameters that are kept. Returns a percept_result."""
        result = _library.fresh("percept_result")
        call("training_finish", self._handle, ctypes.byref(result))
        self.model._changed()
        return result


class ProgressBar:
    """A bar of tqdm in a terminal or a notebook; without tqdm a line for each epoch on standard error."""

    def __init__(self, training: Training) -> None:
        self.training = training
        try:
            from tqdm.auto import tqdm
            self.bar = tqdm(total=training.progress.epochs or None, unit="epoch")
        except ImportError:
            self.bar = None

    def update(self) -> None:
        progress = self.training.progress
        shown = {"loss": progress.train_loss, "valid_loss": progress.valid_loss, "valid_accuracy": progress.valid_accuracy}
        shown = {name: f"{value:.4f}" for name, value in shown.items() if value == value}
        if self.bar is not None:
            self.bar.total = progress.epochs
            self.bar.set_postfix(shown, refresh=False)
            self.bar.update()
        else:
            metrics = ", ".join(f"{name} {value}" for name, value in shown.items())
            print(f"epoch {progress.epoch + 1}/{progress.epochs}: {metrics}", file=sys.stderr)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
