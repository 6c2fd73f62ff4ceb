"""make bench WORK=augment: elastic deformation of MNIST's pictures, by Percept as it trains, scipy.ndimage and torchvision.

    bench/augment.py PERCEPT PYTHON      PYTHON: one that has NumPy, SciPy and torchvision

All deform pictures of 28 x 28 by fields of σ 5 and α 36, bilinear, with one thread, in turn. Percept's time is that of gathering a
batch (percept bench train --explain), which scales the pixels, too. The peers get one picture at a time, as in the recipes that
people use: scipy smooths two fields of noise and looks each pixel up; torchvision's transform does the same with tensors.
"""
import json
import os
import statistics
import subprocess
import sys

SIGMA, ALPHA, GOAL_RATE, GOAL_RATIO = 5, 36, 30000, 10

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers", "elastic.py")


def output_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"augment: {command[0]} failed")
    return json.loads(done.stdout)


def of_percept(percept, seconds):
    found = output_of([percept, "bench", "train", "--data", "mnist", "--layers", "784-10", "--batch-size", "256",
                       "--threads", "1", "--set", f"data.augment.elastic={ALPHA}", "--set",
                       f"data.augment.elastic_sigma={SIGMA}", "--rounds", "1", "--seconds", str(seconds), "--explain",
                       "--json"])["explain"]
    return found["batch"] / found["gathering"]


def main(percept, python):
    rounds, seconds = int(os.environ.get("BENCH_ROUNDS", "5")), float(os.environ.get("BENCH_SECONDS", "3"))
    rates = {"Percept": []}
    for _ in range(rounds):
        rates["Percept"].append(of_percept(percept, seconds))
        for name, rate in output_of([python, PEER, str(SIGMA), str(ALPHA), str(seconds)]).items():
            rates.setdefault(name, []).append(rate)
    ours = statistics.median(rates["Percept"])
    print(f"{'elastic deformation':20} {'pictures/s':>12} {'least':>12} {'most':>12} {'Percept':>10}")
    for name, found in rates.items():
        middle = statistics.median(found)
        print(f"{name:20} {middle:12,.0f} {min(found):12,.0f} {max(found):12,.0f} {ours / middle:8.1f} x")
    fastest = max(statistics.median(found) for name, found in rates.items() if name != "Percept")
    print(f"goal {GOAL_RATE:,} pictures a second: {'reached' if ours >= GOAL_RATE else 'missed'}; goal {GOAL_RATIO} times "
          f"the fastest peer: {ours / fastest:.1f}, {'reached' if ours >= GOAL_RATIO * fastest else 'missed'}")


main(*sys.argv[1:])
