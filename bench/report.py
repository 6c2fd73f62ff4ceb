"""Results as a table and as JSON."""
import datetime
import platform
import subprocess

from contenders import BUILD, PERCEPT
from goals import judge_goals, of_time
from judge import ALL_PLACES, ONE, PLACES, places, ratios, spread
from measure import is_lacking
from settings import CORES, ROOT

UNITS = {"train": "an epoch", "predict": "a prediction"}


# ---- The table -------------------------------------------------------------------------------------------------------


def label_of(contender):
    return contender.version + (", compiled" if contender.variant == "torch-compiled" and not contender.missing else "")


def details(results, contender, place, seconds):
    """What a row tells beside the time."""
    work = results.work
    if work.kind == "train":
        rate = work.operations() / seconds
        return "%7.2f GFLOP/s %5.1f %%" % (1e-9 * rate, 100 * rate / results.noise.peak)
    if contender.figure("memory", place) is not None:
        processor = contender.figure("processor", place)
        return "%s%.0f MB" % ("processor %s, " % of_time(processor) if processor else "",
                              1e-6 * contender.figure("memory", place))
    for name, text, factor in (("epochs", "%g epochs", 1), ("accuracy", "accuracy %.2f %%", 100),
                               ("networks", "from one epoch each", None), ("from", "from %d parameters", 1),
                               ("epochs_measured", "from %d epochs", 1), ("networks_measured", "from %d networks", 1)):
        value = contender.figure(name, place)
        if value is not None:
            return text if factor is None else text % (factor * value)
    tail = contender.figure("seconds_99", place)
    return "99 %%: %s" % of_time(tail) if tail is not None else ""


def over(percept, place, seconds):
    """How many times as long as Percept, at the same place; at each place if this is one thread's time."""
    if percept.seconds(place):
        return "  × %.2f" % (seconds / percept.seconds(place)[0])
    return "".join("  × %.2f %s" % (seconds / percept.seconds(at)[0], at) for at in places(percept.readings())
                   if place == ONE)


def where(contender, place):
    """How far apart the cores were: near 54 ns."""
    trips = [r.round_trip() for r in contender.readings() if r.place == place and r.round_trip()]
    if place not in PLACES:
        return place
    return "%s %.0f ns" % (place, spread(trips)[0]) if place != ONE and trips else ""


def print_rows(results, contender, percept):
    if contender.missing:
        print("  %-35s not measured: %s" % (label_of(contender), contender.missing))
        return
    for place in places(contender.readings(), ALL_PLACES):
        found = [r.seconds() for r in contender.readings() if r.place == place]
        median, least, most = spread(found)
        line = "  %-35s%3d  %-12s%12s  (%s … %s)" % (label_of(contender), contender.threads(), where(contender, place), of_time(median),
                                                  of_time(least), of_time(most))
        line = "%-88s %s" % (line, details(results, contender, place, median))
        print(line + (over(percept, place, median) if percept is not None and contender is not percept else ""))


def print_comparison(results):
    """This build beside the other one: the median of the ratios round by round."""
    for other in results.of(BUILD):
        ours = results.percept(other.variant)
        for place in places(ours.readings(), ALL_PLACES) if ours else ():
            found = ratios(ours.readings(), other.readings(), place)
            if found:
                print("  %-35s     %-12s%12.3f  (%.3f … %.3f)  times as fast as %s; %d round%s" % (
                    ours.version, "" if place == ONE else place, *spread(found), other.version, len(found),
                    "" if len(found) == 1 else "s"))


def print_results(results):
    work = results.work
    lacking = is_lacking(results.contenders[0].missing)
    print("\n%s  %s; %s, time of %s; peak %.1f GFLOP/s in %s" % (
        work.name, work.title, results.data, UNITS.get(work.kind, "all of it"), 1e-9 * results.noise.peak,
        "float32" if lacking else work.precision()))
    compared = results.of(BUILD)
    for contender in results.contenders:
        print_rows(results, contender, None if compared else results.percept())
    print_comparison(results)
    print("  machine: " + results.noise.line())
    for goal in judge_goals(results):
        about = [text for text in (goal["variant"] if len(work.percept) > 1 else None,
                                   goal["cores"] if goal["cores"] in PLACES[1:] else None) if text]
        print("  %s: %s%s" % (goal["verdict"], "".join(text + ", " for text in about), goal["text"]), flush=True)


# ---- JSON ------------------------------------------------------------------------------------------------------------


def processor_name():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.machine()


def commit():
    done = subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return done.stdout.strip() or None


def surroundings():
    """When and on what was measured."""
    return {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"), "processor": processor_name(),
            "cores": CORES, "commit": commit()}


def row_json(results, contender):
    row = {"name": label_of(contender) if contender.role != PERCEPT else "Percept " + contender.variant,
           "role": contender.role, "variant": contender.variant, "version": contender.version,
           "missing": contender.missing}
    if contender.missing:
        return row
    median, least, most = spread([r.seconds() for r in contender.readings()])
    row.update(threads=contender.threads(), seconds=median, seconds_least=least, seconds_most=most,
               readings=[{"seconds": r.seconds(), "cores": r.place, "round_trip_before": r.before.get("round_trip"),
                          "round_trip_after": r.after.get("round_trip"), **r.figures} for r in contender.readings()])
    tails = [r.figures["seconds_99"] for r in contender.readings() if "seconds_99" in r.figures]
    row["seconds_99"] = spread(tails)[0] if tails else None
    work = results.work
    if work.kind == "train":
        row.update(gflops=1e-9 * work.operations() / median, share_of_peak=work.operations() / median / results.noise.peak,
                   microseconds_per_step=1e6 * median / work.steps())
    return row


def ratios_json(results):
    told = []
    for other in results.of(BUILD):
        ours = results.percept(other.variant)
        for place in places(ours.readings(), ALL_PLACES) if ours else ():
            found = ratios(ours.readings(), other.readings(), place)
            if found:
                median, least, most = spread(found)
                told.append({"variant": other.variant, "cores": place, "build": other.version, "ratio": median,
                             "least": least, "most": most, "rounds": len(found)})
    return told


def results_json(results):
    work, noise = results.work, results.noise
    return {"work": work.name, "title": work.title, "kind": work.kind, "data": results.data, "rounds": results.rounds,
            **surroundings(), "peak_gflops": 1e-9 * noise.peak,
            "noise": {"spread": noise.spread, "taken": noise.taken, "quiet": noise.quiet},
            "rows": [row_json(results, c) for c in results.contenders], "ratios": ratios_json(results),
            "goals": judge_goals(results)}
