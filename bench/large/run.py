"""make bench WORK=large: a large table is read, encoded, split and trained for one epoch; pandas and scikit-learn do the same.

    bench/large/run.py PERCEPT TABLE [PYTHON]      TABLE: the program that bench/large/table.c becomes; without PYTHON Percept alone

Six columns of texts, fourteen of numbers with decimals, two classes; the network is 20-256-128-2 with ReLU and Adam, in batches
of 256. Percept gives texts one-hot columns and tables of vectors, scikit-learn gets their codes as numbers, which is less work.
Peers run with one thread and with all; the faster counts. Peak memory is that of the whole process. Then the model predicts a
tenth of the rows and all of them from standard input: its memory must not grow. LARGE_ROWS=1000000 sets the rows; with
LARGE_PEERS=no Percept runs alone. The table lies in a temporary folder.
"""
import json
import os
import subprocess
import sys
import tempfile
import time

LAYERS = (256, 128)  # hidden ones, the default of Percept
BATCH = 256


def measured(command, **options):
    """Runs a command; returns its output, its seconds by the clock and of the processor, and its peak memory in MiB."""
    begin = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, **options)
    output = child.stdout.read().decode()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.exit(f"large: {command[0]} failed")
    return output, time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def row(name, reading, training, total, processor, memory, accuracy):
    print(f"{name:32} {reading:9.1f} {training:9.1f} {total:9.1f} {processor:11.1f} {memory:10,.0f} {accuracy:9.4f}",
          flush=True)


def train(percept, table, folder):
    command = [percept, "train", table, "--preset", "plain", "--optimizer", "adam", "--learning-rate", "0.001",
               "--batch-size", str(BATCH), "--epochs", "1", "--quiet", "--no-plot", "--json", "--out", folder + "/run"]
    output, total, processor, memory = measured(command)
    result = json.loads(output)
    row("Percept", total - result["seconds"], result["seconds"], total, processor, memory,
        result["test"]["accuracy"])
    return total, processor


def peer(python, table, threads):
    """With so many threads for products of matrices."""
    here = os.path.dirname(os.path.abspath(__file__))
    environment = dict(os.environ, OPENBLAS_NUM_THREADS=str(threads), OMP_NUM_THREADS=str(threads))
    command = [python, here + "/peer.py", table, *map(str, LAYERS), str(BATCH)]
    output, total, processor, memory = measured(command, env=environment)
    reading, training, accuracy = json.loads(output)
    row(f"pandas + scikit-learn, {threads} thread" + ("s" if threads > 1 else ""), reading, training, total, processor, memory,
        accuracy)
    return total, processor


def predict(percept, table, rows, folder):
    """Rows a second, and the memory for a tenth of the rows and for all."""
    part = folder + "/part.csv"
    with open(table) as whole, open(part, "w") as out:
        for _, line in zip(range(rows // 10 + 1), whole):
            out.write(line)
    memories = []
    for path in (part, table):
        with open(path) as file:
            _, total, _, memory = measured([percept, "predict", folder + "/run", "-", "--out", folder + "/out.csv"], stdin=file)
        memories.append(memory)
    print(f"\npredict: {rows / total:,.0f} rows a second; {memories[0]:.0f} MiB for a tenth of the rows, {memories[1]:.0f} MiB for all")


def main():
    percept, maker = sys.argv[1:3]
    python = sys.argv[3] if len(sys.argv) > 3 and os.environ.get("LARGE_PEERS") != "no" else None
    rows = int(os.environ.get("LARGE_ROWS", "1000000"))
    with tempfile.TemporaryDirectory() as folder:
        table = folder + "/large.csv"
        subprocess.run([maker, str(rows), table, "6"], check=True)
        print(f"{rows:,} rows, {os.path.getsize(table) / 1e6:,.0f} MB of CSV, {os.cpu_count()} cores\n")
        print(f"{'':32} {'reading s':>9} {'epoch s':>9} {'total s':>9} {'processor s':>11} {'peak MiB':>10} "
              f"{'accuracy':>9}", flush=True)
        own = train(percept, table, folder)
        if python:
            peers = [peer(python, table, threads) for threads in sorted({1, os.cpu_count()})]
            best = [min(seconds) / mine for seconds, mine in zip(zip(*peers), own)]
            print(f"{'ratio to the faster':32} {best[0]:29.1f} {best[1]:11.1f}")
        predict(percept, table, rows, folder)


main()
