"""The works that Percept and its peers do in turn, how their arithmetic is counted, and their goals."""

from settings import NETWORKS, ROWS

MNIST, DIGITS, CIRCLES, CLASSES = "mnist", "digits", "circles", "digits of ten classes"
NUMBERS, PIXELS = "numbers", "pixels"  # tables in CSV

# The build that goals of the kind "build" are measured against, with --compare 9bcd3fb.
BASELINE = "9bcd3fb"


class Goal:
    """What a variant of Percept should reach; without a variant the work's first one, without cores near and far alike.

    share     of the peak, at least
    peers     times as fast as the fastest peer; with `peer`, as this one alone
    build     times as fast as the build of BASELINE
    over      times as fast as the variant `than`
    winner    points that its winner may be below that of the first variant, as a fraction
    accuracy  difference from the second variant, at most, as a fraction
    seconds   at most
    step      seconds of a step, at most
    tail      99th percentile over the median, at most
    memory    peak memory over that of the data in float32, at most
    """

    def __init__(self, kind, value, variant=None, cores=None, peer=None, than=None):
        self.kind, self.value, self.variant, self.cores, self.peer, self.than = kind, value, variant, cores, peer, than


class Variant:
    """A way in which Percept does a work: flags of `percept train`, and a learning rate in place of the work's own."""

    def __init__(self, precision="float32", optimizer="sgd", rate=None, momentum=0.0):
        self.precision, self.optimizer, self.rate, self.momentum = precision, optimizer, rate, momentum

    def flags(self, rate):
        return ["--precision", self.precision, "--optimizer", self.optimizer, "--learning-rate",
                str(rate if self.rate is None else self.rate)] + (
                    ["--set", "train.momentum=%g" % self.momentum] if self.momentum else [])


VARIANTS = {"float32": Variant(), "float64": Variant("float64"), "bfloat16": Variant("bfloat16"),
            "adam": Variant(optimizer="adam", rate=0.001), "adamw": Variant(optimizer="adamw", rate=0.001),
            "rmsprop": Variant(optimizer="rmsprop", rate=0.001), "momentum": Variant(rate=0.01, momentum=0.9)}


class Work:
    def __init__(self, name, title, layers, data=MNIST, examples=50000, batch=128, rate=0.1, output="softmax", l1=0.0,
                 l2=0.0, kind="train", threads=0, percept=("float32",), peers=(), goals=(), epochs=0, rounds=0, judged=0,
                 environment=None, networks=0, rows=0, valid=0, target=()):
        self.name, self.title, self.kind = name, title, kind
        self.layers, self.output, self.l1, self.l2 = layers, output, l1, l2
        self.data, self.examples, self.batch, self.rate = data, examples, batch, rate
        self.threads = threads  # of Percept; 0: all cores. Peers are tried with 1 and with as many, the better one counts
        self.percept = percept  # variants, or strategies of a search; the first is compared with the peers
        self.peers, self.goals = peers, goals
        self.epochs = epochs  # for reach: of the whole training, along which the rate falls as a half cosine; of a search
        self.rounds = rounds  # of what takes minutes, except for variants with a seed; 0: as many as asked for
        self.judged = judged  # epochs after which the accuracy on the test part is measured; 0: it is not
        self.environment = environment or {}  # of Percept and of peers
        self.networks = networks  # that are trained at once
        self.rows = rows or examples  # of the data
        self.valid = valid  # examples of the validation part
        self.target = list(target)  # flags that name the column of a table to predict

    def operations(self):
        """Of an epoch, a multiply-add counted as two: n (sum of 6 in out - 2 in1 out1)."""
        products = [a * b for a, b in zip(self.layers, self.layers[1:])]
        return self.examples * (6 * sum(products) - 2 * products[0])

    def steps(self):
        """Of an epoch."""
        return -(-self.examples // self.batch)

    def precision(self):
        """Of the peak that a share is taken of."""
        return VARIANTS[self.percept[0]].precision if self.percept[0] in VARIANTS else "float32"


# The grid of a published notebook: recipes/search/ift6135-grid.yaml.
GRID = [(a, b, rate) for a in (392, 512, 768, 1024) for b in (256, 512, 768, 1024) for rate in (1, 0.1, 0.01)
        if 500000 <= 785 * a + (a + 1) * b + (b + 1) * 10 <= 1000000]

ALL = ("torch", "torch-compiled", "scikit-learn", "numpy", "fann")
LARGE = [784, 512, 768, 10]
OPTIMIZERS = ("adam", "adamw", "momentum", "rmsprop")
AVX2 = {"PERCEPT_ISA": "avx2", "ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}

WORKS = [
    Work("W1", "784-512-768-10, batch 128", LARGE, peers=ALL,
         goals=[Goal("share", 0.92, cores="near"), Goal("share", 0.85, cores="far"), Goal("build", 1.2, cores="far")]),
    Work("W1a", "the same with optimizers that have a state", LARGE, percept=OPTIMIZERS,
         peers=("torch", "torch-compiled", "scikit-learn"),
         goals=[goal for name in OPTIMIZERS for goal in (
             Goal("share", 0.87, name, "near"), Goal("share", 0.76, name, "far"), Goal("build", 1.4, name, "far"))]),
    Work("W1b", "the same with products of bfloat16", LARGE, percept=("bfloat16", "float32"), judged=10,
         goals=[Goal("share", 0.82), Goal("over", 1.8, than="float32"), Goal("accuracy", 0.002)]),
    Work("W1c", "the same with AVX2 alone, one thread", LARGE, threads=1, percept=("float32", "adam"),
         environment=AVX2, peers=("torch",),
         goals=[Goal("share", 0.88), Goal("build", 1.2), Goal("peers", 1.4)]),
    Work("W2", "784-64-10, batch 32, L1 and L2", [784, 64, 10], batch=32, l1=1e-4, l2=1e-4, peers=ALL,
         goals=[Goal("seconds", 0.074), Goal("build", 1.6)]),
    Work("W3", "64-32-1, batch 10", [64, 32, 1], data=DIGITS, examples=890, batch=10, rate=0.01, output="sigmoid",
         threads=1, percept=("float32", "float64"), peers=ALL, goals=[Goal("peers", 20, peer="fann")]),
    Work("W4", "2-128-2, batch 16", [2, 128, 2], data=CIRCLES, examples=768, batch=16, peers=ALL,
         goals=[Goal("peers", 25, peer="fann")]),
    Work("W5", "24 networks of 784-392-512-10 to 784-768-256-10, 10 epochs each, both cores", [784, 512, 512, 10],
         kind="search", percept=("grid", "halving", "grid bfloat16"), peers=("numpy",), epochs=10, rounds=1,
         goals=[Goal("peers", 6.3), Goal("peers", 9, "grid bfloat16"), Goal("peers", 25, "halving"),
                Goal("winner", 0.001, "halving")]),
    # Two epochs of this are the fastest way there that was found: of hidden layers from 128 to 1024, Adam and momentum,
    # rates, batches of 16 to 128, one epoch to six.
    Work("W6", "784-320-10, from nothing to 97.5 % of validation images right", [784, 320, 10], kind="reach", rate=0.01,
         epochs=2, peers=("torch",), goals=[Goal("peers", 10)]),
    Work("W7", "784-512-768-10, one prediction", LARGE, kind="predict", batch=1,
         peers=("torch", "torch-compiled", "onnxruntime", "numpy"), goals=[Goal("peers", 1.5), Goal("tail", 1.3)]),
    Work("W8", "784-512-768-10, gradient check", LARGE, kind="gradcheck", batch=1, percept=("float64",),
         peers=("numpy",), goals=[Goal("seconds", 0.2)]),
    Work("W9", f"{NETWORKS:,} networks 64-32-10 with learning rates of their own, batch 32, 50 epochs", [64, 32, 10], data=CLASSES,
         examples=1257, valid=270, rows=1797, batch=32, kind="many", networks=NETWORKS, epochs=50,
         peers=("jax", "torch-vmap", "scikit-learn"), goals=[Goal("peers", 5), Goal("build", 1.3)]),
    Work("W10", f"predictions of {ROWS:,} rows, CSV to CSV, 50-256-256-1", [50, 256, 256, 1], data=NUMBERS,
         examples=ROWS, kind="rows", target=("--targets", "y"), peers=("polars", "pandas"),
         goals=[Goal("peers", 3), Goal("build", 1.8)]),
    Work("W10b", f"predictions of {ROWS // 10:,} rows, CSV to CSV, 784-512-10", [784, 512, 10], data=PIXELS,
         examples=ROWS // 10, kind="rows", target=("--label", "label"), peers=("polars", "pandas"),
         goals=[Goal("peers", 3), Goal("build", 1.8)]),
    Work("start", f"process start to first step on {ROWS:,} rows of 50 columns in CSV", [50, 8, 1], data=NUMBERS,
         examples=ROWS, kind="start", target=("--targets", "y"), peers=("polars",),
         goals=[Goal("peers", 1), Goal("memory", 1.1)]),
]
