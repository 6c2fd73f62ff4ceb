"""Whether the goals of a work are reached: a sentence for each goal and each place of the cores at which it was measured."""
from contenders import BUILD, PEER
from judge import NEAR, ONE, mean_of, places, ratios, spread, verdict
from measure import judged_epochs
from works import BASELINE


def of_time(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1 or unit == "µs":
            return "%.4g %s" % (seconds * factor, unit)


# ---- Kinds of goals: each gives a sentence, and whether the goal is reached, or None where nothing can be said -----------


def judge_share(results, goal, which, place):
    share = which.figure("share", place)
    if share is None:
        share = results.work.operations() / which.seconds(place)[0] / results.noise.peak
    return "share of the peak %.1f %%, goal %.0f %%" % (100 * share, 100 * goal.value), share >= goal.value


def judge_peers(results, goal, which, place):
    peers = [c for c in results.of(PEER) if goal.peer in (None, c.variant) and c.seconds(place)]
    if not peers:
        return "no peer was measured; goal %g times %s" % (goal.value, goal.peer or "the fastest"), None
    fastest = min(peers, key=lambda c: c.seconds(place)[0])
    ratio = fastest.seconds(place)[0] / which.seconds(place)[0]
    return "%.2f times as fast as %s, goal %g" % (ratio, fastest.version, goal.value), ratio >= goal.value


def judge_build(results, goal, which, place):
    other = results.percept(which.variant, BUILD)
    if other is None or not other.version.startswith(BASELINE):
        return "goal %g times the build of %s, not measured; COMPARE=%s does" % (goal.value, BASELINE, BASELINE), None
    found = ratios(which.readings(), other.readings(), place)
    if not found:
        return "no round of both builds", None
    ratio = spread(found)[0]
    return "%.2f times as fast as %s, goal %g" % (ratio, BASELINE, goal.value), ratio >= goal.value


def judge_over(results, goal, which, place):
    slower = results.percept(goal.than)
    if slower is None or not slower.seconds(place):
        return "%s was not measured" % goal.than, None
    ratio = slower.seconds(place)[0] / which.seconds(place)[0]
    return "%.2f times as fast as %s, goal %g" % (ratio, goal.than, goal.value), ratio >= goal.value


def judge_winner(results, goal, which, place):
    first = results.percept()
    if first is None:
        return "%s was not measured" % results.work.percept[0], None
    worse = first.figure("accuracy", place) - which.figure("accuracy", place)
    return "its winner is %.2f points below that of %s, goal %g" % (100 * worse, first.variant, 100 * goal.value), \
        worse <= goal.value


def judge_accuracy(results, goal, which, place):
    means = [mean_of(results.percept(name).readings(), "accuracy") if results.percept(name) else None
             for name in results.work.percept[:2]]
    if None in means:
        return "accuracy not measured", None
    off = means[0] - means[1]
    return "%+.2f points of accuracy after %d epochs, mean of %d seeds, goal within %g" % (
        100 * off, judged_epochs(results.work), len(which.readings()), 100 * goal.value), abs(off) <= goal.value


def judge_seconds(results, goal, which, place):
    seconds = which.seconds(place)[0]
    return "%s, goal %s" % (of_time(seconds), of_time(goal.value)), seconds <= goal.value


def judge_step(results, goal, which, place):
    step = which.seconds(place)[0] / results.work.steps()
    return "%s a step, goal %s" % (of_time(step), of_time(goal.value)), step <= goal.value


def judge_tail(results, goal, which, place):
    tail = which.figure("seconds_99", place) / which.seconds(place)[0]
    return "99th percentile %.2f times the median, goal %g" % (tail, goal.value), tail <= goal.value


def judge_memory(results, goal, which, place):
    work = results.work
    memory = which.figure("memory", place) / (4 * work.rows * work.layers[0])
    return "peak memory %.2f times the features in float32, goal %g" % (memory, goal.value), memory <= goal.value


KINDS = {"share": judge_share, "peers": judge_peers, "build": judge_build, "over": judge_over, "winner": judge_winner,
         "accuracy": judge_accuracy, "seconds": judge_seconds, "step": judge_step, "tail": judge_tail, "memory": judge_memory}
NOT_OF_TIME = "winner", "accuracy", "memory"  # the same wherever the cores are, and however busy


# ---- All goals -------------------------------------------------------------------------------------------------------


def judge_goal(results, goal):
    """(place or None, sentence, reached or None): one for each place that counts."""
    which = results.percept(goal.variant)
    if which is None:
        yield goal.cores, "not measured", None
        return
    if goal.kind in NOT_OF_TIME:
        yield (None, *KINDS[goal.kind](results, goal, which, None))
        return
    seen = places(which.readings())
    alone = seen == [ONE] and goal.cores == NEAR  # one core is as near as can be
    wanted = seen if goal.cores is None or alone else [goal.cores]
    if not wanted:
        yield None, "the cores were neither near nor far throughout a round", None
    for place in wanted:
        if place not in seen:
            yield place, "no round with %s cores; goal %s %g" % (place, goal.kind, goal.value), None
        else:
            yield (place, *KINDS[goal.kind](results, goal, which, place))


def judge_goals(results):
    """A dictionary for each goal and place: text, verdict, cores, kind, goal, variant."""
    told = []
    compared = any(c.role == BUILD for c in results.contenders)  # peers were left out
    for goal in results.work.goals:
        if compared and goal.kind == "peers":
            continue
        for place, text, reached in judge_goal(results, goal):
            noise = None if goal.kind in NOT_OF_TIME else results.noise
            told.append({"kind": goal.kind, "goal": goal.value, "variant": goal.variant or results.work.percept[0],
                         "cores": place, "text": text, "verdict": verdict(reached, noise)})
    return told
