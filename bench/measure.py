"""Measurements of Percept: each is one process, and gives a dictionary of figures. Those of peers are in rivals.py."""
import json
import os
import shutil
import subprocess
import time

from data import Missing, find_pictures, mnist_files
from jobs import JOBS
from settings import OUT, ROOT, SECONDS
from works import VARIANTS

LACKING = "processor lacks", "needs a processor with"  # what Percept says where nothing can be done about it
EPOCHS = 50  # after which a training begins anew
REACH = 0.975  # of the validation images


def run(command, threads, text=None, environment=None):
    environment = dict(os.environ, OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads),
                       MKL_NUM_THREADS=str(threads), POLARS_MAX_THREADS=str(threads), CUDA_VISIBLE_DEVICES="",
                       **(environment or {}))
    done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["status %d" % done.returncode]
        told = [line for line in lines if line.startswith("percept: ")] or lines[-1:]
        raise Missing(told[0][:140])
    return done.stdout


def is_lacking(reason):
    """Whether the processor is the reason."""
    return any(words in (reason or "") for words in LACKING)


def measure_machine(program, precision, threads, environment=None):
    """As judge.py wants it. The peak is that of the instructions that PERCEPT_ISA names in the environment of the work, or of
    float32 where the processor has nothing for the precision."""
    found = json.loads(run([program, "bench", "peak", "--rounds", "1", "--seconds", "0.1", "--threads", str(threads),
                            "--json"], threads, environment=environment))
    best = found[precision if precision in found else "float32"]["all_threads"]["gflops"]
    return {"peak": 1e9 * (found["chosen"]["gflops"] if "chosen" in found else best), "taken": found["taken"], "cores": found["round_trip"]["cores"],
            "round_trip": found["round_trip"]["nanoseconds"]}


# ---- Percept ---------------------------------------------------------------------------------------------------------


def recipe_flags(work, data, variant):
    features, labels, _ = data
    flags = ["--data", features, "--format", "idx", "--label-file", labels, "--layers",
             "-".join(map(str, work.layers)), "--validation", "0", "--set", "data.shuffle=false", "--batch-size",
             str(work.batch), "--epochs", str(EPOCHS)] + VARIANTS[variant].flags(work.rate)
    if work.l1 or work.l2:
        flags += ["--l1", str(work.l1), "--l2", str(work.l2)]
    return flags


def measure_percept(program, work, data, variant, threads, seed):
    """What one variant of Percept needs for the work."""
    if work.kind == "reach":
        return reach(program, work, threads, seed)
    if work.kind == "search":
        return search(program, variant, threads, seed)
    if work.kind in JOBS:
        return JOBS[work.kind](program, work, data, threads)
    flags = recipe_flags(work, data, variant)
    common = ["--threads", str(threads)]
    if work.kind == "gradcheck":
        begin = time.perf_counter()
        run([program, "gradcheck", *flags, *common, "--all", "--json"], threads)
        return {"seconds": time.perf_counter() - begin}
    rounds = ["--rounds", "1", "--seconds", str(SECONDS), "--json"]
    if work.kind == "predict":
        figures = json.loads(run([program, "bench", "predict", *flags, *common, *rounds], threads))
        return {"seconds": 1e-6 * figures["microseconds"], "seconds_99": 1e-6 * figures["microseconds_99"]}
    figures = json.loads(run([program, "bench", "train", *flags, *common, *rounds], threads,
                             environment=work.environment))
    assert figures["operations_per_epoch"] == work.operations()
    told = {"seconds_per_epoch": figures["seconds_per_epoch"]}
    if not work.environment:  # else the peak is another one
        told["share"] = figures["share_of_peak"]
    if judged_epochs(work) > 0:
        told["accuracy"] = judge(program, work, variant, threads, seed)
    return told


def judged_epochs(work):
    return int(os.environ.get("BENCH_JUDGED", work.judged)) if work.judged else 0


def judge(program, work, variant, threads, seed):
    """The accuracy on the pictures' test part after a training with this seed; None where they are not there."""
    name = find_pictures()[0]
    if name is None:
        return None
    folder = os.path.join(OUT, "judged")
    shutil.rmtree(folder, ignore_errors=True)
    run([program, "train", "--data", name, "--layers", "-".join(map(str, work.layers)), "--validation", "10000",
         *VARIANTS[variant].flags(work.rate), "--batch-size", str(work.batch), "--epochs", str(judged_epochs(work)),
         "--seed", str(seed), "--threads", str(threads), "--out", folder, "--quiet", "--no-plot"], threads)
    with open(os.path.join(folder, "summary.json")) as file:
        return json.load(file)["test"]["accuracy"]


def reached_in(path):
    """The first epoch of a metrics.csv that reached the goal, or None."""
    try:
        with open(path) as file:
            rows = [line.split(",") for line in file.read().split("\n")[:-1]]
    except FileNotFoundError:
        return None
    column = rows[0].index("valid_accuracy") if rows else 0
    return next((n for n, row in enumerate(rows[1:], 1) if float(row[column]) >= REACH), None)


def reach(program, work, threads, seed):
    """From the start of the process until metrics.csv reports the goal."""
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


def search(program, variant, threads, seed):
    """The search of the recipe, without training its winner anew; the accuracy is the winner's on the validation part."""
    mnist_files()
    strategy, precision = (variant.split() + ["float32"])[:2]
    folder = os.path.join(OUT, "search-" + strategy)
    shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    figures = json.loads(run([program, "search", os.path.join(ROOT, "recipes", "search", "ift6135-%s.yaml" % strategy),
                              "--seed", str(seed), "--set", "precision=" + precision, "--jobs", str(threads), "--out",
                              folder, "--no-best", "--quiet", "--json"], threads))
    return {"seconds": time.perf_counter() - begin, "accuracy": figures["trials"][0]["figure"]}
