"""Tables: test scores and processor seconds of Percept, of one changed setting at a time, and of other packages.

    bench/tables.py PERCEPT [--tables DIR] [--only NAME,...] [--seeds 0,1,2] [--jobs 2] [--rows preset,ablation,search,peers]
                    [--minutes 5] [--trials N] [--out FILE.csv]

DIR (default: PERCEPT_TABLES, else ../shared/tables) has a folder for each table: train.csv, valid.csv, test.csv, and
meta.json with target and kind. The score is the area under the ROC curve for two classes, the accuracy for more, and R² for
numbers. Every training has one thread; its time is that of the processor. A search (percept search) takes --minutes, or the time
of --trials trials, with one training at once. FILE gets a line for each training; trainings that
it has already are not repeated, so that a study can be stopped and continued.
"""
import argparse
import csv
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading

# Of a linear model and of the best result known, for the normalized score (score - linear) / (best - linear), not below 0.
KNOWN = {"credit": (.832, .851), "flights": (.668, .700), "hpc": (.729, .837), "birds": (.600, .691),
         "ames_log": (.845, .902), "diamonds": (.921, .982), "hotel": (.871, .938), "bikes": (.450, .942)}

# Changes of one ingredient of the preset, with one member: name, flags for targets, flags for classes (None: not done).
ABLATION = [
    ("one model, all ingredients", "", ""),
    ("gaps filled with means", "--missing mean", "--missing mean"),
    ("rare texts stay texts", "--set data.rare=1", "--set data.rare=1"),
    ("no embedding of numbers", "--embedding none", "--embedding none"),
    ("piecewise-linear, no map behind it", "--set model.embedding_size=0", "--set model.embedding_size=0"),
    ("periodic embedding", "--embedding periodic", "--embedding periodic"),
    ("robust scale and smooth clip", "--set data.scale=robust --set model.clip=3",
     "--set data.scale=robust --set model.clip=3"),
    ("ReLU", "--activation relu", "--activation relu"),
    ("no dropout", "--dropout 0", "--dropout 0"),
    ("vectors of texts decayed as weights", "--set train.decay_factors=table:1", "--set train.decay_factors=table:1"),
    ("no weight decay", "--weight-decay 0", "--weight-decay 0"),
    ("rate 0.001", "--learning-rate 0.001", "--learning-rate 0.001"),
    ("constant rate", "--schedule constant", "--schedule constant"),
    ("label smoothing 0.1", None, "--label-smoothing 0.1"),
    ("batch norm", "--normalize batch", "--normalize batch"),
    ("categories dropped, 1 %", "--set train.category_dropout=0.01", "--set train.category_dropout=0.01"),
    ("feature scale", "--set model.input_stages=feature-scale", "--set model.input_stages=feature-scale"),
    ("the last epoch", "--set train.keep=last", "--set train.keep=last"),
]
PRESET = [("plain", "--preset plain", "--preset plain"), ("one model", "--members 1", "--members 1"),
          ("eight members", "--members 8", "--members 8")]
PEERS = ["linear", "scikit-learn", "lightgbm", "catboost", "realmlp"]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("percept")
    parser.add_argument("--tables", default=os.environ.get("PERCEPT_TABLES", "../shared/tables"))
    parser.add_argument("--only", default="")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--rows", default="preset,peers")
    parser.add_argument("--minutes", default="5")
    parser.add_argument("--trials", default="")
    parser.add_argument("--out", default="build/bench/tables.csv")
    return parser.parse_args()


def timed(command):
    """Runs a command; returns its output and its processor seconds. The output is None if it fails."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    errors = []
    reader = threading.Thread(target=lambda: errors.append(child.stderr.read()))
    reader.start()
    output = child.stdout.read()
    reader.join()
    _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        sys.stderr.write(errors[0].decode(errors="replace")[-300:])
        return None, 0.0
    return output.decode(), usage.ru_utime + usage.ru_stime


def score_of(report, kind):
    if kind == "regression":
        return report["overall"]["r2"]
    return report["thresholds"]["roc_auc"] if kind == "binary" else report["accuracy"]


def search(percept, folder, meta, options, seed):
    """The same of the winner of a search."""
    scratch = tempfile.mkdtemp()
    target = "--targets" if meta["kind"] == "regression" else "--label"
    limit = ["--trials", options.trials] if options.trials else ["--minutes", options.minutes]
    try:
        output, seconds = timed([
            percept, "search", f"{folder}/train.csv", target, meta["target"], "--set",
            f"data.validation_file={folder}/valid.csv", "--set", f"data.test_file={folder}/test.csv", "--set",
            f"seed={seed}", "--seed", str(seed), "--jobs", "1", "--quiet", "--out", f"{scratch}/run"] + limit)
        if output is None:
            return None
        report, _ = timed([percept, "evaluate", f"{scratch}/run/best", "--part", "test", "--json", "--threads", "1"])
        return None if report is None else (score_of(json.loads(report), meta["kind"]), seconds)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def train(percept, folder, meta, flags, seed):
    """One training of Percept from the files as they are; returns the test score and the seconds, or None."""
    scratch = tempfile.mkdtemp()
    target = "--targets" if meta["kind"] == "regression" else "--label"
    try:
        output, seconds = timed([
            percept, "train", f"{folder}/train.csv", target, meta["target"], "--validation-file", f"{folder}/valid.csv",
            "--test-file", f"{folder}/test.csv", "--threads", "1", "--seed", str(seed), "--no-plot", "--quiet", "--out",
            f"{scratch}/run"] + flags.split())
        if output is None:
            return None
        report, _ = timed([percept, "evaluate", f"{scratch}/run", "--part", "test", "--json", "--threads", "1"])
        return None if report is None else (score_of(json.loads(report), meta["kind"]), seconds)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def compare(name, folder, meta, seed):
    """The same of another package (bench/peers/tables.py), or None where it is not installed."""
    python = "build/bench-venv/bin/python"
    if not os.path.exists(python):
        return None
    peer = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers", "tables.py")
    output, _ = timed([python, "-B", peer, name, folder, meta["target"], meta["kind"], str(seed)])
    return None if output is None else tuple(json.loads(output.strip().split("\n")[-1]))


class Study:
    def __init__(self, options):
        self.options = options
        self.done = {}
        if os.path.exists(options.out):
            with open(options.out, newline="") as file:
                for row, table, seed, score, seconds in csv.reader(file):
                    self.done[row, table, int(seed)] = (float(score), float(seconds))
        self.lock = threading.Lock()
        names = options.only.split(",") if options.only else sorted(os.listdir(options.tables))
        self.tables = {}
        for name in names:
            with open(f"{options.tables}/{name}/meta.json") as file:
                self.tables[name] = json.load(file)
        self.seeds = [int(seed) for seed in options.seeds.split(",")]

    def do(self, row, work):
        """Keeps the result of work(folder, meta, seed) for each table and seed, several at a time."""
        tasks = queue.Queue()
        for seed in self.seeds:
            for table in self.tables:
                if (row, table, seed) not in self.done:
                    tasks.put((table, seed))

        def run():
            while True:
                try:
                    table, seed = tasks.get_nowait()
                except queue.Empty:
                    return
                result = work(f"{self.options.tables}/{table}", self.tables[table], seed)
                if result is None:
                    continue
                with self.lock:
                    self.done[row, table, seed] = result
                    os.makedirs(os.path.dirname(self.options.out) or ".", exist_ok=True)
                    with open(self.options.out, "a", newline="") as file:
                        csv.writer(file).writerow([row, table, seed, f"{result[0]:.6f}", f"{result[1]:.2f}"])

        threads = [threading.Thread(target=run) for _ in range(self.options.jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def line(self, row):
        """A line of the table in Markdown: score of each table, normalized mean, seconds; None if nothing was done."""
        cells, normalized, seconds = [], [], 0.0
        for table in self.tables:
            results = [self.done[row, table, seed] for seed in self.seeds if (row, table, seed) in self.done]
            if not results:
                cells.append("–")
                continue
            score = sum(result[0] for result in results) / len(results)
            seconds += sum(result[1] for result in results) / len(results)
            cells.append(f"{score:.4f}".lstrip("0"))
            if table in KNOWN:
                linear, best = KNOWN[table]
                normalized.append(max(0.0, (score - linear) / (best - linear)))
        if all(cell == "–" for cell in cells):
            return None
        mean = f"{sum(normalized) / len(normalized):.3f}".lstrip("0") if len(normalized) == len(self.tables) else "–"
        return f"| {row} | {' | '.join(cells)} | {mean} | {seconds:.1f} |"


def main():
    options = arguments()
    study = Study(options)
    wanted = options.rows.split(",")
    print(f"| | {' | '.join(study.tables)} | normalized | seconds |")
    print("|---" * (len(study.tables) + 3) + "|", flush=True)
    rows = (PRESET if "preset" in wanted else []) + (
        [(name, f"{a} --members 1" if a is not None else None, f"{b} --members 1") for name, a, b in ABLATION]
        if "ablation" in wanted else [])
    for name, targets, classes in rows:
        def work(folder, meta, seed, targets=targets, classes=classes):
            flags = targets if meta["kind"] == "regression" else classes
            return None if flags is None else train(options.percept, folder, meta, flags, seed)
        study.do(name, work)
        print(study.line(name) or f"| {name} failed |", flush=True)
    if "search" in wanted:
        name = f"search, {options.trials} trials" if options.trials else f"search, {options.minutes} minutes"
        study.do(name, lambda folder, meta, seed: search(options.percept, folder, meta, options, seed))
        print(study.line(name) or f"| {name} failed |", flush=True)
    for peer in PEERS if "peers" in wanted else []:
        study.do(peer, lambda folder, meta, seed, peer=peer: compare(peer, folder, meta, seed))
        print(study.line(peer) or f"| {peer}: not installed |", flush=True)


main()
