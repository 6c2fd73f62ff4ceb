"""Recipes and models, beside the program's."""
import os
import pickle
import subprocess

import numpy as np
import pytest

import percept
from percept import Recipe

PROGRAM = os.environ.get("PERCEPT")


@pytest.fixture
def model(points):
    return percept.train({"model.layers": "3-8-2"}, *points, epochs=40, seed=1, learning_rate=0.01)


def test_keywords_are_keys(tmp_path):
    recipe = Recipe(layers=(4, 8, 3), epochs=7, data_scale="none", rate_factors={"bias": 0.1}, shuffle=False)
    assert recipe["model.layers"] == "4-8-3" and recipe["train.epochs"] == "7" and recipe["data.scale"] == "none"
    assert recipe["train.rate_factors"] == "bias:0.1" and recipe["train.shuffle"] == "false"
    recipe.save(tmp_path / "recipe.yaml")
    assert Recipe.from_yaml(tmp_path / "recipe.yaml") == recipe == Recipe.from_yaml(recipe.to_yaml())
    assert pickle.loads(pickle.dumps(recipe)) == recipe == recipe.copy()
    assert percept.keys()["train.optimizer"].choices[:2] == ("sgd", "rmsprop")


def test_every_key_has_a_keyword_and_none_is_taken_twice():
    from percept._recipe import key_of
    for name in percept.keys():
        assert key_of(name.replace(".", "_")) == name


def test_failures_are_exceptions_of_python(tmp_path):
    with pytest.raises(ValueError, match="train.epochs"):
        Recipe(epochs="many")
    with pytest.raises(ValueError, match="learning_rate"):
        Recipe()["train.learning_rte"]
    with pytest.raises(OSError, match="none.safetensors"):
        percept.load(tmp_path / "none.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"nonsense" * 4)
    with pytest.raises(percept.FormatError):
        percept.load(tmp_path / "bad.safetensors")
    with pytest.raises(AttributeError, match="nothing"):
        percept.nothing


def test_a_model_survives_its_file(model, points, tmp_path):
    X, y = points
    model.save(tmp_path / "model.safetensors")
    for other in (percept.load(tmp_path / "model.safetensors"), pickle.loads(pickle.dumps(model))):
        assert np.array_equal(other.predict_proba(X), model.predict_proba(X))
        assert other.classes == ["0", "1"] and other.n_inputs == 3 and other.n_parameters == 3 * 8 + 8 + 8 * 2 + 2
    assert (model.predict(X) == y.astype(str)).mean() > 0.9
    assert model.evaluate(X, y)["accuracy"] == (model.predict(X) == y.astype(str)).mean()


def test_the_network_is_its_tensors(model, points):
    X, _ = points
    t = model.tensors
    assert [t.role(name) for name in t] == ["weight", "bias", "weight", "bias"]
    hidden = np.maximum(0, X @ t["layers.0.weight"].T + t["layers.0.bias"])
    logits = hidden @ t["layers.1.weight"].T + t["layers.1.bias"]
    assert np.allclose(model.logits(X), logits, atol=1e-4)
    slopes = ((hidden > 0) * t["layers.1.weight"][1]) @ t["layers.0.weight"]
    assert np.allclose(model.input_gradient(X, 1), slopes, atol=1e-4)
    before = model.predict_proba(X)
    t["layers.1.bias"] = np.array([5.0, -5.0])
    assert not np.array_equal(model.predict_proba(X), before)
    with pytest.raises(ValueError, match="shape"):
        t["layers.1.bias"] = np.zeros(3)


def test_a_predictor_takes_one_row_or_many(model, points):
    X, _ = points
    predictor = model.predictor(threads=1)
    assert np.allclose(predictor(X[0]), predictor(X)[0], atol=1e-6)
    assert predictor.classes(X[5:6])[0] == predictor.classes(X)[5]
    with pytest.raises(ValueError, match="rows of 3"):
        predictor(X[:, :2])


@pytest.mark.skipif(not PROGRAM, reason="PERCEPT does not name the program")
@pytest.mark.parametrize("preset", ["plain", "auto"])
@pytest.mark.parametrize("kind", ["classes", "targets"])
def test_a_seed_gives_the_bits_of_the_program(points, tmp_path, kind, preset):
    pandas = pytest.importorskip("pandas")
    X, y = points
    table = pandas.DataFrame(X.round(3), columns=["a", "b", "c"])
    answers = y if kind == "classes" else (3 * table["a"] - table["b"]).round(2)
    table.assign(answer=answers).to_csv(tmp_path / "table.csv", index=False)
    keys = {"seed": 5, "preset": preset, "train.epochs": 4, "model.layers": "3-16-2" if kind == "classes" else "3-16-1"}
    chosen = ["--label", "answer"] if kind == "classes" else ["--targets", "answer"]
    settings = [word for name, value in keys.items() for word in ("--set", f"{name}={value}")]
    subprocess.run([PROGRAM, "train", "--data", "table.csv", *chosen, *settings], cwd=tmp_path, check=True, capture_output=True)
    program = percept.load(next(tmp_path.glob("runs/*/model.safetensors")))
    here = percept.train(keys, table, **{"y" if kind == "classes" else "targets": answers})
    for name in program.tensors:
        assert np.array_equal(program.tensors[name], here.tensors[name]), name
    assert np.array_equal(program.predict_proba(table), here.predict_proba(table))


@pytest.mark.skipif(not PROGRAM, reason="PERCEPT does not name the program")
@pytest.mark.parametrize("zone", [None, "Europe/Berlin"])
def test_a_table_with_dates_trains_the_bits_of_the_program(points, tmp_path, zone):
    pandas = pytest.importorskip("pandas")
    X, y = points
    seconds = np.random.default_rng(3).integers(0, 10**8, len(X))
    times = pandas.Series(np.datetime64("2020-02-29T12:00:00") + seconds.astype("timedelta64[s]"))
    times = times if zone is None else times.dt.tz_localize("UTC").dt.tz_convert(zone)
    table = pandas.DataFrame({"when": times, "a": X[:, 0].round(3), "day": times.dt.strftime("%d.%m.%Y"),
                              "number": times.dt.strftime("%Y%m%d").astype(int), "clock": times.dt.strftime("%H:%M")})
    table.assign(answer=y).to_csv(tmp_path / "table.csv", index=False)
    keys = {"seed": 5, "train.epochs": 3, "threads": 1}
    settings = [word for name, value in keys.items() for word in ("--set", f"{name}={value}")]
    subprocess.run([PROGRAM, "train", "--data", "table.csv", *settings], cwd=tmp_path, check=True, capture_output=True)
    program = percept.load(next(tmp_path.glob("runs/*/model.safetensors")))
    here = percept.train(keys, table, y=y)
    assert program.input_names == here.input_names and "number:weekday" in here.input_names
    for name in program.tensors:
        assert np.array_equal(program.tensors[name], here.tensors[name]), name
    assert np.array_equal(program.predict_proba(table), here.predict_proba(table))


def test_data_of_a_generator_need_no_arrays():
    model = percept.train(data_name="moons", layers=(2, 16, 2), epochs=30, learning_rate=0.01)
    assert model.results["test_accuracy"] > 0.85 and len(model.history["valid_loss"]) == 30


def test_a_training_that_diverges_says_so(points):
    with pytest.raises(percept.DivergedError):
        percept.train({"model.layers": "3-8-1"}, points[0], targets=points[0][:, 0] * 1e30, optimizer="sgd",
                      learning_rate=1e30, data_target_scale="none")


def test_models_leave_for_other_programs(model, points, tmp_path):
    X, _ = points
    check = model.export(tmp_path / "model.onnx", rows=X)
    assert check["rows"] == len(X) and check["difference"] < 1e-4 and check["skipped"] == 0
    model.export(tmp_path / "model.c", with_main=True)
    assert (tmp_path / "model.h").exists() and "main" in (tmp_path / "model.c").read_text()
    with pytest.raises(ValueError, match="ending"):
        model.export(tmp_path / "model.pdf")
    with pytest.raises(TypeError, match="colour"):
        model.export(tmp_path / "model.onnx", colour="red")
    onnx = pytest.importorskip("onnxruntime")
    session = onnx.InferenceSession(str(tmp_path / "model.onnx"))
    outputs = dict(zip((output.name for output in session.get_outputs()),
                       session.run(None, {session.get_inputs()[0].name: X.astype(np.float32)})))
    assert np.allclose(outputs["probabilities"], model.predict_proba(X), atol=1e-5)


def test_the_gradient_is_the_derivative_of_the_loss(model, points):
    check = model.gradcheck(*points, examples=20)
    assert check["wrong"] == 0 and check["checked"] == model.n_parameters
    assert model.gradcheck(*points, each=2)["checked"] == 8
    from percept import PerceptRegressor
    X, _ = points
    assert PerceptRegressor((8,), epochs=2).fit(X, X[:, 0]).gradcheck(X, X[:, 0])["wrong"] == 0


def test_several_threads_may_predict_at_once(model, points):
    from concurrent.futures import ThreadPoolExecutor
    X, _ = points
    expected = model.predict_proba(X)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: np.vstack([model.predict_proba(X[i:i + 1]) for i in range(50)]), range(8)):
            assert np.allclose(found, expected[:50], atol=1e-6)
        for found in pool.map(lambda _: model.predict_proba(X), range(8)):
            assert np.array_equal(found, expected)
