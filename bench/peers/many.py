"""Many networks of one shape with learning rates of their own, trained at once by a peer: many.py PEER, with the work as JSON
on standard input; the figures as JSON on standard output.

After each epoch every network is measured on the validation part, as searches do. What is compiled is compiled beforehand, and
imports are not counted. Some epochs, or some networks, are measured; what all would take is calculated from them. All networks
of one step see the same examples, which is the fastest way there is.
"""
import json
import os
import sys
import time
import warnings

if sys.argv[1:] == ["scikit-learn"]:  # one thread in each process
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
import numpy as np


def read(work):
    """(training part, its classes), (validation part, its classes)"""
    def items(path, header):
        return np.frombuffer(open(path, "rb").read(), np.uint8, offset=header)
    X = items(work["features"], 12).reshape(-1, work["layers"][0]).astype(np.float32) / 16
    y, count = items(work["labels"], 8).astype(np.int64), work["examples"]
    return (X[:count], y[:count]), (X[count:count + work["valid"]], y[count:count + work["valid"]])


def draw(work, networks):
    """[W, b, W, b], each with the networks in front, and their learning rates."""
    rng, sizes, arrays = np.random.default_rng(0), work["layers"], []
    for a, b in zip(sizes, sizes[1:]):
        arrays += [(rng.uniform(-1, 1, (networks, a, b)) / np.sqrt(a)).astype(np.float32),
                   np.zeros((networks, b), np.float32)]
    return arrays, np.geomspace(0.001, 1, networks).astype(np.float32)


def batches(rng, work):
    """The order of an epoch, cut into batches; the last one may be smaller."""
    order = rng.permutation(work["examples"])
    return [order[first:first + work["batch"]] for first in range(0, len(order), work["batch"])]


def time_epochs(work, epoch):
    """Seconds of all epochs, from as many as fill the time, after one that compiles."""
    epoch()
    count, begin = 0, time.perf_counter()
    while count == 0 or (time.perf_counter() - begin < work["seconds"] and count < work["epochs"]):
        epoch()
        count += 1
    return {"seconds": (time.perf_counter() - begin) / count * work["epochs"], "epochs_measured": count}


# ---- JAX: vmap over the networks, a scan over the whole batches of an epoch ---------------------------------------------


def with_jax(work):
    if work["threads"] == 1:  # there is no other way to say so
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    import jax.numpy as jnp

    (X, y), (V, u) = read(work)
    arrays, rates = draw(work, work["networks"])
    X, y, V, u = map(jnp.asarray, (X, y, V, u))

    def loss(arrays, X, y):
        Z = jnp.maximum(X @ arrays[0] + arrays[1], 0) @ arrays[2] + arrays[3]
        log_p = jax.nn.log_softmax(Z)
        return -log_p[jnp.arange(len(y)), y].mean(), (Z.argmax(axis=1) == y).sum()

    def step(arrays, rate, X, y):
        (value, right), gradient = jax.value_and_grad(loss, has_aux=True)(arrays, X, y)
        return [a - rate * g for a, g in zip(arrays, gradient)], (value, right)

    steps = jax.vmap(step, in_axes=(0, 0, None, None))

    @jax.jit
    def epoch(arrays, whole, rest):
        arrays, told = jax.lax.scan(lambda a, rows: steps(a, rates, X[rows], y[rows]), arrays, whole)
        arrays, last = steps(arrays, rates, X[rest], y[rest])
        return arrays, told, last, jax.vmap(loss, in_axes=(0, None, None))(arrays, V, u)

    state, rng = {"arrays": [jnp.asarray(a) for a in arrays]}, np.random.default_rng(1)

    def run():
        *whole, rest = batches(rng, work)
        state["arrays"], *told = epoch(state["arrays"], np.stack(whole), rest)
        jax.block_until_ready((state["arrays"], told))

    return {"version": "JAX %s, vmap" % jax.__version__, **time_epochs(work, run)}


# ---- PyTorch: vmap over the networks, the step compiled --------------------------------------------------------------


def with_torch(work):
    import torch
    from torch.func import grad_and_value, vmap
    from torch.nn.functional import cross_entropy

    torch.set_num_threads(work["threads"])
    (X, y), (V, u) = [[torch.from_numpy(a) for a in part] for part in read(work)]
    arrays, rates = draw(work, work["networks"])
    arrays, rates = [torch.from_numpy(a) for a in arrays], torch.from_numpy(rates)

    def loss(arrays, X, y):
        Z = torch.relu(X @ arrays[0] + arrays[1]) @ arrays[2] + arrays[3]
        return cross_entropy(Z, y), (Z.argmax(dim=1) == y).sum()

    def step(arrays, X, y):
        gradient, told = vmap(grad_and_value(loss, has_aux=True), in_dims=(0, None, None))(arrays, X, y)
        return [a - rates.view(-1, *[1] * (a.dim() - 1)) * g for a, g in zip(arrays, gradient)], told

    compiled, measure = torch.compile(step), torch.compile(vmap(loss, in_dims=(0, None, None)))
    state, rng = {"arrays": arrays}, np.random.default_rng(1)

    def run():
        with torch.no_grad():
            for rows in batches(rng, work):
                rows = torch.from_numpy(rows)
                state["arrays"], told = compiled(state["arrays"], X[rows], y[rows])
            measure(state["arrays"], V, u)

    return {"version": "PyTorch %s, vmap compiled" % torch.__version__.split("+")[0], **time_epochs(work, run)}


# ---- scikit-learn: networks one after the other, in as many processes as there are threads ---------------------------


def fit(argument):
    from sklearn.neural_network import MLPClassifier

    work, rate = argument
    warnings.simplefilter("ignore")  # that it has not converged is no surprise
    (X, y), (V, u) = read(work)
    model = MLPClassifier(tuple(work["layers"][1:-1]), solver="sgd", momentum=0, alpha=0, batch_size=work["batch"],
                          learning_rate_init=rate, random_state=0)
    for _ in range(work["epochs"]):
        model.partial_fit(X, y, classes=np.arange(work["layers"][-1]))
        model.score(V, u)


def with_scikit_learn(work):
    import multiprocessing

    import sklearn
    import sklearn.neural_network  # before the processes part

    rates = draw(work, work["networks"])[1]
    tried = [float(rate) for rate in rates[::max(1, len(rates) // (4 * work["threads"]))]]
    with multiprocessing.Pool(work["threads"]) as pool:
        pool.map(fit, [(dict(work, epochs=1), rate) for rate in tried], chunksize=1)
        begin = time.perf_counter()
        pool.map(fit, [(work, rate) for rate in tried], chunksize=1)
        seconds = time.perf_counter() - begin
    return {"version": "scikit-learn %s, processes" % sklearn.__version__, "seconds": seconds / len(tried) * len(rates),
            "networks_measured": len(tried)}


PEERS = {"jax": with_jax, "torch-vmap": with_torch, "scikit-learn": with_scikit_learn}

if __name__ == "__main__":
    json.dump(PEERS[sys.argv[1]](json.load(sys.stdin)), sys.stdout)
