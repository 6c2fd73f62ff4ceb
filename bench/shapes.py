"""Percept alone, over many shapes: is the time a smooth curve?

    shapes.py PROGRAM shapes     speed of training for widths, batches and depths: a cliff is a cell that falls out of its row
    shapes.py PROGRAM growth     time over examples, epochs and parameters; peak of memory against its budget

BENCH_SECONDS in the environment says how long each measurement goes on at least. scripts/bench runs this; the figures are
written to build/bench/shapes.json and growth.json.
"""
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(os.path.dirname(HERE), "build", "bench")
SECONDS = os.environ.get("BENCH_SECONDS", "0.3")

WIDTHS, BATCHES, DEPTHS = [1, 7, 100, 1000, 4096], [1, 3, 64, 1024], [1, 2, 5, 10, 20]


def train(program, sizes, batch, examples, extra=()):
    """Figures of `percept bench train` on data drawn at random."""
    command = [program, "bench", "train", "--random", "--examples", str(examples), "--layers",
               "-".join(map(str, sizes)), "--batch-size", str(batch), "--optimizer", "sgd", "--learning-rate", "0.01",
               "--rounds", "3", "--seconds", SECONDS, "--json", *extra]
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


def shapes(program):
    results, rows = [], []
    for width in WIDTHS:
        cells = []
        for batch in BATCHES:
            sizes = [width] * 3 + [2]
            figures = train(program, sizes, batch, examples_for(sizes, batch))
            results.append(figures)
            cells.append("%.4g" % figures["gflops"])
        rows.append((width, cells))
    print_table("GFLOP/s of WIDTH-WIDTH-WIDTH-2, by width and batch", "width", ["batch %d" % b for b in BATCHES], rows)
    rows = []
    for width in (16, 256):
        cells = []
        for depth in DEPTHS:
            sizes = [width] * depth + [2]
            figures = train(program, sizes, 64, examples_for(sizes, 64))
            results.append(figures)
            cells.append("%.4g" % figures["gflops"])
        rows.append((width, cells))
    print_table("GFLOP/s of batches of 64, by width and layers", "width", ["%d layers" % d for d in DEPTHS], rows)
    return results


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
    results = {"shapes": shapes, "growth": growth}[what](program)
    os.makedirs(OUT, exist_ok=True)
    with open(os.path.join(OUT, what + ".json"), "w") as file:
        json.dump(results, file, indent=1)


main()
