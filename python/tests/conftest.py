import numpy as np
import pytest


@pytest.fixture(scope="session")
def digits():
    """8 × 8 digits: X (1797 × 64, 0 … 16), y (1797)."""
    return pytest.importorskip("sklearn.datasets").load_digits(return_X_y=True)


@pytest.fixture
def points():
    """Two classes that a small network separates: X (400 × 3), y (400)."""
    generator = np.random.default_rng(1)
    X = generator.normal(size=(400, 3))
    return X, (X[:, 0] + X[:, 1] > 0).astype(int)
