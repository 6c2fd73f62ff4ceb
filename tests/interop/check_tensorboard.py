"""Reads event files back with TensorBoard's own readers: check_tensorboard.py PERCEPT."""
import contextlib
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy as np
    from tensorboard import version
    from tensorboard.backend.event_processing import data_provider
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
    from tensorboard.context import RequestContext
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups, metadata
except ImportError as reason:
    print(f"skipped: {reason} (PERCEPT_PYTHON names a Python that has TensorBoard; scripts/interop-venv makes one)")
    sys.exit(77)

PERCEPT = sys.argv[1]
EPOCHS, SIZES = 6, (2, 8, 5, 1)
SMALL = ["--data", "circles", "--set", "data.split=0.6,0.2,0.2", "--layers", "-".join(map(str, SIZES)),
         "--batch-size", "32", "--no-plot"]
HISTOGRAMS = {f"{kind}/layer_{layer + 1}" for layer in range(len(SIZES) - 1)
              for kind in ("weights", "biases", "weight_gradients", "bias_gradients")}
wrong = []


def expect(good, what):
    if not good:
        wrong.append(what)
        print(f"FAILED: {what}")


def percept(*arguments, status=0):
    run = subprocess.run([PERCEPT, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert run.returncode == status, run.stdout


def train(name, *arguments, **expected):
    percept("train", *SMALL, "--quiet", "--out", f"runs/{name}", *arguments, **expected)


def log(name, folder="logs"):
    events = EventAccumulator(f"{folder}/{name}", size_guidance={"scalars": 0, "histograms": 0})
    events.Reload()
    return events


def metrics(name):
    with open(f"runs/{name}/metrics.csv") as file:
        rows = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
    return np.array(rows)


def series(events, tag):
    return [(point.step, point.value) for point in events.Scalars(tag)]


def same(points, column):
    """A value each epoch, rounded to float32."""
    return [step for step, _ in points] == list(range(len(column))) and np.array_equal(
        np.float32([value for _, value in points]), np.float32(column), equal_nan=True)


def figures_are_those_of_metrics_csv():
    train("plain", "--epochs", str(EPOCHS), "--tensorboard", "logs", "--schedule", "step", "--set",
          "train.decay_every=2")
    events, table = log("plain"), metrics("plain")
    tags = ["loss/train", "accuracy/train", "loss/valid", "accuracy/valid"]
    for column, tag in enumerate(tags, 1):
        expect(same(series(events, tag), table[:, column]), f"{tag} is the column of metrics.csv")
    rates = [value for _, value in series(events, "learning_rate")]
    expect(len(rates) == EPOCHS and rates[0] == rates[1] > rates[2] == rates[3] > rates[4], "the learning rate drops")
    summary = json.load(open("runs/plain/summary.json"))
    for part in ("valid", "test"):
        for what in ("loss", "accuracy"):
            expect(series(events, f"kept/{part}_{what}") == [(EPOCHS - 1, float(np.float32(summary[part][what])))],
                   f"kept/{part}_{what} is that of summary.json")
    expect(set(events.Tags()["scalars"]) == {*tags, "learning_rate", "kept/valid_loss", "kept/valid_accuracy",
                                             "kept/test_loss", "kept/test_accuracy"}, "nothing else is told")


def tensors(path):
    """Parameters in the order of the file, which is that of the layers: weights, then biases."""
    content = pathlib.Path(path).read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8:8 + length])
    for name, entry in header.items():
        if name.startswith("layers."):
            first, last = entry["data_offsets"]
            yield name, np.frombuffer(content[8 + length + first:8 + length + last], np.float32).reshape(entry["shape"])


def histograms_are_of_the_parameters():
    train("last", "--epochs", str(EPOCHS), "--tensorboard", "logs", "--set", "train.keep=last")
    events = log("last")
    expect(set(events.Tags()["histograms"]) == HISTOGRAMS, "each layer has four histograms")
    for tag in HISTOGRAMS:
        expect([h.step for h in events.Histograms(tag)] == list(range(EPOCHS)), f"{tag} is there for each epoch")
    shapes = {(o, i): layer for layer, (i, o) in enumerate(zip(SIZES, SIZES[1:]), 1)}
    compared = 0
    for _, values in tensors("runs/last/model.safetensors"):
        if values.shape not in shapes:
            continue
        h = events.Histograms(f"weights/layer_{shapes[values.shape]}")[-1].histogram_value
        limits = np.array([-np.inf, *h.bucket_limit])
        counts = [((values >= a) & (values < b)).sum() for a, b in zip(limits, limits[1:])]
        expect(list(h.bucket) == counts and h.num == values.size, "buckets hold what lies between their limits")
        expect((h.min, h.max) == (values.min(), values.max()) and np.isclose(h.sum, values.sum(dtype=float))
               and np.isclose(h.sum_squares, (values.astype(float) ** 2).sum()), "least, most and sums are right")
        compared += 1
    expect(compared == len(shapes), "all layers' weights were found")


def nothing_depends_on_it():
    train("silent", "--epochs", str(EPOCHS), "--set", "train.keep=last")
    for file in ("model.safetensors", "metrics.csv", "summary.json"):
        expect(pathlib.Path(f"runs/silent/{file}").read_bytes() == pathlib.Path(f"runs/last/{file}").read_bytes(),
               f"{file} is the same with and without event files")


def a_killed_run_goes_on_in_a_new_file():
    process = subprocess.Popen([PERCEPT, "train", *SMALL, "--epochs", "80", "--set", "data.examples=40000", "--out", "runs/killed",
                                "--checkpoint-every", "50", "--tensorboard", "logs"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    told = (line for line in process.stderr if line.startswith("epoch"))
    for _ in range(3):
        next(told, None)
    process.kill()
    process.stderr.close()
    process.wait()
    first, = pathlib.Path("logs/killed").iterdir()
    with open(first, "ab") as file:  # a record that was cut
        file.write(first.read_bytes()[40:60])
    percept("train", "--resume", "runs/killed", "--no-plot", "--quiet")
    expect(len(list(pathlib.Path("logs/killed").iterdir())) == 2, "a run that goes on begins another file")
    expect(same(series(log("killed"), "loss/train"), metrics("killed")[:, 1]), "each epoch is told once")


def what_is_not_finite_is_told():
    train("broken", "--epochs", "3", "--tensorboard", "logs", "--optimizer", "sgd", "--learning-rate", "1e38", "--set",
          "train.on_nonfinite=report")
    events = log("broken")
    values = [value for _, value in series(events, "loss/train")]
    expect(len(values) == 3 and not np.isfinite(values[-1]), "a loss that is not finite stands as it is")
    expect(any(tag.startswith("weights/") and tag.endswith("_not_finite") for tag in events.Tags()["scalars"]),
           "weights that are not finite are counted")
    train("diverged", "--epochs", "3", "--tensorboard", "logs", "--optimizer", "sgd", "--learning-rate", "1e38",
          status=1)


def hyperparameters_are_in_their_tab():
    train("other", "--epochs", "2", "--tensorboard", "logs", "--learning-rate", "0.125", "--seed", "7")
    multiplexer = EventMultiplexer()
    multiplexer.AddRunsFromDirectory("logs")
    multiplexer.Reload()
    content = multiplexer.PluginRunToTagToContent(metadata.PLUGIN_NAME)["other"][metadata.SESSION_START_INFO_TAG]
    given = metadata.parse_session_start_info_plugin_data(content).hparams
    expect(given["train.learning_rate"].number_value == 0.125, "numbers are numbers")
    expect(given["seed"].number_value == 7, "integers are numbers")
    expect(given["train.shuffle"].bool_value is True, "booleans are booleans")
    expect(given["model.layers"].string_value == "-".join(map(str, SIZES)), "lists are texts")
    expect(given["data.split"].string_value == "0.6,0.2,0.2", "lists are texts")
    expect("threads" not in given and "tensorboard" not in given, "what no result depends on is left out")

    context = backend_context.Context(base_plugin.TBContext(
        data_provider=data_provider.MultiplexerDataProvider(multiplexer, "logs")))
    request = api_pb2.ListSessionGroupsRequest(start_index=0, slice_size=100, allowed_statuses=[
        api_pb2.STATUS_UNKNOWN, api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE, api_pb2.STATUS_RUNNING])
    experiment = context.experiment_from_metadata(
        RequestContext(), "", True, context.hparams_metadata(RequestContext(), ""), [])
    differing = {info.name for info in experiment.hparam_infos if info.differs}
    expect({"train.learning_rate", "seed"} <= differing and "model.layers" not in differing,
           "TensorBoard sees which hyperparameters differ")
    expect("kept/test_accuracy" in {info.name.tag for info in experiment.metric_infos}, "metrics are found")
    groups = list_session_groups.Handler(RequestContext(), context, "", request).run().session_groups
    statuses = {session.name: session.status for group in groups for session in group.sessions}
    expect(set(statuses) == {"plain", "last", "killed", "broken", "diverged", "other"}, "each run is a session")
    expect(statuses["other"] == api_pb2.STATUS_SUCCESS, "a run that is over has succeeded")
    expect(statuses["diverged"] == api_pb2.STATUS_FAILURE, "a run that diverged has failed")


def folds_lie_together():
    percept("train", *SMALL, "--quiet", "--set", "data.split=0.8,0.2", "--epochs", "1", "--folds", "2", "--out",
            "runs/crossed", "--tensorboard", "folds")
    for fold in ("crossed/fold-0", "crossed/fold-1"):
        expect(len(series(log(fold, "folds"), "loss/valid")) == 1, f"{fold} has a log")


def main():
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for check in (figures_are_those_of_metrics_csv, histograms_are_of_the_parameters, nothing_depends_on_it,
                      a_killed_run_goes_on_in_a_new_file, what_is_not_finite_is_told,
                      hyperparameters_are_in_their_tab, folds_lie_together):
            check()
    print(f"TensorBoard {version.VERSION}: {len(wrong)} of what was expected is not so")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
