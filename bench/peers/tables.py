"""Another package on a table: tables.py PACKAGE FOLDER TARGET KIND SEED prints [test score, processor seconds of the fit].

All get the same parts of the table: columns of texts as categories, dates as numbers of days; linear models and scikit-learn's
network get one-hot and standardized columns with gaps filled. Trees stop early on the validation part."""
import json
import os
import resource
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy
import pandas
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.metrics import accuracy_score, r2_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def read(folder, target):
    parts = [pandas.read_csv(f"{folder}/{part}.csv", low_memory=False) for part in ("train", "valid", "test")]
    answers = [part.pop(target) for part in parts]
    for column in parts[0]:
        if parts[0][column].dtype.kind not in "OUTS":
            continue
        texts = parts[0][column].astype(str)
        dates = texts.where(texts.str.contains("[0-9]"))  # pandas takes "April" for a date in the year 1
        dates = pandas.to_datetime(dates, errors="coerce", utc=True, format="mixed")
        if dates.notna().mean() > 0.9:
            for part in parts:
                day = pandas.to_datetime(part[column], errors="coerce", utc=True, format="mixed")
                part[column] = (day - pandas.Timestamp(0, tz="utc")) / pandas.Timedelta(days=1)
            continue
        texts = sorted(parts[0][column].dropna().astype(str).unique())
        for part in parts:
            part[column] = pandas.Categorical(part[column].astype(str).where(part[column].notna()), categories=texts)
    for part in parts:
        for column in part:
            if part[column].dtype.kind == "b":
                part[column] = part[column].astype(float)
    return parts, answers


def prepared(train):
    texts = [column for column in train if train[column].dtype.name == "category"]
    numbers = [column for column in train if column not in texts]
    return make_column_transformer((OneHotEncoder(handle_unknown="ignore", sparse_output=False), texts),
                                   (make_pipeline(SimpleImputer(), StandardScaler()), numbers))


def linear(X, y, kind, seed):
    from sklearn.linear_model import LogisticRegression, Ridge
    model = Ridge(1.0) if kind == "regression" else LogisticRegression(max_iter=2000)
    return make_pipeline(prepared(X[0]), model).fit(X[0], y[0])


def scikit_learn(X, y, kind, seed):
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    kind_of = MLPRegressor if kind == "regression" else MLPClassifier
    model = kind_of(hidden_layer_sizes=(256, 256), early_stopping=True, random_state=seed)
    return make_pipeline(prepared(X[0]), model).fit(X[0], y[0])


def lightgbm(X, y, kind, seed):
    import lightgbm as package
    kind_of = package.LGBMRegressor if kind == "regression" else package.LGBMClassifier
    model = kind_of(n_estimators=1000, n_jobs=1, random_state=seed, verbose=-1)
    return model.fit(X[0], y[0], eval_set=[(X[1], y[1])], callbacks=[package.early_stopping(50, verbose=False)])


def catboost(X, y, kind, seed):
    import catboost as package
    texts = [column for column in X[0] if X[0][column].dtype.name == "category"]
    for part in X:
        part[texts] = part[texts].astype(object).where(part[texts].notna(), "").astype(str)
    kind_of = package.CatBoostRegressor if kind == "regression" else package.CatBoostClassifier
    model = kind_of(random_seed=seed, thread_count=1, verbose=False, cat_features=texts, allow_writing_files=False)
    return model.fit(X[0], y[0], eval_set=(X[1], y[1]))


def realmlp(X, y, kind, seed):
    import pytabkit
    import torch
    torch.set_num_threads(1)
    numbers = [column for column in X[0] if X[0][column].dtype.name != "category"]
    means = X[0][numbers].astype(float).mean()  # it takes no gaps in numbers
    for part in X:
        part[numbers] = part[numbers].astype(float).fillna(means)
    kind_of = pytabkit.RealMLP_TD_Regressor if kind == "regression" else pytabkit.RealMLP_TD_Classifier
    return kind_of(device="cpu", random_state=seed, n_threads=1, verbosity=0).fit(X[0], y[0], X[1], y[1])


def main():
    name, folder, target, kind, seed = sys.argv[1:]
    X, answers = read(folder, target)
    if kind == "regression":
        y = [answer.to_numpy(float) for answer in answers]
    else:
        names = sorted(answers[0].astype(str).unique())
        y = [numpy.array([names.index(text) for text in answer.astype(str)]) for answer in answers]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    fits = {"linear": linear, "scikit-learn": scikit_learn, "lightgbm": lightgbm, "catboost": catboost, "realmlp": realmlp}
    model = fits[name](X, y, kind, int(seed))
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    if kind == "regression":
        score = r2_score(y[2], numpy.ravel(model.predict(X[2])))
    elif kind == "binary":
        score = roc_auc_score(y[2], model.predict_proba(X[2])[:, 1])
    else:
        score = accuracy_score(y[2], numpy.ravel(model.predict(X[2])))
    print(json.dumps([float(score), seconds]))


main()
