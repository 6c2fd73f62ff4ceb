"""The works that Percept and its peers do in turn, and how their arithmetic is counted."""

MNIST, DIGITS, CIRCLES = "mnist", "digits", "circles"


class Work:
    def __init__(self, name, title, layers, data=MNIST, examples=50000, batch=128, rate=0.1, output="softmax", l1=0.0,
                 l2=0.0, kind="train", threads=0, percept=("float32",), peers=(), goals=(), epochs=0, rounds=0, judged=0):
        self.name, self.title, self.kind = name, title, kind
        self.layers, self.output, self.l1, self.l2 = layers, output, l1, l2
        self.data, self.examples, self.batch, self.rate = data, examples, batch, rate
        self.threads = threads  # of Percept; 0: all cores. Peers are tried with 1 and with as many, the better one counts
        self.percept = percept  # precisions, or strategies of a search; the first is compared with the peers
        self.peers, self.goals = peers, goals
        self.epochs = epochs  # for reach: of the whole training, along which the rate falls as a half cosine; of a search
        self.rounds = rounds  # of what takes minutes; 0: as many as asked for
        self.judged = judged  # epochs after which the accuracy on the test part is told; 0: none is

    def operations(self):
        """Of an epoch, a multiply-add counted as two: n (sum of 6 in out - 2 in1 out1)."""
        products = [a * b for a, b in zip(self.layers, self.layers[1:])]
        return self.examples * (6 * sum(products) - 2 * products[0])


# The grid of a published notebook: recipes/search/ift6135-grid.yaml.
GRID = [(a, b, rate) for a in (392, 512, 768, 1024) for b in (256, 512, 768, 1024) for rate in (1, 0.1, 0.01)
        if 500000 <= 785 * a + (a + 1) * b + (b + 1) * 10 <= 1000000]

ALL = ("torch", "torch-compiled", "scikit-learn", "numpy", "fann")

WORKS = [
    Work("W1", "784-512-768-10, batch 128", [784, 512, 768, 10], peers=ALL,
         goals=[("share", 0.90), ("peers", 2)]),
    Work("W1b", "the same with products of bfloat16", [784, 512, 768, 10], percept=("bfloat16", "float32"), judged=10,
         goals=[("share", 0.90), ("over float32", 1.6), ("accuracy", 0.002)]),
    Work("W2", "784-64-10, batch 32, L1 and L2", [784, 64, 10], batch=32, l1=1e-4, l2=1e-4, peers=ALL,
         goals=[("peers", 4)]),
    Work("W3", "64-32-1, batch 10", [64, 32, 1], data=DIGITS, examples=890, batch=10, rate=0.01, output="sigmoid",
         threads=1, percept=("float32", "float64"), peers=ALL,
         goals=[("step", 2e-6), ("step float64", 3e-6), ("peers", 30)]),
    Work("W4", "2-128-2, batch 16", [2, 128, 2], data=CIRCLES, examples=768, batch=16, peers=ALL,
         goals=[("peers", 20)]),
    Work("W5", "24 networks of 784-392-512-10 to 784-768-256-10, 10 epochs each, both cores", [784, 512, 512, 10],
         kind="search", percept=("grid", "halving"), peers=("numpy",), epochs=10, rounds=1,
         goals=[("peers", 5), ("peers halving", 20), ("winner halving", 0.001)]),
    # Two epochs of this are the fastest way there that was found: of hidden layers from 128 to 1024, Adam and momentum,
    # rates, batches of 16 to 128, one epoch to six.
    Work("W6", "784-320-10, from nothing to 97.5 % of validation images right", [784, 320, 10], kind="reach", rate=0.01,
         epochs=2, peers=("torch",), goals=[("peers", 5)]),
    Work("W7", "784-512-768-10, one prediction", [784, 512, 768, 10], kind="predict", batch=1,
         peers=("torch", "torch-compiled", "onnxruntime", "numpy"), goals=[("peers", 1)]),
    Work("W8", "784-512-768-10, gradient check", [784, 512, 768, 10], kind="gradcheck", batch=1, percept=("float64",),
         peers=("numpy",), goals=[("seconds", 10)]),
]
