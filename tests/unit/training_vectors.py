"""Prints training_vectors.h: how PyTorch trains the network, the data and the order that trainings.h makes.

Needs NumPy 1.17 or later and PyTorch 1.11 or later, neither of which the tests need. All is in float64.
"""
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
EPOCHS, BATCH, TRAIN, VALID = 3, 4, 10, 7
STEPS = EPOCHS * -(-TRAIN // BATCH)
SIZES, DEEP = [6, 8, 3], [6, 8, 5, 3]


def make_setting(sizes):
    """make_setting(10, 7), or deep_setting(10, 7): parameters, then training data, then validation data, from default_rng(3)."""
    rng = np.random.default_rng(3)
    parameters = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        bound = 1 / np.sqrt(inputs)
        parameters.append(torch.tensor([[rng.uniform(-bound, bound) for _ in range(inputs)] for _ in range(outputs)]))
        parameters.append(torch.tensor([rng.uniform(-bound, bound) for _ in range(outputs)]))
    data = []
    for count in (TRAIN, VALID):
        X = torch.tensor([[rng.uniform(-1, 1) for _ in range(sizes[0])] for _ in range(count)])
        data.append((X, torch.tensor([int(rng.integers(sizes[-1])) for _ in range(count)])))
    return [torch.nn.Parameter(p) for p in parameters], *data


def loss_of(parameters, X, y):
    for W, b in zip(parameters[0:-2:2], parameters[1:-2:2]):
        X = torch.tanh(X @ W.T + b)
    return torch.nn.functional.cross_entropy(X @ parameters[-2].T + parameters[-1], y)


class Muon:
    """Jordan's Muon for tensor 2 of the parameters, from its published description, without its bfloat16; AdamW for the rest."""

    def __init__(self, groups, lr, rate, weight_decay, nesterov):
        self.parameters = groups[0]["params"] + groups[1]["params"]
        self.W = groups[0]["params"][1]
        for group in groups:
            group["params"] = [p for p in group["params"] if p is not self.W]
        self.rest = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.95))
        self.lr, self.weight_decay, self.nesterov = lr, weight_decay, nesterov
        self.M = torch.zeros_like(self.W)

    def zero_grad(self):
        for p in self.parameters:
            p.grad = None

    @torch.no_grad()
    def step(self):
        self.rest.step()
        G = self.W.grad
        self.M.lerp_(G, 0.05)
        X = G.lerp(self.M, 0.95) if self.nesterov else self.M.clone()
        outputs, inputs = X.shape
        X = X.T if outputs > inputs else X
        X = X / (X.norm() + 1e-7)
        for _ in range(5):
            A = X @ X.T
            X = 3.4445 * X + (-4.7750 * A + 2.0315 * A @ A) @ X
        X = X.T if outputs > inputs else X
        self.W.mul_(1 - self.lr * self.weight_decay)
        self.W.sub_(self.lr * max(1, outputs / inputs) ** 0.5 * X)


def train(optimizer, scheduler=None, by_step=False, clip=0.0, scope=lambda p: [p], ema=0.0, weight_decay=0.0,
          rates=None, bias_decay=0.0, decay_factor=None, sizes=SIZES):
    """The parameters at the end, in the flat order; learning rates and decays are those of weights and of biases."""
    parameters, (X, y), (X_valid, y_valid) = make_setting(sizes)
    groups = [{"params": parameters[0::2], "weight_decay": weight_decay},
              {"params": parameters[1::2], "weight_decay": bias_decay}]
    for group, rate in zip(groups, rates or []):
        group["lr"] = rate
    optimizer = optimizer(groups)
    scheduler = scheduler(optimizer) if scheduler else None
    order = np.random.default_rng(np.random.SeedSequence(1).spawn(3)[2])
    model = torch.nn.ParameterList(parameters)
    average = torch.optim.swa_utils.AveragedModel(model, avg_fn=lambda a, p, n: ema * a + (1 - ema) * p)
    step = 0
    for _ in range(EPOCHS):
        permutation = order.permutation(TRAIN)
        for first in range(0, TRAIN, BATCH):
            rows = permutation[first:first + BATCH]
            if decay_factor:
                optimizer.param_groups[0]["weight_decay"] = weight_decay * decay_factor(step / STEPS)
            step += 1
            optimizer.zero_grad()
            loss_of(parameters, X[rows], y[rows]).backward()
            if clip:
                for part in scope(parameters):
                    torch.nn.utils.clip_grad_norm_(part, clip)
            optimizer.step()
            average.update_parameters(model)
            if scheduler and by_step:
                scheduler.step()
        if scheduler and not by_step:
            if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
                with torch.no_grad():
                    scheduler.step(loss_of(parameters, X_valid, y_valid).item())
            else:
                scheduler.step()
    final = average.module.parameters() if ema else parameters
    return torch.cat([p.detach().flatten() for p in final]).numpy()


sgd, rmsprop, adam, adamw = torch.optim.SGD, torch.optim.RMSprop, torch.optim.Adam, torch.optim.AdamW
schedules = torch.optim.lr_scheduler


def warm_cosine(optimizer):
    return schedules.LambdaLR(optimizer, lambda t: min(1, (t + 1) / 5) * (1 + np.cos(np.pi * t / STEPS)) / 2)


RUNS = {
    "momentum": train(lambda g: sgd(g, lr=0.05, momentum=0.9)),
    "nesterov": train(lambda g: sgd(g, lr=0.05, momentum=0.9, nesterov=True)),
    "rmsprop": train(lambda g: rmsprop(g, lr=0.05, alpha=0.9)),
    "rmsprop_momentum": train(lambda g: rmsprop(g, lr=0.05, alpha=0.9, momentum=0.5)),
    "adam": train(lambda g: adam(g, lr=0.05)),
    "adam_decay": train(lambda g: adam(g, lr=0.05), weight_decay=0.1),
    "adamw": train(lambda g: adamw(g, lr=0.05, weight_decay=0), weight_decay=0.1),
    "clip": train(lambda g: sgd(g, lr=0.05), clip=0.3),
    "clip_momentum_decay": train(lambda g: sgd(g, lr=0.05, momentum=0.9), clip=0.3, weight_decay=0.1),
    "clip_role": train(lambda g: sgd(g, lr=0.05), clip=0.2, scope=lambda p: [p[0::2], p[1::2]]),
    "clip_tensor": train(lambda g: sgd(g, lr=0.05), clip=0.1, scope=lambda p: [[tensor] for tensor in p]),
    "rates": train(lambda g: sgd(g, lr=0.05), rates=[0.1, 0.005]),
    "rates_adamw": train(lambda g: adamw(g, lr=0.05), weight_decay=0.1, rates=[0.1, 0.005]),
    "decays": train(lambda g: adam(g, lr=0.05), weight_decay=0.05, bias_decay=0.3),
    "decays_adamw": train(lambda g: adamw(g, lr=0.05), weight_decay=0.05, bias_decay=0.3),
    "decay_flat_cosine": train(lambda g: adamw(g, lr=0.05), weight_decay=0.5, decay_factor=lambda t: min(
        1, (1 + np.cos(np.pi * (2 * t - 1))) / 2) if t > 0.5 else 1),
    "decay_coslog4": train(lambda g: adam(g, lr=0.05), weight_decay=0.5, decay_factor=lambda t: (
        1 - np.cos(2 * np.pi * np.log2(1 + 15 * t))) / 2),
    "amsgrad": train(lambda g: adam(g, lr=0.05, betas=(0.9, 0.6), amsgrad=True), weight_decay=0.1),
    "muon": train(lambda g: Muon(g, 0.02, 0.05, 0.1, True), weight_decay=0.1, sizes=DEEP),
    "muon_plain": train(lambda g: Muon(g, 0.02, 0.05, 0, False), sizes=[6, 5, 8, 3]),
    "ema": train(lambda g: adam(g, lr=0.05), ema=0.8),
    "exponential": train(lambda g: sgd(g, lr=0.05), lambda o: schedules.ExponentialLR(o, 0.5)),
    "step": train(lambda g: sgd(g, lr=0.05), lambda o: schedules.StepLR(o, 2, 0.1)),
    "cosine": train(lambda g: sgd(g, lr=0.05), lambda o: schedules.CosineAnnealingLR(o, STEPS, 0.005), by_step=True),
    "one_cycle": train(lambda g: sgd(g, lr=0.05), lambda o: schedules.OneCycleLR(
        o, 0.05, total_steps=STEPS, pct_start=0.4, cycle_momentum=False), by_step=True),
    "warm_cosine": train(lambda g: sgd(g, lr=0.05), warm_cosine, by_step=True),
    "plateau": train(lambda g: sgd(g, lr=0.5), lambda o: schedules.ReduceLROnPlateau(o, factor=0.5, patience=0)),
}


def rates(scheduler, rate=0.2, count=20, figures=None):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=rate)
    scheduler, seen = scheduler(optimizer), []
    for t in range(count):
        seen.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if t + 1 < count:
            scheduler.step(*([] if figures is None else [figures[t]]))
    return seen


LOSSES = [1, 0.9, 0.95, 0.91, 0.89995, 0.93, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.79, 0.79, 0.79, 0.79, 0.7, 0.9, 0.9, 0.9]
RATES = {
    "step": rates(lambda o: schedules.StepLR(o, 7, 0.3)),
    "exponential": rates(lambda o: schedules.ExponentialLR(o, 0.9)),
    "cosine": rates(lambda o: schedules.CosineAnnealingLR(o, 20, 0.02)),
    "one-cycle": rates(lambda o: schedules.OneCycleLR(o, 0.2, total_steps=20, cycle_momentum=False)),
    "plateau": rates(lambda o: schedules.ReduceLROnPlateau(o, factor=0.5, patience=2), figures=LOSSES),
    "warmup": rates(lambda o: schedules.LinearLR(o, 1 / 6, 1, 5)),
}


def numbers(values):
    return ", ".join(repr(float(v)) for v in values)


print(f"/* Made by training_vectors.py with PyTorch {torch.__version__.split('+')[0]}: trainings and learning rates. */")
print("#ifndef TESTS_TRAINING_VECTORS_H\n#define TESTS_TRAINING_VECTORS_H\n")
print("/* Each ninth parameter at the end of a training. */\n#define VECTOR_STRIDE 9\n#define VECTOR_COUNT 10\n")
print("typedef struct TrainingVector {\n    const char *name;\n    double parameters[VECTOR_COUNT];\n} TrainingVector;\n")
print("static const TrainingVector training_vectors[] = {")
for name, values in RUNS.items():
    assert len(values) in (83, 119, 110)
    print(f'    {{"{name}", {{{numbers(values[:90:9])}}}}},')
print("};\n\n/* A rate a step (or epoch). */\n#define RATES 20\n")
print("typedef struct RateVector {\n    const char *name;\n    double rates[RATES];\n} RateVector;\n")
print("static const RateVector rate_vectors[] = {")
for name, values in RATES.items():
    print(f'    {{"{name}", {{{numbers(values)}}}}},')
print("};\n\n/* What plateau sees. */")
print(f"static const double plateau_losses[RATES] = {{{numbers(LOSSES)}}};\n\n#endif")
