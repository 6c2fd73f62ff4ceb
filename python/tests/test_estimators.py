"""The estimators keep the promises of scikit-learn, and more."""
import pickle
import warnings
from types import SimpleNamespace

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

import percept
from percept import PerceptClassifier, PerceptRegressor, _training


@pytest.mark.parametrize("estimator", [PerceptClassifier(), PerceptRegressor()], ids=lambda e: type(e).__name__)
def test_all_checks_of_scikit_learn_pass(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_skip=None)
    assert len(results) > 50
    assert {r["status"] for r in results} <= {"passed", "skipped"}
    assert {r["check_name"] for r in results if r["status"] == "skipped"} <= {"check_array_api_input"}


def test_digits_are_learned(digits):
    X, y = digits
    model = PerceptClassifier((100,), random_state=1).fit(X[:1200], y[:1200])
    assert model.score(X[1200:], y[1200:]) > 0.9
    assert len(model.loss_curve_) == model.n_iter_ == 20
    assert model.loss_curve_[-1] < model.loss_curve_[0]
    assert np.allclose(model.predict_proba(X).sum(axis=1), 1, atol=1e-6)


def test_a_seed_gives_the_same_bits_on_any_number_of_threads(digits):
    X, y = digits
    outputs = [PerceptClassifier((32,), random_state=3, threads=threads).fit(X, y).predict_proba(X) for threads in (1, 2)]
    assert np.array_equal(*outputs)
    assert not np.array_equal(outputs[0], PerceptClassifier((32,), random_state=4).fit(X, y).predict_proba(X))


def test_it_works_in_what_scikit_learn_builds_around_it(points):
    X, y = points
    model = PerceptClassifier((8,), epochs=30, learning_rate=0.01)
    assert cross_val_score(make_pipeline(StandardScaler(), model), X, y).mean() > 0.9
    search = GridSearchCV(model, {"hidden_layer_sizes": [(4,), (8,)], "dropout": [0, 0.2], "momentum": [None]}, cv=3).fit(X, y)
    assert search.best_score_ > 0.9
    calibrated = CalibratedClassifierCV(model, cv=3).fit(X, y)
    assert calibrated.predict_proba(X).shape == (400, 2)


def test_parameters_and_keys_survive_clone_pickle_and_joblib(points, tmp_path):
    X, y = points
    model = PerceptClassifier((8,), clip_norm=1.5, keys={"train.rho": 0.8}).fit(X, y)
    assert clone(model).get_params()["clip_norm"] == 1.5
    assert model.recipe_["train.clip_norm"] == "1.5" and model.recipe_["train.rho"] == "0.8"
    joblib.dump(model, tmp_path / "model.joblib")
    for other in (pickle.loads(pickle.dumps(model)), joblib.load(tmp_path / "model.joblib")):
        assert np.array_equal(other.predict_proba(X), model.predict_proba(X))
        assert other.recipe_ == model.recipe_


def test_a_misspelled_parameter_is_refused_with_the_nearest_key():
    with pytest.raises(TypeError, match="learning_rte"):
        PerceptClassifier(learning_rte=0.1)
    with pytest.raises(ValueError, match="learning_rte"):
        PerceptClassifier().set_params(learning_rte=0.1)


def test_an_evaluation_set_decides_when_to_stop(digits):
    X, y = digits
    model = PerceptClassifier((32,), epochs=200, learning_rate=0.01, patience=3)
    model.fit(X[:1000], y[:1000], eval_set=(X[1000:], y[1000:]))
    assert model.n_iter_ < 200
    assert model.best_epoch_ == model.n_iter_ - 4
    assert len(model.validation_loss_curve_) == model.n_iter_
    with pytest.raises(ValueError, match="validation"):
        model.fit(X, y)


def test_a_fraction_is_split_off_for_validation(digits):
    model = PerceptClassifier((16,), validation=0.25).fit(*digits)
    assert len(model.validation_loss_curve_) == 20
    assert "valid_accuracy" in model.history_
    assert model.recipe_["data.validation"] == "0.25" or int(model.recipe_["data.validation"]) == 449


@pytest.mark.parametrize("monitor", ["roc_auc", lambda model, X, y: model.score(X, y)], ids=["name", "function"])
def test_any_metric_can_stop_a_training_and_keeps_the_best_parameters(points, monitor):
    X, y = points
    model = PerceptClassifier((8,), epochs=100, patience=4, monitor=monitor, learning_rate=0.05)
    model.fit(X[:300], y[:300], eval_set=(X[300:], y[300:]))
    scores = model.history_["monitor"]
    assert len(scores) == model.n_iter_ < 100
    assert model.best_epoch_ == int(np.argmax(scores))
    from sklearn.metrics import get_scorer
    scorer = get_scorer(monitor) if isinstance(monitor, str) else monitor
    assert scorer(model, X[300:], y[300:]) == pytest.approx(max(scores))


def test_weights_count_examples(points):
    X, y = points
    X, y = X[:60], y[:60]
    weights = np.arange(60) % 3
    twice = PerceptClassifier((8,)).fit(np.repeat(X, weights, axis=0), np.repeat(y, weights))
    weighted = PerceptClassifier((8,)).fit(X, y, sample_weight=weights)
    assert np.allclose(twice.predict_proba(X), weighted.predict_proba(X), rtol=1e-8)


def test_weights_of_classes_move_the_decision(points):
    X, y = points
    rates = [PerceptClassifier((8,), class_weight={0: 1, 1: weight}, learning_rate=0.01).fit(X, y).predict(X).mean() for weight in (0.05, 20)]
    assert rates[0] < y.mean() - 0.1 < y.mean() + 0.1 < rates[1]
    with pytest.raises(ValueError, match="class_weight has a weight for 'no', which is no class of y"):
        PerceptClassifier((8,), class_weight={1: 2, "no": 3}).fit(X, y)
    PerceptClassifier((8,), class_weight={0: 1, 1: 2, 2: 3}).fit(X, y)  # as in a fold that lacks class 2
    balanced = PerceptClassifier((8,), class_weight="balanced").fit(X, y)
    assert balanced.recipe_["train.balance_classes"] == "true"


def test_partial_fit_goes_on_where_it_stopped(digits):
    X, y = digits
    model = PerceptClassifier((32,), learning_rate=0.003)
    for epoch in range(15):
        for part in range(0, 1500, 300):
            model.partial_fit(X[part:part + 300], y[part:part + 300], classes=np.arange(10))
    assert model.score(X[1500:], y[1500:]) > 0.85
    assert model.loss_curve_[-1] < model.loss_curve_[0]
    with pytest.raises(ValueError, match="classes"):
        model.partial_fit(X, y, classes=[0, 1])


@pytest.mark.parametrize("keys", [{}, {"class_weight": "balanced", "dropout": 0.2}, {"optimizer": "sgd", "momentum": 0.9}])
def test_partial_fit_goes_on_after_a_pickle_to_the_same_bits(digits, keys):
    X, y = digits
    whole, pickled = (PerceptClassifier((16,), random_state=3, **keys) for _ in range(2))
    for i, part in enumerate(range(0, 900, 90)):
        whole.partial_fit(X[part:part + 90], y[part:part + 90], classes=np.arange(10))
        pickled = pickle.loads(pickle.dumps(pickled))
        if i % 3 == 2:
            pickled = pickle.loads(pickle.dumps(pickled))  # once more, without a step in between
        pickled.partial_fit(X[part:part + 90], y[part:part + 90], classes=np.arange(10))
    assert np.array_equal(whole.predict_proba(X), pickled.predict_proba(X)) and whole.loss_curve_ == pickled.loss_curve_
    assert len(pickle.dumps(pickled)) < 300_000


def test_warm_start_goes_on_from_the_last_parameters(digits):
    X, y = digits
    model = PerceptClassifier((32,), epochs=2, warm_start=True).fit(X, y)
    first = model.loss_
    assert model.fit(X, y).loss_ < first
    model.set_params(warm_start=False).fit(X, y)
    assert model.loss_ == first


def test_several_labels_at_once(points):
    X, _ = points
    Y = np.column_stack([X[:, 0] > 0, X[:, 1] > 0, X[:, 2] > 0]).astype(int)
    model = PerceptClassifier((16,), epochs=60, learning_rate=0.01).fit(X, Y)
    assert model.predict(X).shape == Y.shape and (model.predict(X) == Y).mean() > 0.95
    assert model.recipe_["model.output"] == "sigmoid"
    with pytest.raises(ValueError, match="MultiOutputClassifier"):
        PerceptClassifier().fit(X, Y * 2)


def test_several_targets_at_once_in_their_units(points):
    X, _ = points
    Y = np.column_stack([1000 + 50 * X[:, 0], X[:, 1] / 1000])
    model = PerceptRegressor((32,), epochs=100).fit(X, Y)
    assert model.score(X, Y) > 0.95
    assert model.predict(X[:1]).shape == (1, 2)
    assert PerceptRegressor((32,)).fit(X, Y[:, 0]).predict(X).shape == (400,)


@pytest.mark.parametrize("loss", ["mean-absolute-error", "huber", "mean-squared-error"])
def test_losses_of_regression(points, loss):
    X, _ = points
    y = 3 * X[:, 0] - X[:, 2]
    assert PerceptRegressor((32,), loss=loss, epochs=60).fit(X, y).score(X, y) > 0.9


def test_classes_may_be_texts_numbers_or_booleans(points):
    X, y = points
    for labels in (np.array(["no", "yes"])[y], y * 7 - 3, y.astype(bool), y + 0.0, np.array(["no", "yes"], object)[y]):
        model = PerceptClassifier((8,), epochs=40, learning_rate=0.01).fit(X, labels)
        assert model.score(X, labels) > 0.9
        assert list(model.classes_) == sorted(set(labels.tolist()))
    with pytest.raises(ValueError, match="PerceptRegressor"):
        PerceptClassifier().fit(X, X[:, 0])


def test_missing_values_are_filled_as_learned(points):
    X, y = points
    holes = X.copy()
    holes[::7, 2] = np.nan
    model = PerceptClassifier((8,)).fit(holes, y)
    assert np.isfinite(model.predict_proba(holes)).all()
    filled = np.where(np.isnan(holes), np.nanmean(holes, axis=0), holes)
    assert np.allclose(model.predict_proba(holes), model.predict_proba(filled), atol=1e-5)
    assert np.isfinite(PerceptClassifier((8,)).fit(X, y).predict_proba(holes)).all()
    with pytest.raises(ValueError, match="infinity"):
        model.predict(np.where(np.isnan(holes), np.inf, holes))


def test_arrays_of_every_type_and_layout_give_the_same_predictions(points):
    X, y = points
    X = np.round(X * 8)
    expected = PerceptClassifier((8,), random_state=0).fit(X, y).predict_proba(X)
    for other in (np.asfortranarray(X), X[::-1][::-1], X.astype(np.float32), X.astype(np.int64), X.astype(np.float16),
                  X.tolist(), X.astype(">f8")):
        assert np.allclose(PerceptClassifier((8,), random_state=0).fit(other, y).predict_proba(other), expected, atol=1e-6)


def test_bytes_are_pictures(digits):
    X, y = digits
    pictures = (X * 15).astype(np.uint8)
    model = PerceptClassifier((32,)).fit(pictures, y)
    assert model.recipe_["data.divisor"] == "255" and model.recipe_["data.scale"] == "none"
    assert model.score(pictures, y) > 0.9


def test_one_row_is_predicted_as_in_a_table(digits):
    X, y = digits
    model = PerceptClassifier((32,)).fit(X, y)
    assert [model.predict(X[i:i + 1])[0] for i in range(50)] == list(model.predict(X[:50]))
    assert np.allclose(model.predict_proba(X[3:4]), model.predict_proba(X)[3:4], atol=1e-6)
    held = model.predict_proba(X[:1])
    model.predict_proba(X[1:2])
    assert np.allclose(held, model.predict_proba(X)[:1], atol=1e-6)  # results are not views of one buffer


def test_an_interrupted_training_keeps_what_it_learned(digits, monkeypatch):
    X, y = digits
    epoch = percept.Training.epoch

    def interrupted(training):
        epoch(training)
        if len(training.history["train_loss"]) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(percept.Training, "epoch", interrupted)
    with pytest.warns(percept.Interrupted, match="interrupted"):
        model = PerceptClassifier((32,), epochs=1000).fit(X, y)
    assert len(model.loss_curve_) == 3
    monkeypatch.undo()
    assert np.array_equal(model.predict_proba(X), PerceptClassifier((32,), epochs=3).fit(X, y).predict_proba(X))


def test_one_value_may_stand_for_many(points):
    X, y = points
    rows, targets = np.broadcast_to(X[0], X.shape), np.broadcast_to(np.array([1.0, 2.0]), (len(X), 2))
    weights = np.broadcast_to(2.0, len(X))
    for estimator, answers in ((PerceptClassifier, y), (PerceptRegressor, targets)):
        model = estimator((8,), epochs=3).fit(rows, answers, sample_weight=weights)
        copied = estimator((8,), epochs=3).fit(rows.copy(), answers.copy(), sample_weight=weights.copy())
        assert model.loss_curve_ == copied.loss_curve_
        assert np.array_equal(model.predict(rows), copied.predict(rows.copy()))


def test_long_epochs_are_trained_step_by_step(points, monkeypatch):
    X, y = points
    settings = {"hidden_layer_sizes": (8,), "epochs": 200, "batch_size": 32}
    whole = PerceptClassifier(**settings).fit(X, y)
    called, function = [], _training.function
    monkeypatch.setattr(_training, "function", lambda name: called.append(name) or function(name))
    monkeypatch.setattr(_training, "time", SimpleNamespace(perf_counter=iter(range(10**6)).__next__))  # a step takes a second
    steps = PerceptClassifier(**settings).fit(X, y)
    assert "training_step" in called and "training_epoch" not in called  # Ctrl-C is answered between two steps
    assert np.array_equal(whole.predict_proba(X), steps.predict_proba(X))
    assert whole.loss_curve_ == steps.loss_curve_


def test_a_bar_shows_the_progress(points, capsys):
    PerceptClassifier((8,), epochs=3, verbose=True).fit(*points)
    assert "3/3" in capsys.readouterr().err


def test_intervals_hold_the_fraction_that_is_asked_for():
    random = np.random.default_rng(0)
    X = random.normal(size=(3000, 3))
    y = 100 + X[:, 0] + random.normal(size=3000) * np.exp(X[:, 1] / 2)
    with pytest.raises(ValueError, match="intervals=0.9"):
        PerceptRegressor((8,), epochs=1).fit(X, y).predict_interval(X)
    model = PerceptRegressor((32,), epochs=20, intervals=0.9, validation=0.2).fit(X[:2000], y[:2000])
    low, high = model.predict_interval(X[2000:]).T
    assert model.predict(X[2000:]).shape == (1000,)
    assert 0.86 < np.mean((low <= y[2000:]) & (y[2000:] <= high)) < 0.94
    assert model.score(X[2000:], y[2000:]) > 0.2
    both = PerceptRegressor((32,), epochs=2, intervals=0.8, validation=0.2).fit(X, np.stack([y, -y], axis=1))
    assert both.predict(X).shape == (3000, 2)
    assert both.predict_interval(X).shape == (3000, 2, 2)
