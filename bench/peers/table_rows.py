"""A large table, by a peer: table_rows.py PEER, with the work as JSON on standard input; the figures as JSON on standard output.

Either all rows are predicted from one CSV file into another, by the ONNX model that Percept exported, in batches of 1024; or the
table is only read and becomes one array of float32. Imports are not counted.
"""
import json
import resource
import sys
import time

import numpy as np

BATCH = 1024


def predictions(work, X):
    """Columns of the answer: classes and probabilities, or targets."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = work["threads"]
    session = onnxruntime.InferenceSession(work["model"], options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    parts = [session.run(names, {"features": X[first:first + BATCH]}) for first in range(0, len(X), BATCH)]
    columns = {}
    for name, values in zip(names, map(np.concatenate, zip(*parts))):
        if values.ndim == 1 or values.shape[1] == 1:
            columns[name] = values.ravel()
        else:
            columns.update(("%s%d" % (name, k), values[:, k]) for k in range(values.shape[1]))
    return columns


class Polars:
    def __init__(self):
        import polars
        self.package, self.version = polars, "polars " + polars.__version__

    def read(self, work):
        table = self.package.read_csv(work["features"], columns=list(range(work["layers"][0])))
        return table.cast(self.package.Float32).to_numpy()

    def write(self, columns, path):
        self.package.DataFrame(columns).write_csv(path)


class Pandas:
    def __init__(self):
        import pandas
        self.package, self.version = pandas, "pandas " + pandas.__version__

    def read(self, work):
        table = self.package.read_csv(work["features"], usecols=range(work["layers"][0]))
        return table.to_numpy(np.float32)

    def write(self, columns, path):
        self.package.DataFrame(columns).to_csv(path, index=False)


def main():
    work, peer = json.load(sys.stdin), {"polars": Polars, "pandas": Pandas}[sys.argv[1]]()
    version = peer.version
    if work["kind"] == "rows":
        import onnxruntime
        version += " + ONNX Runtime " + onnxruntime.__version__
    begin = time.perf_counter()
    X = peer.read(work)
    if work["kind"] == "rows":
        peer.write(predictions(work, X), work["out"])
    seconds = time.perf_counter() - begin
    json.dump({"version": version, "seconds": seconds,
               "memory": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}, sys.stdout)


main()
