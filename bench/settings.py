"""What the environment sets for the table (harness.py)."""
import os

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
BUILD = os.path.join(ROOT, "build")
OUT = os.environ.get("BENCH_OUT", os.path.join(BUILD, "bench"))
VENV = os.environ.get("BENCH_PYTHON", os.path.join(BUILD, "bench-venv", "bin", "python"))
FANN = os.environ.get("BENCH_FANN", os.path.join(BUILD, "release", "bench", "peer_fann"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))  # of large tables
NETWORKS = int(os.environ.get("BENCH_NETWORKS", "1000"))  # of W9
CORES = len(os.sched_getaffinity(0))
