"""Measurements of peers: each is one process, a program of its own or peers/peer.py, and gives a dictionary of figures."""
import json
import os
import time

from data import Missing, mnist_files
from jobs import model_path
from measure import EPOCHS, REACH, run
from settings import FANN, HERE, OUT, SECONDS, VENV
from works import GRID, VARIANTS

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
        told["model"], told["out"] = model_path(work) + ".onnx", os.path.join(OUT, "predicted-by-peer.csv")
    return told


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
    return figures
