"""Compares activations and their derivatives with PyTorch's in float64: check_activations.py PROGRAM (activations.c)."""
import subprocess
import sys

try:
    import torch
    from torch.nn import functional
except ImportError as reason:
    print(f"skipped: {reason} (PERCEPT_PYTHON names a Python that has PyTorch)")
    sys.exit(77)

PROGRAM = sys.argv[1]
# Relative, and absolute where PyTorch's own formulas cancel: its GELU is z (1 + erf(z/√2))/2, whose left tail is 1 - 1.
RELATIVE, ABSOLUTE = 1e-12, 1e-14
THEIRS = {
    "identity": lambda z: z * 1,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": functional.relu,
    "leaky-relu": functional.leaky_relu,
    "elu": functional.elu,
    "selu": functional.selu,
    # The threshold above which it is replaced by z is 20; 40 changes nothing in float64.
    "softplus": lambda z: functional.softplus(z, threshold=40),
    "gelu": functional.gelu,
    "silu": functional.silu,
    "mish": functional.mish,
}


def make_numbers():
    generator = torch.Generator().manual_seed(1)
    near = torch.randn(3000, generator=generator, dtype=torch.float64) * 3
    far = torch.rand(1000, generator=generator, dtype=torch.float64) * 200 - 100
    small = torch.randn(500, generator=generator, dtype=torch.float64) * 1e-8
    return torch.cat([near, far, small, torch.tensor([0.0, 1, -1, 800, -800], dtype=torch.float64)])


def ours(z):
    """{(activation, engine): (values, derivatives)}"""
    text = "".join(f"{number!r}\n" for number in z.tolist())
    lines = subprocess.run([PROGRAM], input=text, capture_output=True, text=True, check=True).stdout.splitlines()
    results = {}
    for line in lines:
        activation, engine, value, slope = line.split()
        values, slopes = results.setdefault((activation, engine), ([], []))
        values.append(float(value))
        slopes.append(float(slope))
    return {key: tuple(torch.tensor(part, dtype=torch.float64) for part in pair) for key, pair in results.items()}


def main():
    z = make_numbers().requires_grad_()
    results = ours(z)
    assert {activation for activation, _ in results} == set(THEIRS)
    worst = 0
    for (activation, engine), pair in results.items():
        expected = THEIRS[activation](z)
        (slope,) = torch.autograd.grad(expected.sum(), z)
        for what, mine, theirs in zip(("values", "derivatives"), pair, (expected.detach(), slope)):
            scale = torch.clamp(theirs.abs(), min=ABSOLUTE / RELATIVE)
            error = ((mine - theirs).abs() / scale).max().item()
            worst = max(worst, error)
            assert error <= RELATIVE, f"{what} of {activation} ({engine}) differ by {error:g}"
    print(f"{len(results)} activations and engines agree with PyTorch, largest error {worst:.2g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
