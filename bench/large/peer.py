"""pandas and scikit-learn: peer.py TABLE UNITS UNITS BATCH prints [seconds of reading and encoding, of the epoch, test accuracy]."""
import json
import sys
import time
import warnings

import numpy
import pandas
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

table, *numbers = sys.argv[1:]
first, second, batch = map(int, numbers)
begin = time.monotonic()
data = pandas.read_csv(table)
y = (data.pop("answer") == "yes").to_numpy()
for column in data:
    if data[column].dtype.kind not in "fiu":
        data[column] = data[column].astype("category").cat.codes
X = data.to_numpy(numpy.float32)
del data
X, X_test, y, y_test = train_test_split(X, y, test_size=0.2, random_state=1)
X, X_valid, y, y_valid = train_test_split(X, y, test_size=0.2, random_state=1)
scaler = StandardScaler(copy=False).fit(X)
X, X_valid, X_test = (scaler.transform(part) for part in (X, X_valid, X_test))
read = time.monotonic()
warnings.simplefilter("ignore") # one epoch is not enough to converge
model = MLPClassifier((first, second), batch_size=batch, max_iter=1, random_state=1).fit(X, y)
model.score(X_valid, y_valid)
accuracy = model.score(X_test, y_test)
print(json.dumps([read - begin, time.monotonic() - read, accuracy]))
