"""The examples run, as a reader would run them."""
import pathlib
import re
import runpy

import pytest

EXAMPLES = sorted(pathlib.Path(__file__).parents[1].glob("examples/*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_runs(example, tmp_path, monkeypatch, capsys):
    pytest.importorskip("sklearn")
    monkeypatch.chdir(tmp_path)
    found = runpy.run_path(str(example))
    assert found["model"].score(found["X_test"], found["y_test"]) > 0.95
    assert "derivatives compared with differences of the loss, 0 wrong" in capsys.readouterr().out


PAGES = pathlib.Path(__file__).parents[2] / "docs" / "tutorials"


@pytest.mark.parametrize("page", ["scikit-learn", "pytorch"])
def test_the_code_of_a_tutorial_runs(page, tmp_path, monkeypatch):
    """Blocks marked `python` run one after the other; those marked `python torch` only where PyTorch is installed."""
    pytest.importorskip("sklearn")
    pytest.importorskip("pandas")
    path = PAGES / f"{page}.md"
    if not path.exists():
        pytest.skip("the documentation is not here")
    monkeypatch.chdir(tmp_path)
    kinds = ["python"]
    try:
        import torch  # noqa: F401
        kinds.append("python torch")
    except ImportError:
        pass
    names = {}
    blocks = re.findall(r"^```(python[^\n]*)\n(.*?)^```", path.read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) >= 5
    for kind, code in blocks:
        if kind in kinds:
            exec(compile(code, str(path), "exec"), names)
