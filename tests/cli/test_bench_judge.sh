#!/bin/bash
# What the table of `make bench` concludes from readings: near and far cores apart, no verdict on a noisy machine, ratios
# round by round. The readings are made up, so nothing is measured.
. "$(dirname "$0")/lib.sh"
need_command python3
cat >check.py <<'END'
import sys
sys.path.insert(0, sys.argv[1] + "/bench")
from contenders import BUILD, PEER, PERCEPT, Contender, Results
from goals import judge_goals
from judge import FAR, MOVED, NEAR, ONE, SHARED, Noise, Reading, at, place_between, places, ratios, spread, verdict
from works import BASELINE, Goal, Work


def machine(cores, peak=100.0, taken=0.0):
    return {"peak": peak, "taken": taken, "cores": cores}


def reading(seconds, before, after=None, threads=2, **figures):
    return Reading({"seconds": seconds, **figures}, threads, machine(before), machine(after or before))


# ---- Places ----
assert place_between(NEAR, NEAR) == NEAR and place_between(FAR, FAR) == FAR
assert place_between(NEAR, FAR) == MOVED and place_between(FAR, NEAR) == MOVED
assert place_between(SHARED, NEAR) == SHARED and place_between(NEAR, SHARED) == SHARED
assert reading(1, NEAR, FAR, threads=1).place == ONE, "one thread does not care where cores are"
mixed = [reading(1, NEAR), reading(2, FAR), reading(3, NEAR, FAR), reading(4, SHARED), reading(5, FAR, threads=1)]
assert [r.seconds() for r in at(mixed, NEAR)] == [1, 5] and [r.seconds() for r in at(mixed, FAR)] == [2, 5]
assert places(mixed) == [ONE, NEAR, FAR]
trips = [Reading({}, 2, {**machine(FAR), "round_trip": a}, {**machine(FAR), "round_trip": b}).round_trip()
         for a, b in ((300, 400), (None, 400))]
assert trips == [400, None]
assert spread([3, 1, 2, 10]) == (2.5, 1, 10)

# ---- Noise ----
quiet = Noise([[machine(NEAR, 100), machine(NEAR, 101)], [machine(NEAR, 104)]])
assert quiet.quiet and abs(quiet.spread - 3.5 / 102.25) < 1e-12
assert "3.4 %" in quiet.line() and "quiet enough" in quiet.line()
assert not Noise([[machine(NEAR, 100)], [machine(NEAR, 120)]]).quiet, "the peak differs between rounds"
busy = Noise([[machine(NEAR, taken=0.4)], [machine(NEAR, taken=0.3)]])
assert not busy.quiet and "no goal is judged" in busy.line()
assert [verdict(reached, quiet) for reached in (True, False, None)] == ["reached", "missed", "unknown"]
assert [verdict(reached, busy) for reached in (True, False, None)] == ["noisy", "noisy", "unknown"]

# ---- Two builds: rounds with both at one place count ----
ours, theirs = [reading(1, NEAR), reading(2, FAR), reading(2, NEAR)], [reading(3, NEAR), reading(9, NEAR), reading(8, NEAR)]
assert ratios(ours, theirs, NEAR) == [3, 4] and ratios(ours, theirs, FAR) == []


# ---- Goals ----
def contender(role, variant, readings, version=None):
    made = Contender(role, variant, version or variant, None, [readings[0].threads] if readings else [2])
    made.tried = {made.threads(): readings}
    if not readings:
        made.missing = "not there"
    return made


def judged(goals, contenders, noise=quiet):
    told = judge_goals(Results(Work("T", "", [2, 2], goals=goals), "data", contenders, noise, 3))
    return [(goal["cores"], goal["verdict"]) for goal in told]


own = contender(PERCEPT, "float32", [reading(1, NEAR, share=0.9), reading(2, FAR, share=0.6)])
share = [Goal("share", 0.85, cores=NEAR), Goal("share", 0.7, cores=FAR)]
assert judged(share, [own]) == [(NEAR, "reached"), (FAR, "missed")]
assert judged(share, [own], busy) == [(NEAR, "noisy"), (FAR, "noisy")]
near_only = contender(PERCEPT, "float32", [reading(1, NEAR, share=0.9)])
assert judged(share, [near_only]) == [(NEAR, "reached"), (FAR, "unknown")]
moving = contender(PERCEPT, "float32", [reading(1, NEAR, FAR, share=0.9)])
assert judged([Goal("share", 0.1)], [moving]) == [(None, "unknown")]
assert judged(share, [contender(PERCEPT, "float32", [])]) == [(NEAR, "unknown"), (FAR, "unknown")]

# One core is as near as can be, but says nothing of far ones.
single = contender(PERCEPT, "float32", [reading(1, ONE, threads=1, share=0.9)])
assert judged(share, [single]) == [(ONE, "reached"), (FAR, "unknown")]

# A peer of one thread stands beside near and far readings; the fastest one counts, at the same place.
slow, quick = contender(PEER, "numpy", [reading(5, NEAR, threads=1)]), contender(PEER, "torch", [reading(3, NEAR)])
assert judged([Goal("peers", 2.4)], [own, slow, quick]) == [(NEAR, "reached"), (FAR, "reached")]
assert judged([Goal("peers", 2.6)], [own, slow, quick]) == [(NEAR, "reached"), (FAR, "missed")]
assert judged([Goal("peers", 4)], [own, slow, quick]) == [(NEAR, "missed"), (FAR, "missed")]
assert judged([Goal("peers", 4, peer="numpy", cores=NEAR)], [own, slow, quick]) == [(NEAR, "reached")]
assert judged([Goal("peers", 4)], [own]) == [(NEAR, "unknown"), (FAR, "unknown")]

# Beside another build: goals against the baseline alone, and none against peers.
goals = [Goal("build", 1.5, cores=NEAR), Goal("peers", 2)]
base = contender(BUILD, "float32", [reading(2, NEAR), reading(2, FAR)], BASELINE + " float32")
assert judged(goals, [own, base]) == [(NEAR, "reached")]
assert judged([Goal("build", 1.5, cores=FAR)], [own, base]) == [(FAR, "missed")]
other = contender(BUILD, "float32", [reading(2, NEAR), reading(2, FAR)], "0123456 float32")
assert judged(goals, [own, other]) == [(NEAR, "unknown")]

# Other kinds: time, steps, the tail of times.
work_of_one = contender(PERCEPT, "float32", [reading(1, NEAR, threads=1, seconds_99=1.25)])
assert judged([Goal("seconds", 1), Goal("seconds", 0.9), Goal("tail", 1.3), Goal("tail", 1.2)], [work_of_one]) == [
    (ONE, "reached"), (ONE, "missed"), (ONE, "reached"), (ONE, "missed")]

# Memory has nothing to do with time: it is judged also where the cores moved, and on a busy machine.
large = contender(PERCEPT, "float32", [reading(1, NEAR, FAR, memory=4.0 * 50000 * 2)])
assert judged([Goal("memory", 1)], [large], busy) == [(None, "reached")]
assert judged([Goal("memory", 0.9)], [large], busy) == [(None, "missed")]
END
expect_status 0 python3 -B check.py "$SOURCE"
