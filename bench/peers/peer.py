"""One measurement of one peer: peer.py PEER, with the work as JSON on standard input; the figures as JSON on standard
output. Each is a process of its own, so that nothing of one peer is left when the next one runs.

A training is timed over whole epochs, drawing of the order, loss and accuracy of the training pass included, after one
that is not counted; a prediction alone, from an array of one example to an array of outputs.
"""
import json
import sys
import time

import numpy as np


def read_idx(path):
    """Bytes of an IDX file, as it is laid out: 0 0 type rank, the sizes, the items."""
    raw = open(path, "rb").read()
    rank = raw[3]
    shape = [int.from_bytes(raw[4 + 4 * d:8 + 4 * d], "big") for d in range(rank)]
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


def time_epochs(peer, seconds, anew):
    """Seconds of an epoch: as many as fill the time, after one to warm up. After so many epochs the training begins anew:
    what is trained for ever comes to numbers near 0, which cost more time than others."""
    peer.epoch()
    weights = [W.copy() for W in peer.arrays()]
    epochs, begin = 0, time.perf_counter()
    while epochs == 0 or time.perf_counter() - begin < seconds:
        peer.epoch()
        epochs += 1
        if epochs % anew == 0:
            for W, kept in zip(peer.arrays(), weights):
                W[...] = kept
    return {"seconds_per_epoch": (time.perf_counter() - begin) / epochs}


def time_calls(call, seconds, most=20000):
    """Median and 99th percentile of the seconds of a call."""
    for _ in range(50):
        call()
    times, end = [], time.perf_counter() + seconds
    while len(times) < most and (not times or time.perf_counter() < end):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return {"seconds": float(np.median(times)), "seconds_99": float(np.quantile(times, 0.99))}


# ---- NumPy, as the notebooks write it: float64, products of matrices, one line a formula ----------------------------


class Numpy:
    version = "NumPy " + np.__version__

    def __init__(self, work, X, y):
        self.work, self.X, self.y = work, X / 255.0, y
        rng = self.rng = np.random.default_rng(0)
        sizes = work["layers"]
        self.W = [rng.uniform(-1, 1, (a, b)) / np.sqrt(a) for a, b in zip(sizes, sizes[1:])]
        self.b = [np.zeros(b) for b in sizes[1:]]
        classes = max(sizes[-1], 2)
        self.T = np.eye(classes)[y] if sizes[-1] > 1 else y[:, None].astype(float)

    def forward(self, A):
        kept = [A]
        for W, b in zip(self.W[:-1], self.b[:-1]):
            A = np.maximum(A @ W + b, 0)
            kept.append(A)
        Z = A @ self.W[-1] + self.b[-1]
        if self.work["output"] == "sigmoid":
            return kept, 1 / (1 + np.exp(-Z))
        E = np.exp(Z - Z.max(axis=1, keepdims=True))
        return kept, E / E.sum(axis=1, keepdims=True)

    def loss(self, P, T):
        if self.work["output"] == "sigmoid":
            return -(T * np.log(P + 1e-12) + (1 - T) * np.log(1 - P + 1e-12)).mean()
        return -np.log(P[T > 0] + 1e-12).mean()

    def step(self, X, T):
        work = self.work
        kept, P = self.forward(X)
        penalty = 0.0
        if work["l1"] or work["l2"]:
            penalty = sum(work["l1"] * np.abs(W).sum() + work["l2"] * (W**2).sum() for W in self.W)
        right = (P.argmax(axis=1) == T.argmax(axis=1)) if P.shape[1] > 1 else ((P >= 0.5) == T)[:, 0]
        dZ = (P - T) / len(X)
        for l in reversed(range(len(self.W))):
            dW, db = kept[l].T @ dZ, dZ.sum(axis=0)
            if l > 0:
                dZ = (dZ @ self.W[l].T) * (kept[l] > 0)
            if work["l1"] or work["l2"]:
                dW = dW + work["l1"] * np.sign(self.W[l]) + 2 * work["l2"] * self.W[l]
            self.W[l] -= work["rate"] * dW
            self.b[l] -= work["rate"] * db
        return self.loss(P, T) + penalty, right.sum()

    def epoch(self):
        order = self.rng.permutation(len(self.X))
        loss, right, batch = 0.0, 0, self.work["batch"]
        for first in range(0, len(order), batch):
            rows = order[first:first + batch]
            figures = self.step(self.X[rows], self.T[rows])
            loss, right = loss + figures[0], right + figures[1]
        return loss, right

    def arrays(self):
        return self.W + self.b

    def evaluate(self, count):
        P = self.forward(self.X[:count])[1]
        return self.loss(P, self.T[:count]), (P.argmax(axis=1) == self.T[:count].argmax(axis=1)).mean()

    def predict(self):
        x = self.X[:1]
        return lambda: self.forward(x)[1]

    def gradcheck(self, seconds):
        """Central differences one parameter after the other: some of them, and what all would take."""
        x, t, step, done = self.X[:1], self.T[:1], 1e-5, 0
        count = sum(W.size for W in self.W) + sum(b.size for b in self.b)
        begin = time.perf_counter()
        while time.perf_counter() - begin < seconds:
            W = self.W[done % len(self.W)]
            at = (done % W.shape[0], done % W.shape[1])
            old = W[at]
            W[at] = old + step
            high = self.loss(self.forward(x)[1], t)
            W[at] = old - step
            low = self.loss(self.forward(x)[1], t)
            W[at] = old
            (high - low) / (2 * step)
            done += 1
        return {"seconds": (time.perf_counter() - begin) / done * count, "from": done}


def search(work, X, y):
    """The loop over networks as the notebook has it: after each epoch training and validation part are evaluated. One epoch
    of each network, and what all would take."""
    seconds = 0.0
    for hidden, second, rate in work["grid"]:
        peer = Numpy(dict(work, layers=[X.shape[1], hidden, second, work["layers"][-1]], rate=rate), X, y)
        begin = time.perf_counter()
        peer.epoch()
        peer.evaluate(len(X))
        peer.evaluate(10000)
        seconds += time.perf_counter() - begin
    return {"version": Numpy.version, "seconds": seconds * work["epochs"], "networks": len(work["grid"])}


# ---- scikit-learn ----------------------------------------------------------------------------------------------------


class ScikitLearn:
    def __init__(self, work, X, y):
        import sklearn
        from sklearn.neural_network import MLPClassifier

        self.version = "scikit-learn " + sklearn.__version__
        self.X, self.y = X / 255.0, y
        self.classes = np.arange(max(work["layers"][-1], 2))
        # alpha is its L2 penalty over 2n; it has no L1.
        self.model = MLPClassifier(hidden_layer_sizes=tuple(work["layers"][1:-1]), activation="relu",
                                   solver=work["optimizer"], alpha=2 * work["l2"] * work["batch"],
                                   batch_size=work["batch"], momentum=0, learning_rate_init=work["rate"],
                                   random_state=0)

    def epoch(self):
        self.model.partial_fit(self.X, self.y, classes=self.classes)

    def arrays(self):
        return self.model.coefs_ + self.model.intercepts_


# ---- PyTorch -----------------------------------------------------------------------------------------------------------


class Torch:
    compiled = False

    def __init__(self, work, X, y):
        import torch

        self.torch, self.work = torch, work
        self.version = "PyTorch " + torch.__version__.split("+")[0]
        torch.set_num_threads(work["threads"])
        torch.manual_seed(0)
        self.X = torch.from_numpy(X.astype(np.float32) / 255)
        self.y = torch.from_numpy(y.astype(np.int64 if work["layers"][-1] > 1 else np.float32))
        parts, sizes = [], work["layers"]
        for l, (a, b) in enumerate(zip(sizes, sizes[1:])):
            parts += [torch.nn.Linear(a, b)] + ([torch.nn.ReLU()] if l + 2 < len(sizes) else [])
        self.model = torch.nn.Sequential(*parts)
        self.weights = [p for p in self.model.parameters() if p.dim() == 2]
        make = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[work["optimizer"]]
        self.optimizer = make(self.model.parameters(), lr=work["rate"], fused=work["optimizer"] == "adam" or None)
        self.loss = torch.compile(self.plain_loss, dynamic=False) if self.compiled else self.plain_loss

    def plain_loss(self, X, y):
        torch, work = self.torch, self.work
        Z = self.model(X)
        if work["output"] == "sigmoid":
            loss = torch.nn.functional.binary_cross_entropy_with_logits(Z[:, 0], y)
            right = ((Z[:, 0] >= 0) == (y > 0.5)).sum()
        else:
            loss = torch.nn.functional.cross_entropy(Z, y)
            right = (Z.argmax(dim=1) == y).sum()
        if work["l1"] or work["l2"]:
            for W in self.weights:
                loss = loss + work["l1"] * W.abs().sum() + work["l2"] * W.square().sum()
        return loss, right

    def epoch(self):
        torch, batch = self.torch, self.work["batch"]
        order = torch.randperm(len(self.X))
        total, right = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        for first in range(0, len(order), batch):
            rows = order[first:first + batch]
            self.optimizer.zero_grad()
            loss, correct = self.loss(self.X[rows], self.y[rows])
            loss.backward()
            self.optimizer.step()
            total += loss.detach()
            right += correct
        return total.item(), right.item()

    def arrays(self):
        return [p.detach().numpy() for p in self.model.parameters()]

    def predict(self):
        torch = self.torch
        model = torch.nn.Sequential(self.model, torch.nn.Softmax(dim=1)).eval()
        if self.compiled:
            model = torch.compile(model)
        x = self.X[:1]

        def call():
            with torch.inference_mode():
                return model(x)

        return call


# ---- ONNX Runtime: prediction alone, of a network with weights of its own --------------------------------------------


class OnnxRuntime:
    def __init__(self, work, X, y):
        import onnx
        import onnxruntime
        from onnx import helper, numpy_helper

        self.version = "ONNX Runtime " + onnxruntime.__version__
        self.x = X[:1].astype(np.float32) / 255
        rng, sizes, nodes, constants, last = np.random.default_rng(0), work["layers"], [], [], "input"
        for l, (a, b) in enumerate(zip(sizes, sizes[1:])):
            W = (rng.uniform(-1, 1, (a, b)) / np.sqrt(a)).astype(np.float32)
            constants += [numpy_helper.from_array(W, "W%d" % l), numpy_helper.from_array(np.zeros(b, np.float32), "b%d" % l)]
            nodes.append(helper.make_node("Gemm", [last, "W%d" % l, "b%d" % l], ["Z%d" % l]))
            last = "A%d" % l
            nodes.append(helper.make_node("Relu" if l + 2 < len(sizes) else "Softmax", ["Z%d" % l], [last]))
        of_floats = onnx.TensorProto.FLOAT
        graph = helper.make_graph(nodes, "network", [helper.make_tensor_value_info("input", of_floats, [1, sizes[0]])],
                                  [helper.make_tensor_value_info(last, of_floats, [1, sizes[-1]])], constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = work["threads"]
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])

    def predict(self):
        return lambda: self.session.run(None, {"input": self.x})


# ----------------------------------------------------------------------------------------------------------------------


def reach(work):
    """Trains on MNIST's files, gzipped as they come, until so many of the last 10,000 pictures are right. Whoever started
    this process has the watch."""
    import gzip

    import torch
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(work["threads"])
    torch.manual_seed(work["seed"])
    images = np.frombuffer(gzip.open(work["images"]).read(), np.uint8, offset=16).reshape(-1, 784)
    X = torch.from_numpy(images.astype(np.float32)) / 255
    y = torch.from_numpy(np.frombuffer(gzip.open(work["answers"]).read(), np.uint8, offset=8).astype(np.int64))
    inputs, hidden, outputs = work["layers"]
    model = torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, outputs))
    optimizer = torch.optim.Adam(model.parameters(), lr=work["rate"], fused=True)
    train, batch = len(X) - 10000, work["batch"]
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, work["epochs"] * -(-train // batch))
    for epoch in range(work["epochs"]):
        order = torch.randperm(train)
        for first in range(0, train, batch):
            rows = order[first:first + batch]
            optimizer.zero_grad()
            cross_entropy(model(X[rows]), y[rows]).backward()
            optimizer.step()
            schedule.step()
        with torch.inference_mode():
            right = (model(X[train:]).argmax(dim=1) == y[train:]).float().mean().item()
        if right >= work["goal"]:
            return {"version": "PyTorch " + torch.__version__.split("+")[0], "epochs": epoch + 1}
    sys.exit("%d epochs did not reach the goal" % work["epochs"])


class TorchCompiled(Torch):
    compiled = True


PEERS = {"numpy": Numpy, "scikit-learn": ScikitLearn, "torch": Torch, "torch-compiled": TorchCompiled,
         "onnxruntime": OnnxRuntime}


def main():
    work = json.load(sys.stdin)
    if work["kind"] == "reach":
        json.dump(reach(work), sys.stdout)
        return
    X = read_idx(work["features"]).astype(np.uint8)
    y = read_idx(work["labels"]).astype(np.int64)
    if work["kind"] == "search":
        json.dump(search(work, X, y), sys.stdout)
        return
    peer = PEERS[sys.argv[1]](work, X.reshape(len(X), -1), y)
    if work["kind"] == "train":
        figures = time_epochs(peer, work["seconds"], work["epochs"])
    elif work["kind"] == "predict":
        figures = time_calls(peer.predict(), work["seconds"])
    else:
        figures = peer.gradcheck(work["seconds"])
    json.dump({"version": peer.version, **figures}, sys.stdout)


main()
