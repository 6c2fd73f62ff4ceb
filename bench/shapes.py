"""Percept alone, over many shapes: is the time a smooth curve?

    shapes.py PROGRAM shapes [--compare PROGRAM NAME]     speed of training for widths, batches and depths, with SGD and with
                                 Adam: a cliff is a cell that falls out of its row. With another build both run in turn, and
                                 the tables hold its time over that of this one, the median of three rounds
    shapes.py PROGRAM growth     time over examples, epochs and parameters; peak of memory against its budget

BENCH_SECONDS in the environment says how long each measurement goes on at least. scripts/bench runs this; the figures are
written to build/bench/shapes.json and growth.json.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile

from judge import Noise, verdict
from measure import measure_machine
from report import surroundings
from settings import CORES, OUT

SECONDS = os.environ.get("BENCH_SECONDS", "0.3")

WIDTHS, BATCHES, DEPTHS = [1, 7, 32, 64, 100, 256, 1000, 4096], [1, 3, 16, 32, 64, 1024], [1, 2, 5, 10, 20]
ROUNDS = 3
MIDDLE_WIDTHS, MIDDLE_BATCHES, MIDDLE_GOAL = range(32, 257), range(16, 65), 1.3  # times the other build


def train(program, sizes, batch, examples, extra=(), optimizer="sgd", rounds=ROUNDS):
    """Figures of `percept bench train` on data drawn at random."""
    command = [program, "bench", "train", "--random", "--examples", str(examples), "--layers",
               "-".join(map(str, sizes)), "--batch-size", str(batch), "--optimizer", optimizer, "--learning-rate", "0.001",
               "--rounds", str(rounds), "--seconds", SECONDS, "--json", *extra]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr.strip())
    return json.loads(done.stdout)


def examples_for(sizes, batch):
    """As many batches as make an epoch of about 2 · 10⁹ operations, two at least and a thousand at most."""
    operations = sum(6 * a * b for a, b in zip(sizes, sizes[1:])) * batch
    return batch * max(2, min(1000, int(2e9 / operations)))


def print_table(title, corner, columns, rows):
    print("\n%s\n%12s%s" % (title, corner, "".join("%12s" % c for c in columns)))
    for name, cells in rows:
        print("%12s%s" % (name, "".join("%12s" % cell for cell in cells)), flush=True)


# ---- Widths, batches, depths -----------------------------------------------------------------------------------------


def measure_shape(program, other, optimizer, sizes, batch):
    """Figures of this build; with another one also `ratio`, its time over that of this one."""
    examples = examples_for(sizes, batch)
    if other is None:
        return train(program, sizes, batch, examples, optimizer=optimizer)
    found = []
    for number in range(ROUNDS):
        both = {path: None for path in ((program, other) if number % 2 == 0 else (other, program))}
        for path in both:
            both[path] = train(path, sizes, batch, examples, optimizer=optimizer, rounds=1)
        found.append(both)
    ratio = statistics.median(both[other]["seconds_per_epoch"] / both[program]["seconds_per_epoch"] for both in found)
    return {**found[0][program], "ratio": ratio}


def fill_table(program, other, optimizer, title, corner, columns, rows):
    """`columns` and `rows`: (name, number) each; rows give sizes from the number of a column, and a batch. Returns figures."""
    results, cells_of = [], []
    for name, shape_of in rows:
        told = [measure_shape(program, other, optimizer, *shape_of(number)) for _, number in columns]
        results += told
        cells_of.append((name, ["%.4g" % t["gflops"] if other is None else "%.2f" % t["ratio"] for t in told]))
    what = "GFLOP/s" if other is None else "times as fast as the other build"
    print_table("%s, %s, %s" % (title, optimizer, what), corner, [name for name, _ in columns], cells_of)
    return [{**told, "optimizer": optimizer} for told in results]


def shapes(program, other):
    """Rows of figures. Every table is one more round in which the machine is measured."""
    results, machines = [], []
    for optimizer in ("sgd", "adam"):
        machines.append([measure_machine(program, "float32", CORES)])
        rows = [(width, lambda batch, width=width: ([width] * 3 + [2], batch)) for width in WIDTHS]
        told = fill_table(program, other, optimizer, "WIDTH-WIDTH-WIDTH-2", "width",
                          [("batch %d" % batch, batch) for batch in BATCHES], rows)
        rows = [(width, lambda depth, width=width: ([width] * depth + [2], 64)) for width in (16, 256)]
        results += told + fill_table(program, other, optimizer, "batches of 64", "width",
                                     [("%d layers" % depth, depth) for depth in DEPTHS], rows)
        machines[-1].append(measure_machine(program, "float32", CORES))
        if other:
            print_middle(told, optimizer, Noise(machines))
    return results


def print_middle(told, optimizer, noise):
    """Is the middle of the table better, and nothing worse?"""
    named = [(t["ratio"], "width %d, batch %d" % (t["layers"][0], -(-t["examples"] // t["steps"]))) for t in told]
    middle = [t["ratio"] for t in told if t["layers"][0] in MIDDLE_WIDTHS and
              -(-t["examples"] // t["steps"]) in MIDDLE_BATCHES]
    ratio = statistics.median(middle)
    print("\nleast %.2f (%s)" % min(named))
    print("%s: %s, widths 32 to 256 and batches 16 to 64 %.2f times as fast (median; least %.2f), goal %g" % (
        verdict(ratio >= MIDDLE_GOAL, noise), optimizer, ratio, min(middle), MIDDLE_GOAL))
    print("machine: " + noise.line(), flush=True)


# ---- Growth ----------------------------------------------------------------------------------------------------------


def peak_memory(program):
    """Bytes at most of an epoch on Fashion-MNIST with the default network, and the budget: what the files hold, five times
    the parameters, two batches and 64 MiB."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([program, "train", "--data", "fashion-mnist", "--epochs", "1", "--quiet", "--no-plot",
                                    "--out", os.path.join(folder, "run")], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        return None, None
    parameters = 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10
    return 1024 * usage.ru_maxrss, 70000 * (784 + 4) + 5 * 4 * parameters + 2 * 4 * 128 * 784 + 64 * 2**20


def growth(program):
    results, rows = [], []
    for examples in (5000, 10000, 20000, 40000):
        figures = train(program, [784, 256, 10], 128, examples)
        results.append(figures)
        rows.append((examples, ["%.4g" % figures["seconds_per_epoch"],
                                "%.4g" % (1e6 * figures["seconds_per_epoch"] / examples)]))
    print_table("784-256-10, batch 128", "examples", ["s an epoch", "us each"], rows)
    rows = []
    for hidden in (64, 256, 1024, 4096):
        figures = train(program, [784, hidden, hidden, 10], 128, 2560)
        parameters = 785 * hidden + (hidden + 1) * hidden + (hidden + 1) * 10
        results.append(figures)
        rows.append((parameters, ["%.4g" % figures["seconds_per_epoch"],
                                  "%.4g" % (1e9 * figures["seconds_per_epoch"] / parameters / 2560)]))
    print_table("784-H-H-10, batch 128, 2560 examples", "parameters", ["s an epoch", "ns each"], rows)
    peak, budget = peak_memory(program)
    if peak is None:
        print("\npeak of memory: not measured, Fashion-MNIST is not there")
    else:
        print("\npeak of memory: %.1f MiB, budget %.1f MiB" % (peak / 2**20, budget / 2**20))
    return {"trainings": results, "peak_bytes": peak, "budget_bytes": budget}


def main():
    program, what = os.path.abspath(sys.argv[1]), sys.argv[2]
    other = os.path.abspath(sys.argv[4]) if sys.argv[3:4] == ["--compare"] else None
    results = shapes(program, other) if what == "shapes" else growth(program)
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(OUT, what + ".json"), "w") as file:
        json.dump({**surroundings(), what: results}, file, indent=1)


main()
