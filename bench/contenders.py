"""Who takes part in a work: Percept in its variants, peers, or another build of Percept; and all of their readings."""
import sys

from data import Missing, prepare_data
from judge import Noise, Reading, at, median_of, spread
from measure import measure_machine, measure_percept
from rivals import measure_peer
from settings import CORES, OUT

PERCEPT, PEER, BUILD = "percept", "peer", "build"


class Contender:
    """One that is measured in each round, with each number of threads that is tried; `variant` is the name of a variant of
    Percept or of a peer."""

    def __init__(self, role, variant, label, measure, threads, once=False):
        self.role, self.variant, self.version, self.measure = role, variant, label, measure
        self.missing, self.once = None, once
        self.tried = {count: [] for count in threads}

    def take_round(self, number, machine):
        if self.missing or (self.once and number > 0):
            return
        try:
            for threads, readings in self.tried.items():
                before = machine.last
                figures = self.measure(threads, number)
                readings.append(Reading(figures, threads, before, machine.measure()))
                self.version = figures.get("version", self.version)
        except Missing as reason:
            self.missing = str(reason)
            return
        if len(self.tried) > 1:  # the better one goes on
            best = min(self.tried, key=lambda threads: self.tried[threads][0].seconds())
            self.tried = {best: self.tried[best]}

    def threads(self):
        return next(iter(self.tried))

    def readings(self):
        return self.tried[self.threads()]

    def seconds(self, place):
        """Median, least and most, of an epoch or of the whole, at this place; None without readings there."""
        found = [r.seconds() for r in at(self.readings(), place)]
        return spread(found) if found else None

    def figure(self, name, place):
        return median_of(at(self.readings(), place), name)


class Machine:
    """Measured between readings: what comes after one is before the next. Each round begins a new list."""

    def __init__(self, program, precision, threads, environment):
        self.arguments, self.rounds, self.last = (program, precision, threads, environment), [], None

    def begin_round(self):
        self.rounds.append([])
        self.measure()

    def measure(self):
        self.last = measure_machine(*self.arguments)
        self.rounds[-1].append(self.last)
        return self.last


class Results:
    """Of one work: what its data are, the contenders with their readings, the machine's noise."""

    def __init__(self, work, data, contenders, noise, rounds):
        self.work, self.data, self.contenders, self.noise, self.rounds = work, data, contenders, noise, rounds

    def of(self, role):
        return [c for c in self.contenders if c.role == role and not c.missing]

    def percept(self, variant=None, role=PERCEPT):
        """The contender of a variant, or of the first one; None if it could not be measured."""
        wanted = variant or self.work.percept[0]
        return next((c for c in self.of(role) if c.variant == wanted), None)


def contenders_of(work, program, data, other):
    """`other`: (program, name) of the build to compare with, in place of the peers; or None."""
    threads, all_of = work.threads or CORES, []
    for variant in work.percept:
        builds = [(PERCEPT, program, "Percept")] + ([(BUILD, *other)] if other else [])
        for role, path, name in builds:
            all_of.append(Contender(role, variant, "%s %s" % (name, variant),
                                    lambda t, r, p=path, v=variant: measure_percept(p, work, data, v, t, r), [threads],
                                    once=work.rounds == 1 and "halving" not in variant))
    for peer in () if other else work.peers:
        all_of.append(Contender(PEER, peer, peer, lambda t, r, p=peer: measure_peer(p, work, data, t, r),
                                [1] if peer == "fann" else sorted({1, threads}), once=work.rounds == 1))
    return all_of


def do_work(work, program, rounds, other=None):
    """Measures all contenders in turn, forwards and backwards by turns, so that what comes later has no advantage."""
    data = prepare_data(work, program, OUT)
    contenders = contenders_of(work, program, data, other)
    machine = Machine(program, work.precision(), work.threads or CORES, work.environment)
    for number in range(rounds):
        print("%s: round %d of %d" % (work.name, number + 1, rounds), file=sys.stderr)
        machine.begin_round()
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            contender.take_round(number, machine)
    return Results(work, data[2], contenders, Noise(machine.rounds), rounds)
