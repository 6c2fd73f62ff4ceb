"""What repeated readings say: medians, near and far cores apart, the noise of the machine, ratios. Nothing is measured here.

A reading is what one measurement found, with the machine before and after it. A machine is a dictionary: `peak` in operations
a second, `taken`, the fraction of the time that other programs took, and `cores`, how far apart the cores are: near, far,
shared (threads took turns on a core), or one core.
"""
import statistics

ONE, NEAR, FAR, SHARED, MOVED = "one core", "near", "far", "shared", "moved"
PLACES = (ONE, NEAR, FAR)  # at which something can be judged
ALL_PLACES = (*PLACES, MOVED, SHARED)

# Above this the machine is too noisy: the spread of the peak between rounds, or what other programs took of it.
NOISE = 0.10


class Reading:
    """Figures of a measurement with so many threads: where the cores were, as far as that matters to them."""

    def __init__(self, figures, threads, before, after):
        self.figures, self.threads, self.before, self.after = figures, threads, before, after
        self.place = ONE if threads == 1 else place_between(before["cores"], after["cores"])

    def round_trip(self):
        """Nanoseconds of a cache line between two cores, the longer one of before and after; None if it never came."""
        both = [self.before.get("round_trip"), self.after.get("round_trip")]
        return None if None in both else max(both)

    def seconds(self):
        return self.figures.get("seconds_per_epoch", self.figures.get("seconds"))


def place_between(before, after):
    if SHARED in (before, after):
        return SHARED
    return before if before == after else MOVED


def at(readings, place):
    """Those of one place, or all for None; what one thread does is the same everywhere."""
    return [r for r in readings if place is None or r.place in (place, ONE)]


def places(readings, among=PLACES):
    """At which there are readings, in a fixed order."""
    return [place for place in among if any(r.place == place for r in readings)]


def spread(values):
    """Median, least and most."""
    return statistics.median(values), min(values), max(values)


def median_of(readings, name):
    values = [r.figures[name] for r in readings if r.figures.get(name) is not None]
    return statistics.median(values) if values else None


def mean_of(readings, name):
    values = [r.figures[name] for r in readings if r.figures.get(name) is not None]
    return statistics.mean(values) if values else None


# ---- Noise -----------------------------------------------------------------------------------------------------------


class Noise:
    """How much the machine's peak differed between rounds, relative to the median, and what other programs took."""

    def __init__(self, rounds):
        """`rounds`: the machines of each round, a list of lists."""
        peaks = [statistics.median(machine["peak"] for machine in round) for round in rounds]
        self.peak, least, most = spread(peaks)
        self.spread = (most - least) / self.peak
        self.taken = statistics.median(machine["taken"] for round in rounds for machine in round)
        self.quiet = self.spread <= NOISE and self.taken <= NOISE

    def line(self):
        return "the peak differed by %.1f %% between rounds, other programs took %.1f %% of the time: %s" % (
            100 * self.spread, 100 * self.taken,
            "quiet enough" if self.quiet else "too noisy (above %.0f %%), so no goal is judged" % (100 * NOISE))


def verdict(reached, noise):
    """Of a goal: reached, missed, unknown (reached is None), or noisy. Without `noise` it is none of time."""
    if reached is None:
        return "unknown"
    return "noisy" if noise and not noise.quiet else "reached" if reached else "missed"


# ---- Two builds ------------------------------------------------------------------------------------------------------


def ratios(ours, theirs, place):
    """Their seconds over ours, round by round, of rounds in which both were at this place; above 1: ours is faster."""
    return [their.seconds() / our.seconds() for our, their in zip(ours, theirs) if our.place == their.place == place]
