"""Prints stage_vectors.h: how PyTorch trains small networks with modules that are stages here.

Needs NumPy 1.17 or later and PyTorch 1.11 or later, neither of which the tests need. All is in float64.
"""
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
STEPS, EXAMPLES, RATE, CLASSES = 4, 5, 0.1, 3


class Indexed(torch.nn.Module):
    """The first `columns` columns are codes; the vectors of their tables come before the other columns."""

    def __init__(self, counts, size):
        super().__init__()
        self.counts = counts
        self.table = torch.nn.Embedding(sum(counts) + len(counts), size)

    def forward(self, X):
        first = np.cumsum([0] + [count + 1 for count in self.counts[:-1]])
        codes = X[:, :len(self.counts)].long() + torch.tensor(first)
        return torch.cat([self.table(codes).flatten(1), X[:, len(self.counts):]], 1)


def network(inputs, width, stages, hidden=6, outputs=6):
    """Linear, then the stages of side 1, then Linear; `stages` makes what stands on side 0 and on side 1."""
    before, behind = stages
    return torch.nn.Sequential(*before, torch.nn.Linear(width, hidden), *behind, torch.nn.Linear(outputs, CLASSES))


def nets():
    nn = torch.nn
    yield "batch-norm", 4, [], network(4, 4, ([], [nn.BatchNorm1d(6), nn.Tanh()]))
    yield "batch-norm-features", 4, [], network(4, 4, ([nn.BatchNorm1d(4, eps=0.01, momentum=0.3)], [nn.Tanh()]))
    yield "layer-norm", 4, [], network(4, 4, ([], [nn.LayerNorm(6), nn.Tanh()]))
    yield "prelu", 4, [], network(4, 4, ([], [nn.PReLU(6)]))
    yield "glu", 4, [], network(4, 4, ([], [nn.GLU()]), hidden=12)
    yield "table", 4, [3, 5], network(4, 8, ([Indexed([3, 5], 3)], [nn.Tanh()]))


def ordered(net):
    """Parameters as they lie here: the dense layers', then the others'; then statistics."""
    dense = [m for m in net if isinstance(m, torch.nn.Linear)]
    others = [m for m in net if not isinstance(m, torch.nn.Linear)]
    trained = [p for m in dense + others for p in m.parameters()]
    return trained, [b for m in others for n, b in m.named_buffers() if n.startswith("running")]


def run(inputs, counts, net):
    """Losses of the steps, all parameters and statistics at the end, and then answers to the data of the last step."""
    rng = np.random.default_rng(5)
    trained, statistics = ordered(net)
    with torch.no_grad():
        for p in trained:
            p.copy_(torch.tensor(rng.uniform(-0.5, 0.5, tuple(p.shape))))
    optimizer = torch.optim.SGD(trained, lr=RATE)
    losses = []
    for _ in range(STEPS):
        X = rng.uniform(-1, 1, (EXAMPLES, inputs))
        for j, count in enumerate(counts):
            X[:, j] = np.floor((X[:, j] + 1) / 2 * (count + 1))
        X, y = torch.tensor(X), torch.tensor(rng.integers(CLASSES, size=EXAMPLES))
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(X), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    net.eval()
    answers = torch.softmax(net(X), 1).detach().numpy()
    return losses, torch.cat([p.detach().flatten() for p in trained + statistics]).numpy(), answers


def numbers(values):
    return ", ".join(repr(float(v)) for v in np.ravel(values))


print(f"/* Made by stage_vectors.py with PyTorch {torch.__version__.split('+')[0]}: trainings of networks with stages. */")
print("#ifndef TESTS_STAGE_VECTORS_H\n#define TESTS_STAGE_VECTORS_H\n")
print(f"enum {{ STEPS = {STEPS}, EXAMPLES = {EXAMPLES}, CLASSES = {CLASSES}, LARGEST = 160 }};\n")
print("/* Losses of the steps before them, and after the last one: parameters, statistics, and answers to its data. */")
print("typedef struct StageVector {\n    const char *name;\n    double losses[STEPS];\n    size_t count;")
print("    double parameters[LARGEST];\n    double answers[EXAMPLES * CLASSES];\n} StageVector;\n")
print("static const StageVector stage_vectors[] = {")
for name, inputs, counts, net in nets():
    losses, parameters, answers = run(inputs, counts, net)
    assert len(parameters) <= 160, len(parameters)
    print(f'    {{"{name}", {{{numbers(losses)}}}, {len(parameters)}, {{{numbers(parameters)}}}, {{{numbers(answers)}}}}},')
print("};\n\n#endif")
