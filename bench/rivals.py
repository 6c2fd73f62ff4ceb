"""Measurements of peers: each is one process, a program of its own or peers/peer.py, and gives a dictionary of figures."""
import json
import os
import time

from data import Missing, mnist_files
from jobs import PREDICTED, model_path
from measure import EPOCHS, REACH, run
from settings import FANN, HERE, OUT, SECONDS, VENV
from works import GRID, VARIANTS

PREDICTED_BY_PEER = "predicted-by-peer.csv"
SCRIPTS = {"many": "many.py", "rows": "table_rows.py", "start": "table_rows.py"}  # of kinds; else peer.py


def measure_fann(work, data, threads):
    if not os.path.exists(FANN):
        raise Missing("not built: libfann-dev is not installed")
    sizes = map(str, work.layers)
    return json.loads(run([FANN, *data[:2], str(work.batch), str(work.rate), str(SECONDS), str(EPOCHS), *sizes], threads))


def first_variant(work):
    return VARIANTS.get(work.percept[0], VARIANTS["float32"])


def specification(work, data, threads, seed):
    """What a peer is given on its standard input."""
    variant = first_variant(work)
    told = {"layers": work.layers, "batch": work.batch, "rate": work.rate if variant.rate is None else variant.rate,
            "optimizer": variant.optimizer, "l1": work.l1, "l2": work.l2, "output": work.output, "kind": work.kind,
            "seconds": SECONDS, "epochs": work.epochs or EPOCHS, "threads": threads, "features": data[0],
            "labels": data[1], "seed": seed, "goal": REACH, "grid": GRID, "examples": work.examples,
            "valid": work.valid, "networks": work.networks}
    if work.kind == "reach":
        told["images"], told["answers"] = mnist_files()
    if work.kind == "rows":
        told["model"], told["out"] = model_path(work) + ".onnx", os.path.join(OUT, PREDICTED_BY_PEER)
    return told


def first_answers(path, outputs, rows=1000):
    """The last columns of the first rows of a table: targets, or the probabilities of all classes."""
    with open(path) as file:
        lines = [line for _, line in zip(range(rows + 1), file)][1:]
    return [float(cell) for line in lines for cell in line.strip().split(",")[-outputs:]]


def check_answers(work):
    """A peer that predicts something else does other work."""
    own, its = (first_answers(os.path.join(OUT, name), work.layers[-1]) for name in (PREDICTED, PREDICTED_BY_PEER))
    if len(own) != len(its) or any(abs(a - b) > 1e-3 * (1 + abs(a)) for a, b in zip(own, its)):
        raise Missing("its predictions are not those of Percept")


def measure_peer(name, work, data, threads, seed):
    """What a peer needs for the work, as the first variant of Percept does it."""
    if name == "fann":
        return measure_fann(work, data, threads)
    if not os.path.exists(VENV):
        raise Missing("no Python packages: build/bench-venv could not be made")
    spec = specification(work, data, threads, seed)
    begin = time.perf_counter()
    figures = json.loads(run([VENV, os.path.join(HERE, "peers", SCRIPTS.get(work.kind, "peer.py")), name], threads, json.dumps(spec),
                             work.environment))
    if work.kind == "reach":
        figures["seconds"] = time.perf_counter() - begin
    if work.kind == "rows":
        check_answers(work)
    return figures
