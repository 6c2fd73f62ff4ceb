"""Columns of dates: of every library, in training and prediction, beside the texts that a file has."""
import datetime
import pickle

import numpy as np
import pytest

import percept
from percept import PerceptClassifier, PerceptRegressor
from percept._data import dataset, features_of, read_features

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
pyarrow = pytest.importorskip("pyarrow")

COUNT = 200


def moments():
    generator = np.random.default_rng(5)
    return np.datetime64("2019-01-01T00:00:00") + generator.integers(0, 5 * 365 * 86400, COUNT).astype("timedelta64[s]")


def features(table):
    return features_of(dataset(read_features(table)))


def as_texts(times):
    return pandas.DataFrame({"when": [str(time).replace("T", " ") if not np.isnat(time) else None for time in times]})


def test_dates_of_every_library_are_those_of_texts():
    times = moments()
    times[7] = np.datetime64("NaT")
    expected = features(as_texts(times))
    assert expected.shape == (COUNT, 5) and np.isnan(expected[7]).all()
    days = times.astype("datetime64[D]")
    tables = [pandas.DataFrame({"when": times.astype(f"datetime64[{unit}]")}) for unit in ("s", "ms", "us", "ns")]
    tables += [pyarrow.table({"when": pyarrow.array(times, pyarrow.timestamp(unit))}) for unit in ("s", "ms", "us", "ns")]
    tables += [polars.DataFrame({"when": polars.Series(times.astype("datetime64[us]")).cast(polars.Datetime(unit))})
               for unit in ("ms", "us", "ns")]
    for table in tables:
        assert np.array_equal(features(table), expected, equal_nan=True)
    expected = features(pandas.DataFrame({"when": [None if np.isnat(day) else str(day) for day in days]}))
    for table in (pyarrow.table({"when": pyarrow.array(days, pyarrow.date32())}),
                  pyarrow.table({"when": pyarrow.array(days.astype("datetime64[ms]")).cast(pyarrow.date64())}),
                  polars.DataFrame({"when": polars.Series(days)}),
                  pandas.DataFrame({"when": [None if np.isnat(day) else day.item() for day in days]})):
        assert np.array_equal(features(table), expected, equal_nan=True)


def test_zones_give_the_local_parts_and_the_time_in_utc():
    utc = pandas.Series(moments()).dt.tz_localize("UTC")
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC", datetime.timezone(datetime.timedelta(hours=-3))):
        local = utc.dt.tz_convert(zone)
        found = features(pandas.DataFrame({"when": local}))
        assert np.array_equal(found, features(pandas.DataFrame({"when": local.map(str)})))
        assert found[:, 0].tolist() == local.dt.year.tolist() and found[:, 1].tolist() == local.dt.month.tolist()
        assert found[:, 2].tolist() == (local.dt.day_of_week + 1).tolist()
        assert np.array_equal(found[:, 4], features(pandas.DataFrame({"when": utc}))[:, 4])
    berlin = polars.DataFrame({"when": moments().astype("datetime64[us]")}).with_columns(
        polars.col("when").dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin"))
    assert np.array_equal(features(berlin), features(pandas.DataFrame({"when": utc.dt.tz_convert("Europe/Berlin")})))
    with pytest.raises(ValueError, match="'when' has the time zone 'Nowhere/Land'"):
        features(pyarrow.table({"when": pyarrow.array([0], pyarrow.timestamp("s", "Nowhere/Land"))}))


def test_times_of_day_fractions_and_early_dates():
    times = [datetime.time(13, 45, 10, 500000), datetime.time(0, 0), datetime.time(23, 59)]
    for table in (pyarrow.table({"at": times}), polars.DataFrame({"at": times}),
                  pandas.DataFrame({"at": ["13:45:10.5", "0:00", "23:59"]})):
        assert features(table).tolist() == [[np.float32(49510.5 / 3600)], [0], [np.float32(86340 / 3600)]]
    found = features(pyarrow.table({"when": pyarrow.array([-1, -86400 * 365 * 200], pyarrow.timestamp("s"))}))
    assert found[:, 0].tolist() == [1969, 1770]


def test_pandas_needs_no_pyarrow_for_dates(monkeypatch):
    table = pandas.DataFrame({"when": moments(), "zoned": pandas.Series(moments()).dt.tz_localize("Asia/Tokyo"), "n": range(COUNT)})
    expected = features(table)
    monkeypatch.setattr(pandas.DataFrame, "__arrow_c_stream__", lambda self, schema=None: __import__("no_pyarrow"))
    assert np.array_equal(features(table), expected)


def test_numbers_such_as_20240531_are_dates_and_other_numbers_are_not():
    table = pandas.DataFrame({"day": [20240531, 20240601, 20230102, 20211231], "n": [1, 2, 3, 4]})
    assert features(table)[:, 0].tolist() == [2024, 2024, 2023, 2021]
    assert features(table.assign(day=[20240531, 20240699, 20230102, 20211231])).shape == (4, 2)
    assert features(table.astype({"day": "Int64"}))[:, 0].tolist() == [2024, 2024, 2023, 2021]


def test_a_model_learns_dates_and_predicts_on_them(tmp_path):
    times = moments()
    table = pandas.DataFrame({"when": times, "size": np.random.default_rng(1).normal(size=COUNT)})
    y = np.where(pandas.Series(times).dt.month <= 6, "early", "late")
    model = PerceptClassifier((32,), preset="plain", epochs=200, learning_rate=0.01, random_state=1).fit(table, y)
    assert model.score(table, y) > 0.9 and list(model.feature_names_in_) == ["when", "size"]
    assert model.model_.input_names == ["when:year", "when:month", "when:weekday", "when:hour", "when:time", "size"]
    expected = model.predict_proba(table)
    assert np.array_equal(pickle.loads(pickle.dumps(model)).predict_proba(table), expected)
    for other in (as_texts(times).assign(size=table["size"]), polars.from_pandas(table), pyarrow.Table.from_pandas(table)):
        assert np.array_equal(model.predict_proba(other), expected)
    assert np.array_equal(model.model_.predict_proba(table[["size", "when"]]), expected)
    model.model_.save(tmp_path / "model.safetensors")
    assert np.array_equal(percept.load(tmp_path / "model.safetensors").predict_proba(table), expected)
    with pytest.raises(ValueError, match="row 1: 'soon' is none of the dates"):
        model.predict(table.assign(when="soon"))
    with pytest.raises(ValueError, match="'size' has dates, but"):
        model.predict(table.assign(size=times))
    parts = PerceptRegressor((8,)).partial_fit(table, table["size"])
    again = pickle.loads(pickle.dumps(parts))
    assert np.array_equal(parts.partial_fit(table, table["size"]).predict(table),
                          again.partial_fit(table, table["size"]).predict(table))
    valid = PerceptClassifier((8,), epochs=2).fit(table, y, eval_set=(as_texts(times).assign(size=table["size"]), y))
    assert len(valid.validation_loss_curve_) == 2


def test_what_is_a_guess_is_a_warning_and_what_is_no_date_is_refused():
    either = pandas.DataFrame({"when": ["5/6/2024", "6/7/2024", "1/2/2023", "3/4/2022", "5/6/2021"] * 9, "n": range(45)})
    with pytest.warns(UserWarning, match="'when': no date shows whether 5/6/2024 has the month or the day first"):
        PerceptRegressor((4,), epochs=1).fit(either, either["n"])
    few = pandas.DataFrame({"when": ["2024-05-31", "2024-06-01", "soon", "2023-06-02", "2022-06-03"]})
    with pytest.warns(UserWarning, match="'when': 1 cell is none of the dates and counts as missing, the first 'soon' in row 3"):
        PerceptRegressor((4,), epochs=1).fit(few, range(5))
    with pytest.raises(ValueError, match="X holds dates"):
        PerceptRegressor().fit(moments().reshape(-1, 1), range(COUNT))
    with pytest.raises(ValueError, match="'when' has dates, but this model learned it as categories"):
        kinds = pandas.DataFrame({"when": pandas.Categorical(["a", "b"] * 20)})
        PerceptRegressor((4,), epochs=1).fit(kinds, range(40)).predict(pandas.DataFrame({"when": moments()}))
