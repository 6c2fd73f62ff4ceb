"""Percept and its peers in turn: the same work on the same files, in rounds, medians with least and most.

    harness.py PROGRAM [WORK...]      rows of works.py by name; all of them without a name

Writes build/bench/NAME.json and prints one table. BENCH_ROUNDS and BENCH_SECONDS in the environment say how often, and for
how long each measurement goes on at least; BENCH_OUT, BENCH_PYTHON and BENCH_FANN put others in place of build/bench, of
the Python that has the peers, and of FANN's program; BENCH_JUDGED other epochs in place of a work's own before its accuracy
is told. A peer that is not there is said; it is no error. That Percept cannot
do its work is one. scripts/bench runs this.
"""
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from data import Missing, find_pictures, mnist_files, prepare_data
from works import GRID, WORKS

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(os.path.dirname(HERE), "build")
OUT = os.environ.get("BENCH_OUT", os.path.join(BUILD, "bench"))
VENV = os.environ.get("BENCH_PYTHON", os.path.join(BUILD, "bench-venv", "bin", "python"))
FANN = os.environ.get("BENCH_FANN", os.path.join(BUILD, "release", "bench", "peer_fann"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
LACKING = "needs a processor with"  # what Percept says of bfloat16 where nothing can be done about it
EPOCHS = 50  # after which a training begins anew
CORES = len(os.sched_getaffinity(0))


# ---- Measurements: each is one process, and gives a dictionary of figures ----------------------------------------------


def run(command, threads, text=None):
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads),
                       MKL_NUM_THREADS=str(threads), CUDA_VISIBLE_DEVICES="")
    done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["status %d" % done.returncode]
        told = [line for line in lines if line.startswith("percept: ")] or lines[-1:]
        raise Missing(told[0][:140])
    return done.stdout


def recipe_flags(work, data, precision):
    features, labels, _ = data
    flags = ["--data", features, "--format", "idx", "--label-file", labels, "--layers",
             "-".join(map(str, work.layers)), "--precision", precision, "--validation", "0",
             "--set", "data.shuffle=false", "--optimizer", "sgd", "--learning-rate", str(work.rate), "--batch-size",
             str(work.batch), "--epochs", str(EPOCHS)]
    if work.l1 or work.l2:
        flags += ["--l1", str(work.l1), "--l2", str(work.l2)]
    return flags


def measure_percept(program, work, data, precision, threads, seed):
    if work.kind == "reach":
        return reach_percept(program, work, threads, seed)
    if work.kind == "search":
        return search_percept(program, precision, threads)
    flags = recipe_flags(work, data, precision)
    common = ["--threads", str(threads)]
    if work.kind == "gradcheck":
        begin = time.perf_counter()
        run([program, "gradcheck", *flags, *common, "--all", "--json"], threads)
        return {"seconds": time.perf_counter() - begin}
    rounds = ["--rounds", "1", "--seconds", str(SECONDS), "--json"]
    if work.kind == "predict":
        figures = json.loads(run([program, "bench", "predict", *flags, *common, *rounds], threads))
        return {"seconds": 1e-6 * figures["microseconds"], "seconds_99": 1e-6 * figures["microseconds_99"]}
    figures = json.loads(run([program, "bench", "train", *flags, *common, *rounds], threads))
    assert figures["operations_per_epoch"] == work.operations()
    told = {"seconds_per_epoch": figures["seconds_per_epoch"], "share": figures["share_of_peak"]}
    if judged_epochs(work) > 0:
        told["accuracy"] = judge_percept(program, work, precision, threads, seed)
    return told


def judged_epochs(work):
    return int(os.environ.get("BENCH_JUDGED", work.judged)) if work.judged else 0


def judge_percept(program, work, precision, threads, seed):
    """The accuracy on the pictures' test part after a training with this seed; None where they are not there."""
    name = find_pictures()[0]
    if name is None:
        return None
    folder = os.path.join(OUT, "judged")
    shutil.rmtree(folder, ignore_errors=True)
    run([program, "train", "--data", name, "--layers", "-".join(map(str, work.layers)), "--validation", "10000",
         "--optimizer", "sgd", "--learning-rate", str(work.rate), "--batch-size", str(work.batch), "--epochs",
         str(judged_epochs(work)), "--seed", str(seed), "--precision", precision, "--threads", str(threads), "--out", folder,
         "--quiet", "--no-plot"], threads)
    with open(os.path.join(folder, "summary.json")) as file:
        return json.load(file)["test"]["accuracy"]


REACH = 0.975  # of the validation images


def reached_in(path):
    """The first epoch of a metrics.csv that reached the goal, or None."""
    try:
        with open(path) as file:
            rows = [line.split(",") for line in file.read().split("\n")[:-1]]
    except FileNotFoundError:
        return None
    at = rows[0].index("valid_accuracy") if rows else 0
    return next((n for n, row in enumerate(rows[1:], 1) if float(row[at]) >= REACH), None)


def reach_percept(program, work, threads, seed):
    """From the start of the process until metrics.csv tells of the goal."""
    mnist_files()
    folder = os.path.join(OUT, "reach")
    metrics = os.path.join(folder, "metrics.csv")
    shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    process = subprocess.Popen([program, "train", "--data", "mnist", "--layers", "-".join(map(str, work.layers)),
                                "--optimizer", "adam", "--learning-rate", str(work.rate), "--batch-size",
                                str(work.batch), "--epochs", str(work.epochs), "--schedule", "cosine", "--seed",
                                str(seed), "--threads", str(threads), "--out", folder, "--quiet", "--no-plot"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while reached_in(metrics) is None and process.poll() is None:
        time.sleep(0.002)
    seconds, epochs = time.perf_counter() - begin, reached_in(metrics)
    process.terminate()
    process.wait()
    if epochs is None:
        raise Missing("%d epochs did not reach the goal" % work.epochs)
    return {"seconds": seconds, "epochs": epochs}


def search_percept(program, strategy, threads):
    """The search of the recipe, without training its winner anew; the accuracy is the winner's on the validation part."""
    mnist_files()
    folder = os.path.join(OUT, "search-" + strategy)
    shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    figures = json.loads(run([program, "search", os.path.join(os.path.dirname(HERE), "recipes", "search",
                                                              "ift6135-%s.yaml" % strategy),
                              "--jobs", str(threads), "--out", folder, "--no-best", "--quiet", "--json"], threads))
    return {"seconds": time.perf_counter() - begin, "accuracy": figures["trials"][0]["figure"]}


def measure_peer(name, work, data, threads, seed):
    if name == "fann":
        if not os.path.exists(FANN):
            raise Missing("not built: libfann-dev is not installed")
        sizes = map(str, work.layers)
        return json.loads(run([FANN, *data[:2], str(work.batch), str(work.rate), str(SECONDS), str(EPOCHS), *sizes], threads))
    if not os.path.exists(VENV):
        raise Missing("no Python packages: build/bench-venv could not be made")
    spec = {"layers": work.layers, "batch": work.batch, "rate": work.rate, "l1": work.l1, "l2": work.l2,
            "output": work.output, "kind": work.kind, "seconds": SECONDS, "epochs": work.epochs or EPOCHS,
            "threads": threads, "features": data[0], "labels": data[1], "seed": seed, "goal": REACH, "grid": GRID}
    if work.kind == "reach":
        spec["images"], spec["answers"] = mnist_files()
    begin = time.perf_counter()
    figures = json.loads(run([VENV, os.path.join(HERE, "peers", "peer.py"), name], threads, json.dumps(spec)))
    if work.kind == "reach":
        figures["seconds"] = time.perf_counter() - begin
    return figures


def measure_peak(program, precision, threads):
    """Operations a second; in float32 where the processor has nothing for the precision."""
    peaks = json.loads(run([program, "bench", "peak", "--rounds", "1", "--seconds", "0.4", "--threads", str(threads),
                            "--json"], threads))
    return 1e9 * peaks[precision if precision in peaks else "float32"]["all_threads"]["gflops"]


# ---- One work ------------------------------------------------------------------------------------------------------------


class Contender:
    """Percept in one precision, or a peer: its figures of all rounds, for each number of threads that is tried."""

    def __init__(self, name, measure, threads):
        self.name, self.measure, self.missing, self.version = name, measure, None, name
        self.tried = {count: [] for count in threads}

    def take_round(self, number):
        if self.missing:
            return
        try:
            for threads, figures in self.tried.items():
                figures.append(self.measure(threads, number))
                self.version = figures[-1].get("version", self.version)
        except Missing as reason:
            self.missing = str(reason)
            return
        if len(self.tried) > 1:  # the better one goes on
            best = min(self.tried, key=lambda threads: self.seconds(threads)[0])
            self.tried = {best: self.tried[best]}

    def seconds(self, threads=None):
        """Median, least and most, of an epoch or of the whole."""
        figures = self.tried[threads if threads is not None else next(iter(self.tried))]
        values = [f.get("seconds_per_epoch", f.get("seconds")) for f in figures]
        return statistics.median(values), min(values), max(values)

    def figure(self, name):
        values = [f[name] for f in next(iter(self.tried.values())) if name in f]
        return statistics.median(values) if values else None

    def mean(self, name):
        values = [f[name] for f in next(iter(self.tried.values())) if f.get(name) is not None]
        return statistics.mean(values) if values else None

    def threads(self):
        return next(iter(self.tried))


def precision_of_peak(work):
    return "float32" if work.kind == "search" else work.percept[0]


def do_work(work, program):
    data = prepare_data(work, program, OUT)
    threads = work.threads or CORES
    contenders = []
    for precision in work.percept:
        contenders.append(Contender("Percept " + precision, lambda t, r, p=precision: measure_percept(
            program, work, data, p, t, r), [threads]))
    for peer in work.peers:
        contenders.append(Contender(peer, lambda t, r, p=peer: measure_peer(p, work, data, t, r), sorted({1, threads})
                                    if peer != "fann" else [1]))
    peaks = []
    for r in range(work.rounds or ROUNDS):
        print("%s: round %d of %d" % (work.name, r + 1, work.rounds or ROUNDS), file=sys.stderr)
        peaks.append(measure_peak(program, precision_of_peak(work), threads))
        for contender in contenders:
            contender.take_round(r)
    return data[2], statistics.median(peaks), contenders


# ---- What is told ----------------------------------------------------------------------------------------------------------


def of_time(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1 or unit == "µs":
            return "%.4g %s" % (seconds * factor, unit)


def goal_lines(work, contenders):
    """(text, reached or None where nothing can be said) for each goal."""
    by_name = {c.name: c for c in contenders if not c.missing}
    percept = by_name.get("Percept " + work.percept[0])
    peers = [c for c in contenders if c.name in work.peers and not c.missing]

    def named(kind):
        """Percept in the precision, or with the strategy, that a goal's second word tells; else the first."""
        return by_name.get("Percept " + (kind.split() + [work.percept[0]])[1])

    for kind, goal in work.goals:
        which = named(kind)
        if percept is None or which is None:
            yield "%s: not measured" % kind, None
        elif kind == "share":
            yield "share of the peak %.1f %%, goal %.0f %%" % (100 * percept.figure("share"), 100 * goal), \
                percept.figure("share") >= goal
        elif kind.startswith("peers") and not peers:
            yield "no peer was there; goal %g times the fastest" % goal, None
        elif kind.startswith("peers"):
            fastest = min(peers, key=lambda c: c.seconds()[0])
            ratio = fastest.seconds()[0] / which.seconds()[0]
            yield "%s is %.1f times as fast as the fastest peer (%s), goal %g" % (which.name, ratio, fastest.name, goal), \
                ratio >= goal
        elif kind.startswith("winner"):
            worse = percept.figure("accuracy") - which.figure("accuracy")
            yield "the winner of %s is %.2f points worse than that of all, goal %g" % (
                which.name.split()[1], 100 * worse, 100 * goal), worse <= goal
        elif kind.startswith("over "):
            ratio = which.seconds()[0] / percept.seconds()[0]
            yield "%.2f times as fast as %s, goal %g" % (ratio, which.name.split()[1], goal), ratio >= goal
        elif kind == "accuracy":
            means = [by_name["Percept " + precision].mean("accuracy") for precision in work.percept]
            off = means[0] - means[1] if None not in means else None
            yield ("accuracy: not measured" if off is None else
                   "%+.2f points of accuracy after %d epochs, mean of %d seeds, goal within %g" % (
                       100 * off, judged_epochs(work), ROUNDS, 100 * goal)), None if off is None else abs(off) <= goal
        elif kind == "seconds":
            yield "%s, goal %s" % (of_time(percept.seconds()[0]), of_time(goal)), percept.seconds()[0] <= goal
        else:
            step = which.seconds()[0] / steps(work)
            yield "%s a step in %s, goal %s" % (of_time(step), which.name.split()[1], of_time(goal)), step <= goal


def steps(work):
    return -(-work.examples // work.batch)


def print_row(work, contender, peak, percept):
    label = contender.version + (", compiled" if contender.name == "torch-compiled" and not contender.missing else "")
    if contender.missing:
        print("  %-26s not measured: %s" % (label, contender.missing))
        return
    median, least, most = contender.seconds()
    line = "  %-26s%3d  %12s  (%s … %s)" % (label, contender.threads(), of_time(median), of_time(least), of_time(most))
    line = "%-66s" % line
    if work.kind == "train":
        rate = work.operations() / median
        line += " %7.2f GFLOP/s %5.1f %%" % (1e-9 * rate, 100 * rate / peak)
    elif contender.figure("seconds_99"):
        line += "  99 %%: %s" % of_time(contender.figure("seconds_99"))
    elif contender.figure("epochs"):
        line += "  %g epochs" % contender.figure("epochs")
    elif contender.figure("accuracy"):
        line += "  accuracy %.2f %%" % (100 * contender.figure("accuracy"))
    elif contender.figure("networks"):
        line += "  from one epoch each"
    elif contender.figure("from"):
        line += "  from %d parameters" % contender.figure("from")
    if percept is not None and contender is not percept:
        line += "  × %.2f" % (median / percept.seconds()[0])
    print(line)


def tell(work, data, peak, contenders):
    unit = {"train": "an epoch", "predict": "a prediction", "gradcheck": "all of it", "reach": "all of it",
            "search": "all of it"}[work.kind]
    lacking = LACKING in (contenders[0].missing or "")
    print("\n%s  %s; %s, time of %s; peak %.1f GFLOP/s in %s" % (work.name, work.title, data, unit, 1e-9 * peak,
                                                               "float32" if lacking else precision_of_peak(work)))
    percept = contenders[0] if not contenders[0].missing else None
    for contender in contenders:
        print_row(work, contender, peak, percept)
    for text, reached in goal_lines(work, contenders):
        print("  %s: %s" % ({True: "reached", False: "short", None: "unknown"}[reached], text))
    sys.stdout.flush()


def as_json(work, data, peak, contenders):
    rows = []
    for c in contenders:
        row = {"name": c.name, "version": c.version, "missing": c.missing}
        if not c.missing:
            median, least, most = c.seconds()
            row.update(threads=c.threads(), seconds=median, seconds_least=least, seconds_most=most,
                       seconds_99=c.figure("seconds_99"))
            if work.kind == "train":
                row.update(gflops=1e-9 * work.operations() / median, share_of_peak=work.operations() / median / peak,
                           microseconds_per_step=1e6 * median / steps(work))
        rows.append(row)
    goals = [{"text": text, "reached": reached} for text, reached in goal_lines(work, contenders)]
    return {"work": work.name, "title": work.title, "kind": work.kind, "data": data, "rounds": work.rounds or ROUNDS,
            "peak_gflops": 1e-9 * peak, "rows": rows, "goals": goals}


def main():
    program, names = os.path.abspath(sys.argv[1]), sys.argv[2:]
    known = {work.name: work for work in WORKS}
    for name in names:
        if name not in known:
            sys.exit("make bench: no work %s; there are %s" % (name, ", ".join(known)))
    os.makedirs(OUT, exist_ok=True)
    print("Medians of %d rounds (least … most), threads, speed, share of the peak, time over Percept's" % ROUNDS)
    failed = False
    for work in [known[name] for name in names] or WORKS:
        result = do_work(work, program)
        missing = result[2][0].missing
        failed = failed or (missing is not None and work.kind not in ("reach", "search") and LACKING not in missing)
        tell(work, *result)
        with open(os.path.join(OUT, work.name + ".json"), "w") as file:
            json.dump(as_json(work, *result), file, indent=2, ensure_ascii=False)
            file.write("\n")
    sys.exit(1 if failed else 0)


main()
