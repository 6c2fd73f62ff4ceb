"""docs/tutorials/onnx.md as a reader follows it, its Python included: check_page_onnx.py PERCEPT. Both programs on the page
predict what Percept does."""
import os
import re
import subprocess
import sys
import tempfile

try:
    import numpy  # noqa: F401
    import onnxruntime  # noqa: F401
except ImportError as reason:
    print(f"skipped: {reason} (PERCEPT_PYTHON names a Python that has NumPy and ONNX Runtime)")
    sys.exit(77)

PERCEPT = os.path.abspath(sys.argv[1])
PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/tutorials/onnx.md")


def main():
    with open(PAGE, encoding="utf-8") as file:
        blocks = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)
    said = []
    with tempfile.TemporaryDirectory() as folder:
        programs = os.path.join(folder, "bin")
        os.mkdir(programs)
        os.symlink(PERCEPT, os.path.join(programs, "percept"))
        os.symlink(sys.executable, os.path.join(programs, "python3"))
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "HOME": folder}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path[1:])
        for kind, name, text in blocks:
            if name:
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(text)
            if kind in ("sh", "shell"):
                done = subprocess.run(["bash", "-eu", "-c", text], cwd=folder, env=environment, capture_output=True,
                                      text=True)
                assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
                said.append(done.stdout)
        rows = "length,width,colour\n24.5,3.6,white\n,6.1,red\n"
        for run, answer in (("runs/flowers", 2), ("runs/plain", 4)):
            own = subprocess.run([PERCEPT, "predict", run, "-"], input=rows, cwd=folder, capture_output=True,
                                 text=True, check=True).stdout.splitlines()[1:]
            for line in own:
                kind, *probabilities = line.split(",")
                assert kind in said[answer], f"{said[answer]}\nlacks {kind} of {run}"
                numbers = [float(number) for number in re.findall(r"\d\.\d*", said[answer])]
                for probability in probabilities:
                    assert min(abs(float(probability) - number) for number in numbers) < 6e-4, (line, said[answer])
    print("the page works as it stands, and its programs predict what Percept does")
    return 0


if __name__ == "__main__":
    sys.exit(main())
