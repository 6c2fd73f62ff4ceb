"""Measurements of peers: each is one process, a program of its own or peers/peer.py, and gives a dictionary of figures."""
import json
import os
import time

from data import Missing, mnist_files
from measure import EPOCHS, REACH, run
from settings import FANN, HERE, SECONDS, VENV
from works import GRID, VARIANTS


def measure_fann(work, data, threads):
    if not os.path.exists(FANN):
        raise Missing("not built: libfann-dev is not installed")
    sizes = map(str, work.layers)
    return json.loads(run([FANN, *data[:2], str(work.batch), str(work.rate), str(SECONDS), str(EPOCHS), *sizes], threads))


def first_variant(work):
    return VARIANTS.get(work.percept[0], VARIANTS["float32"])


def measure_peer(name, work, data, threads, seed):
    """What a peer needs for the work, as the first variant of Percept does it."""
    if name == "fann":
        return measure_fann(work, data, threads)
    if not os.path.exists(VENV):
        raise Missing("no Python packages: build/bench-venv could not be made")
    variant = first_variant(work)
    spec = {"layers": work.layers, "batch": work.batch, "rate": work.rate if variant.rate is None else variant.rate,
            "optimizer": variant.optimizer, "l1": work.l1, "l2": work.l2, "output": work.output, "kind": work.kind,
            "seconds": SECONDS, "epochs": work.epochs or EPOCHS, "threads": threads, "features": data[0],
            "labels": data[1], "seed": seed, "goal": REACH, "grid": GRID}
    if work.kind == "reach":
        spec["images"], spec["answers"] = mnist_files()
    begin = time.perf_counter()
    figures = json.loads(run([VENV, os.path.join(HERE, "peers", "peer.py"), name], threads, json.dumps(spec),
                             work.environment))
    if work.kind == "reach":
        figures["seconds"] = time.perf_counter() - begin
    return figures
