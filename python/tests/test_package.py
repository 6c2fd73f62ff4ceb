"""The package imports little, and works with NumPy alone."""
import os
import re
import signal
import subprocess
import sys
import textwrap

import percept


def python(code, **environment):
    """Runs code in a Python of its own; its output."""
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True,
                         env={**os.environ, **environment}, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_importing_it_imports_neither_numpy_nor_scikit_learn():
    assert python("import sys, percept; print([name for name in ('numpy', 'sklearn', 'ctypes') if name in sys.modules])") == "[]\n"
    assert "sklearn" not in python("import sys, percept; percept.Recipe(epochs=2), percept.Model; print(*sys.modules)").split()


def test_it_works_without_scikit_learn():
    assert python("""
        import sys
        for name in ("sklearn", "scipy", "tqdm", "pyarrow", "pandas"):
            sys.modules[name] = None
        import numpy as np, percept
        X = np.random.default_rng(0).normal(size=(300, 2)); y = X[:, 0] > X[:, 1]
        model = percept.PerceptClassifier((8,), epochs=60, clip_norm=1).fit(X, y)
        again = percept.PerceptClassifier(**model.get_params()).set_params(epochs=61)
        print(model.score(X, y) > 0.95, percept.PerceptRegressor((16,), epochs=99).fit(X, X[:, 0]).score(X, X[:, 0]) > 0.9, again)
        """) == "True True PerceptClassifier(epochs=61, hidden_layer_sizes=(8,), clip_norm=1)\n"


def test_a_library_that_cannot_be_loaded_is_named():
    message = python("""
        import percept
        try:
            percept.Recipe()
        except ImportError as error:
            print(error)
        """, PERCEPT_LIBRARY="/nowhere/libpercept.so")
    assert "/nowhere/libpercept.so" in message and "PERCEPT_LIBRARY" in message


def test_other_threads_run_during_a_training():
    assert python("""
        import threading, numpy as np, percept
        X = np.random.default_rng(0).normal(size=(2000, 64)); y = X[:, 0] > 0
        done, counts = threading.Event(), [0]
        def fit():
            percept.PerceptClassifier((64,), epochs=8, threads=1).fit(X, y)
            done.set()
        thread = threading.Thread(target=fit); thread.start()
        while not done.is_set():
            counts[0] += 1
        thread.join(); print(counts[0] > 10)
        """) == "True\n"


def test_versions_agree():
    from percept import _library
    assert re.fullmatch(r"\d+\.\d+\.\d+", percept.__version__)
    assert _library.function("version")().decode() == percept.__version__


def test_every_function_of_the_header_is_in_the_library():
    from percept import _declarations, _library
    for name in _declarations.FUNCTIONS:
        assert _library.function(name[len("percept_"):]) is not None


def test_names_are_listed_and_documented():
    for name in percept.__all__:
        thing = getattr(percept, name)
        assert name in dir(percept)
        assert isinstance(thing, str) or thing.__doc__


def test_objects_are_freed_in_the_right_order_by_the_garbage_collector():
    assert python("""
        import gc, numpy as np, percept
        X = np.random.default_rng(0).normal(size=(300, 2)); y = X[:, 0] > X[:, 1]
        for _ in range(5):
            model = percept.PerceptClassifier((8,), validation=0.2, threads=1).fit(X, y)
            parts = percept.PerceptClassifier((8,), threads=1).partial_fit(X, y, classes=[False, True])
            model.predict(X), parts.predict(X)
            circle = [model, parts, model.model_.predictor()]
            circle.append(circle)
            del model, parts, circle
            gc.collect()
        print("done")
        """) == "done\n"


def test_ctrl_c_stops_a_training_and_keeps_it():
    child = subprocess.Popen([sys.executable, "-W", "ignore", "-c", textwrap.dedent("""
        import numpy as np, percept
        X = np.random.default_rng(0).normal(size=(3000, 50)); y = X[:, 0] > 0
        told = []
        def score(model, X, y):
            if not told:
                told.append(print("an epoch is over", flush=True))
            return model.score(X, y)
        model = percept.PerceptClassifier((64,), epochs=10**9, monitor=score, threads=1)
        model.fit(X, y, eval_set=(X[:500], y[:500]))
        print(len(model.loss_curve_) > 0 and model.score(X, y) > 0.5, flush=True)
        """)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "an epoch is over\n"
    child.send_signal(signal.SIGINT)
    out, err = child.communicate()
    assert child.returncode == 0 and out == "True\n", err
