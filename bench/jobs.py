"""Whole jobs of the command line: a search of many networks, predictions of a large table, the start on one."""
import os
import shutil
import subprocess
import time

from data import Missing, head_of
from settings import OUT

PREDICTED = "predicted.csv"

SPACE = """name: many
data:
  name: {features}
  format: idx
  label_file: {labels}
  split: [{train}, {valid}, {test}]
model:
  layers: {layers}
train:
  optimizer: sgd
  epochs: {epochs}
  batch_size: {batch}
search:
  strategy: random
  trials: {networks}
space:
  train.learning_rate: {{low: 0.001, high: 1, scale: log}}
"""


def timed(command):
    """Seconds by the clock and of the processor, and peak memory in bytes, of a command that must succeed."""
    begin = time.perf_counter()
    errors = os.path.join(OUT, "errors.txt")
    with open(errors, "w") as file:
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=file)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        with open(errors) as file:
            told = [line.strip() for line in file if line.startswith("percept: ")]
        raise Missing((told or ["status %d" % child.returncode])[0][:140])
    return {"seconds": time.perf_counter() - begin, "processor": usage.ru_utime + usage.ru_stime,
            "memory": 1024 * usage.ru_maxrss}


def fresh(name):
    """A folder that is not there yet."""
    folder = os.path.join(OUT, name)
    shutil.rmtree(folder, ignore_errors=True)
    return folder


# ---- Many networks at once -------------------------------------------------------------------------------------------


def search_many(program, work, data, threads):
    """A random search over learning rates, its database included; the winner is not trained again."""
    folder = fresh("many")
    os.makedirs(folder)
    space = os.path.join(folder, "space.yaml")
    train, valid = work.examples, work.valid
    with open(space, "w") as file:
        file.write(SPACE.format(features=data[0], labels=data[1], train=train, valid=valid, test=work.rows - train - valid,
                                layers=work.layers, epochs=work.epochs, batch=work.batch, networks=work.networks))
    return timed([program, "search", space, "--jobs", str(threads), "--no-best", "--quiet", "--out",
                  os.path.join(folder, "run")])


# ---- A large table ---------------------------------------------------------------------------------------------------


def model_path(work):
    return os.path.join(OUT, "table-" + "-".join(map(str, work.layers)))


def model_of(program, work, table):
    """A run folder, and its ONNX file beside it: the network after one epoch on the first rows of the table, kept."""
    folder = model_path(work)
    if not os.path.exists(folder + ".onnx"):
        shutil.rmtree(folder, ignore_errors=True)
        timed([program, "train", "--preset", "plain", "--data", head_of(table, 5000), *work.target, "--layers",
               "-".join(map(str, work.layers)), "--epochs", "1", "--quiet", "--no-plot", "--out", folder])
        timed([program, "export", folder, "--to", "onnx", "--out", folder + ".onnx"])
    return folder


def predict_rows(program, work, data, threads):
    """From a CSV file into another one."""
    model, out = model_of(program, work, data[0]), os.path.join(OUT, PREDICTED)
    return timed([program, "predict", model, data[0], "--threads", str(threads), "--out", out])


def lines_of(path):
    try:
        with open(path) as file:
            return file.read().count("\n")
    except FileNotFoundError:
        return -1


def has_ended(child):
    """Without taking the status away from wait4."""
    return os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def start(program, work, data, threads):
    """Seconds from the start of the process until training begins, when metrics.csv gets its first line; memory until the
    end of the first epoch, after which the process is ended."""
    folder = fresh("start")
    metrics, seconds = os.path.join(folder, "metrics.csv"), None
    begin = time.perf_counter()
    child = subprocess.Popen([program, "train", "--preset", "plain", "--data", data[0], *work.target, "--layers",
                              "-".join(map(str, work.layers)), "--epochs", "1000", "--threads", str(threads), "--quiet",
                              "--no-plot", "--out", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not has_ended(child) and lines_of(metrics) < 2:
        if seconds is None and lines_of(metrics) >= 0:
            seconds = time.perf_counter() - begin
        time.sleep(0.002)
    child.kill()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if seconds is None:
        raise Missing("the training did not begin")
    return {"seconds": seconds, "memory": 1024 * usage.ru_maxrss}


JOBS = {"many": search_many, "rows": predict_rows, "start": start}
