"""Percept and its peers in turn: the same work on the same files, in rounds, medians with least and most.

    harness.py PROGRAM [--rounds N] [--compare PROGRAM NAME] [WORK...]      rows of works.py by name; all without a name

Between any two readings the machine is measured: its peak, what other programs take of it, and how far apart its cores are.
Readings with near and with far cores are kept apart; a machine that is too noisy is not judged by. With --compare another
build of Percept takes the place of the peers, and the ratios of both are printed.

Prints one table, and writes build/bench/NAME.json, and the same into a folder of this run in build/bench/runs. BENCH_ROUNDS
and BENCH_SECONDS in the environment say how often, and for how long each measurement goes on at least; BENCH_OUT,
BENCH_PYTHON and BENCH_FANN put others in place of build/bench, of the Python that has the peers, and of FANN's program;
BENCH_JUDGED other epochs in place of a work's own before its accuracy is measured; BENCH_ROWS and BENCH_NETWORKS other sizes
of the large tables and of W9. A peer that is not there is named; it is no error. That Percept cannot do its work is one.
scripts/bench runs this.
"""
import argparse
import datetime
import json
import os
import sys

from contenders import do_work
from measure import is_lacking
from report import print_results, results_json, surroundings
from settings import OUT
from works import WORKS


def arguments():
    parser = argparse.ArgumentParser(prog="make bench", description="Measures Percept beside its peers.")
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("BENCH_ROUNDS", "5")))
    parser.add_argument("--compare", nargs=2, metavar=("PROGRAM", "NAME"))
    parser.add_argument("works", nargs="*")
    told = parser.parse_intermixed_args()
    if told.rounds < 1:
        sys.exit("make bench: %d rounds; give a number from 1 on" % told.rounds)
    return told


def find_works(names):
    known = {work.name.lower(): work for work in WORKS}
    for name in names:
        if name.lower() not in known:
            sys.exit("make bench: no work %s; there are %s" % (name, ", ".join(work.name for work in WORKS)))
    return [known[name.lower()] for name in names] or WORKS


def keep(told, folders):
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, told["work"] + ".json"), "w") as file:
            json.dump(told, file, indent=2, ensure_ascii=False)
            file.write("\n")


def has_failed(results):
    """Percept could not do its work, and neither the processor nor missing data are the reason."""
    missing, work = results.contenders[0].missing, results.work
    return missing is not None and work.kind not in ("reach", "search") and not is_lacking(missing) and not (
        "PERCEPT_ISA" in work.environment and "PERCEPT_ISA" in missing)


def main():
    options = arguments()
    works = find_works(options.works)
    program = os.path.abspath(options.program)
    other = (os.path.abspath(options.compare[0]), options.compare[1]) if options.compare else None
    run = os.path.join(OUT, "runs", datetime.datetime.now().strftime("%Y-%m-%d-%H%M%S"))
    os.makedirs(OUT, exist_ok=True)
    print("{date}, {processor}, {cores} cores, {commit}".format(**surroundings()))
    print("Medians of %d round%s (least … most), threads, cores near or far, speed, share of the peak, time over Percept's" %
          (options.rounds, "" if options.rounds == 1 else "s"), flush=True)
    failed = False
    for work in works:
        results = do_work(work, program, options.rounds, other)
        failed = has_failed(results) or failed
        print_results(results)
        keep(results_json(results), [OUT, run])
    sys.exit(1 if failed else 0)


main()
