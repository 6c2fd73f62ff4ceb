"""Tables of pandas, Polars, Arrow and DuckDB go in as they are."""
import datetime
import decimal
import sys
import warnings

import numpy as np
import pytest

from percept import PerceptClassifier, PerceptRegressor
from percept._arrow import read
from percept._data import read_features

pandas = pytest.importorskip("pandas")
pyarrow = pytest.importorskip("pyarrow")
polars = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")

DATA = {"size": [1.5, None, -2.0, 4.0], "count": [1, 2, None, 4], "kind": ["a", "b", None, "a"], "flag": [True, False, True, None]}


def check(frame):
    assert frame.names == ["size", "count", "kind", "flag"] and frame.count == 4
    size, count, kind, flag = frame.columns
    assert np.array_equal(size.values, [1.5, np.nan, -2, 4], equal_nan=True)
    assert np.array_equal(count.values, [1, 2, np.nan, 4], equal_nan=True)
    assert np.array_equal(flag.values, [1, 0, 1, np.nan], equal_nan=True)
    assert [None if code < 0 else kind.vocabulary[code] for code in kind.values] == ["a", "b", None, "a"]


def test_tables_of_every_library_hold_the_same():
    arrow = pyarrow.table(DATA)
    check(read(arrow))
    check(read(polars.DataFrame(DATA)))
    check(read(pandas.DataFrame(DATA).astype({"flag": "boolean"})))
    check(read(pandas.DataFrame(DATA).convert_dtypes()))
    check(read(duckdb.sql("select * from arrow")))
    check(read(arrow.to_reader()))


@pytest.mark.parametrize("text", [pyarrow.utf8(), pyarrow.large_utf8(), pyarrow.string_view()], ids=str)
def test_texts_of_every_layout(text):
    words = ["short", None, "longer than the twelve bytes of a view", "", "Größe", "short"]
    column = read(pyarrow.table({"w": pyarrow.array(words, text)})).columns[0]
    assert [None if code < 0 else column.vocabulary[code] for code in column.values] == words


@pytest.mark.parametrize("index", [pyarrow.int8(), pyarrow.uint8(), pyarrow.int32(), pyarrow.uint32()], ids=str)
def test_categories_of_every_index_type(index):
    column = pyarrow.array(["x", "y", None, "x"]).dictionary_encode().cast(pyarrow.dictionary(index, pyarrow.utf8()))
    found = read(pyarrow.table({"c": column})).columns[0]
    assert found.values.tolist() == [0, 1, -1, 0] and found.vocabulary == ["x", "y"]


def test_each_chunk_may_have_its_own_dictionary():
    chunks = [pyarrow.array(words).dictionary_encode() for words in (["x", "y"], ["y", "z", None])]
    found = read(pyarrow.table({"c": pyarrow.chunked_array(chunks)})).columns[0]
    assert found.values.tolist() == [0, 1, 1, 2, -1] and found.vocabulary == ["x", "y", "z"]


def test_categories_of_pandas_and_polars():
    words = ["x", "y", None, "x"]
    for table in (pandas.DataFrame({"c": pandas.Categorical(words, ["z", "y", "x"])}),
                  polars.DataFrame({"c": polars.Series(words, dtype=polars.Categorical)}),
                  polars.DataFrame({"c": polars.Series(words, dtype=polars.Enum(["z", "y", "x"]))}),
                  pandas.DataFrame({"c": pandas.Series(words, dtype="string")})):
        found = read(table).columns[0]
        assert [None if code < 0 else found.vocabulary[code] for code in found.values] == words
    numbers = read(pandas.DataFrame({"c": pandas.Categorical([3, 1, 3])})).columns[0]
    assert [numbers.vocabulary[code] for code in numbers.values] == ["3", "1", "3"]


def test_nan_is_missing_whether_null_or_number():
    for table in (pandas.DataFrame({"a": [1.0, np.nan]}), polars.DataFrame({"a": [1.0, float("nan")]}),
                  polars.DataFrame({"a": [1.0, None]}), pyarrow.table({"a": [1.0, float("nan")]})):
        assert np.array_equal(read(table).columns[0].values, [1, np.nan], equal_nan=True)


def test_empty_tables_have_no_rows():
    for table in (pyarrow.table({"a": pyarrow.array([], pyarrow.float64())}), pandas.DataFrame({"a": np.empty(0)}),
                  polars.DataFrame({"a": polars.Series([], dtype=polars.Float64)}),
                  pyarrow.Table.from_batches([], pyarrow.schema([("a", pyarrow.utf8())]))):
        frame = read(table)
        assert frame.count == 0 and frame.names == ["a"]
        with pytest.raises(ValueError, match="0 sample"):
            PerceptClassifier().fit(table, [])


def test_offsets_are_followed_in_tables_and_columns():
    table = pyarrow.table({"n": np.arange(20.0), "b": [i % 3 == 0 for i in range(20)], "w": [str(i % 5) for i in range(20)],
                           "i": pyarrow.array([None if i == 13 else i for i in range(20)])})
    part = table.slice(11, 6)
    frame = read(pyarrow.Table.from_batches([part.to_batches()[0], table.slice(3, 1).to_batches()[0]]))
    assert frame.columns[0].values.tolist() == [11, 12, 13, 14, 15, 16, 3]
    assert frame.columns[1].values.tolist() == [0, 1, 0, 0, 1, 0, 1]
    assert [frame.columns[2].vocabulary[code] for code in frame.columns[2].values] == ["1", "2", "3", "4", "0", "1", "3"]
    assert np.array_equal(frame.columns[3].values, [11, 12, np.nan, 14, 15, 16, 3], equal_nan=True)
    struct = pyarrow.RecordBatch.from_struct_array(pyarrow.array([{"n": i} for i in range(9)]).slice(5, 3))
    assert read(struct).columns[0].values.tolist() == [5, 6, 7]


def test_decimals_of_every_width():
    values = [decimal.Decimal("1.25"), decimal.Decimal("-3.50"), None, decimal.Decimal("12345678901234567.75")]
    for kind in (pyarrow.decimal128(30, 2), pyarrow.decimal256(40, 2)):
        assert np.array_equal(read(pyarrow.table({"d": pyarrow.array(values, kind)})).columns[0].values,
                              [1.25, -3.5, np.nan, 12345678901234567.75], equal_nan=True)
    found = read(duckdb.sql("select 1.1 as d union all select -2.2 order by d")).columns[0].values
    assert found.tolist() == [-2.2, 1.1]


def test_the_index_of_pandas_is_no_column():
    table = pandas.DataFrame({"a": range(10), "b": range(10)}, dtype=float)
    for other in (table, table[table.a > 3], table.sample(frac=1, random_state=0), table.set_index(table.a.rename("id"))):
        assert read(other).names == ["a", "b"]
        assert read(pyarrow.Table.from_pandas(other)).names == ["a", "b"]


def test_numbers_without_gaps_are_not_copied():
    values = np.arange(1000.0)
    table = pyarrow.table({"a": values})
    column = read(table).columns[0].values
    address = table["a"].chunk(0).buffers()[1].address
    assert column.ctypes.data == address
    del table
    assert column.sum() == values.sum()


def test_what_cannot_be_a_feature_is_refused_by_its_name():
    for values in ([[1, 2]], [b"x"], [datetime.timedelta(1)]):
        with pytest.raises(ValueError, match="'when'"):
            read(pyarrow.table({"when": values}))
    with pytest.raises(ValueError, match="numbers or texts|could not be read"):
        read(pandas.DataFrame({"a": [1, "x"]}))
    with pytest.raises(ValueError, match="2D"):
        read(pyarrow.chunked_array([[1.0, 2.0]]))


def test_pandas_needs_no_pyarrow(monkeypatch):
    table = pandas.DataFrame(DATA).astype({"flag": "boolean"})
    table["kind"] = table["kind"].astype("category")
    plain = pandas.DataFrame(DATA).astype({"flag": "boolean", "count": "Int64", "kind": object})
    monkeypatch.setattr(pandas.DataFrame, "__arrow_c_stream__", lambda self, schema=None: __import__("no_pyarrow"))
    check(read(table))
    check(read(plain))


def test_names_are_remembered_and_checked(points):
    X, y = points
    table = pandas.DataFrame(X, columns=["a", "b", "c"])
    model = PerceptClassifier((8,)).fit(table, y)
    assert list(model.feature_names_in_) == ["a", "b", "c"] and model.n_features_in_ == 3
    expected = model.predict_proba(table)
    for other in (polars.DataFrame(X, schema=["a", "b", "c"]), pyarrow.table({name: X[:, j] for j, name in enumerate("abc")})):
        assert np.array_equal(model.predict_proba(other), expected)
    with pytest.raises(ValueError, match="same order"):
        model.predict(table[["b", "a", "c"]])
    with pytest.raises(ValueError, match="now missing:\n- c"):
        model.predict(table[["a", "b"]])
    with pytest.warns(UserWarning, match="does not have valid feature names"):
        assert np.allclose(model.predict_proba(X), expected)
    with pytest.warns(UserWarning, match="fitted without feature names"):
        PerceptClassifier((8,)).fit(X, y).predict(table)
    with pytest.raises(TypeError, match="string names"):
        PerceptClassifier().fit(table.rename(columns={"a": 1}), y)
    numbered = PerceptClassifier((8,)).fit(pandas.DataFrame(X), y)
    assert not hasattr(numbered, "feature_names_in_")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        numbered.predict(X)


def test_answers_may_be_columns_of_any_library(points):
    X, y = points
    expected = PerceptClassifier((8,)).fit(X, y).predict_proba(X)
    for answers in (pandas.Series(y), polars.Series(y), pyarrow.array(y), pyarrow.chunked_array([y]), list(y)):
        assert np.array_equal(PerceptClassifier((8,)).fit(X, answers).predict_proba(X), expected)
    assert PerceptRegressor((8,)).fit(X, pandas.DataFrame(X[:, :2])).predict(X).shape == (400, 2)
    words = pandas.Series(np.array(["no", "yes"])[y], dtype="category")
    assert set(PerceptClassifier((8,)).fit(X, words).predict(X)) <= {"no", "yes"}


def test_arrays_need_two_dimensions():
    with pytest.raises(ValueError, match="reshape"):
        read_features(np.zeros(3))
    assert sys.getrefcount(read_features(np.zeros((2, 2)))) < 5


def mixed(count=300):
    """A table with numbers, texts, booleans and gaps, and classes that depend on all of them."""
    generator = np.random.default_rng(7)
    kind = generator.choice(["red", "green", "blue"], count)
    size = generator.normal(size=count)
    flag = generator.random(count) < 0.5
    answers = np.where((kind == "red") ^ (size > 0), "yes", "no")
    table = pandas.DataFrame({"kind": pandas.Categorical(kind), "size": size, "flag": flag, "noise": generator.integers(0, 9, count)})
    table.loc[::17, "size"] = np.nan
    table.loc[::19, "kind"] = np.nan
    return table, answers


def test_categories_are_learned_and_found_again(tmp_path):
    table, y = mixed()
    model = PerceptClassifier((32,), epochs=80, learning_rate=0.01).fit(table, y)
    assert model.score(table, y) > 0.85
    expected = model.predict_proba(table)
    others = [table.astype({"kind": str}).where(table.notna(), None), polars.from_pandas(table), pyarrow.Table.from_pandas(table)]
    for other in others:
        assert np.array_equal(model.predict_proba(other), expected)
    unknown = table.assign(kind="purple").head(3)
    missing = table.assign(kind=pandas.Series([None] * len(table), dtype=object)).head(3)
    assert np.array_equal(model.predict_proba(unknown), model.predict_proba(missing))
    import pickle
    assert np.array_equal(pickle.loads(pickle.dumps(model)).predict_proba(table), expected)


def test_a_category_of_another_part_gets_its_own_code():
    table, y = mixed()
    model = PerceptClassifier((16,), epochs=5)
    model.fit(table.head(200), y[:200], eval_set=(table.tail(100), y[200:]))
    reordered = table.tail(100).assign(kind=table.tail(100)["kind"].cat.reorder_categories(["red", "blue", "green"]))
    same = PerceptClassifier((16,), epochs=5).fit(table.head(200), y[:200], eval_set=(reordered, y[200:]))
    assert model.validation_loss_curve_ == same.validation_loss_curve_
    from sklearn.metrics import log_loss
    last = PerceptClassifier((16,), epochs=5, keep="last", calibration="none").fit(table.head(200), y[:200], eval_set=(reordered, y[200:]))
    assert last.validation_loss_curve_[-1] == pytest.approx(log_loss(y[200:], last.predict_proba(table.tail(100))), rel=1e-4)


def test_tables_can_be_learned_in_parts_and_in_scikit_learn():
    from sklearn.model_selection import cross_val_score, train_test_split
    table, y = mixed()
    part, rest, y_part, y_rest = train_test_split(table, y, random_state=0)
    model = PerceptClassifier((16,), epochs=60, learning_rate=0.01)
    assert model.fit(part, y_part).score(rest, y_rest) > 0.7
    assert len(cross_val_score(model, table, y, cv=3)) == 3
    parts = PerceptClassifier((16,), learning_rate=0.01)
    for _ in range(30):
        parts.partial_fit(part, y_part, classes=["no", "yes"])
        parts.partial_fit(rest, y_rest)
    assert parts.score(table, y) > 0.7


def test_texts_that_hardly_repeat_are_refused():
    table = pandas.DataFrame({"name": [f"row {i}" for i in range(50)], "a": range(50)})
    with pytest.raises(ValueError, match="'name'.*50 different texts"):
        PerceptClassifier().fit(table, [0, 1] * 25)


def test_a_recipe_trains_on_a_table_as_the_program_does():
    import percept
    table, y = mixed()
    model = percept.train(X=table, y=y, epochs=40, learning_rate=0.01)
    assert model.input_names == ["size", "flag", "noise", "kind"] and model.classes == ["no", "yes"]
    assert model.evaluate(table, y)["accuracy"] > 0.7
    assert np.array_equal(model.predict_proba(table), model.predict_proba(polars.from_pandas(table)))
    with pytest.raises(ValueError, match="no column 'size'"):
        model.predict(table[["kind", "flag", "noise"]])


def test_a_preset_chooses_settings_for_tables_and_leaves_what_is_given():
    table, y = mixed(120)
    model = PerceptClassifier(epochs=2).fit(table, y)
    assert model.recipe_["train.epochs"] == "2" and model.recipe_["train.optimizer"] == "adamw"
    assert model.recipe_["model.members"] == "8" and model.predict(table).shape == (120,)
    plain = PerceptClassifier((4,), preset="plain", epochs=2).fit(table, y)
    assert plain.recipe_["model.members"] == "1" and plain.recipe_["train.optimizer"] == "adam"
    numbers = table[["size", "noise"]].to_numpy(float)
    assert PerceptClassifier((4,), epochs=2).fit(numbers, y).recipe_["train.optimizer"] == "adam"
    assert PerceptClassifier((4,), preset="tabular", epochs=2).fit(numbers, y).recipe_["train.optimizer"] == "adamw"
