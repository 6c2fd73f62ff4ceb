"""What the works are done on: real data, as files that Percept and all peers read."""
import gzip
import os
import random
import struct
import subprocess

from works import CIRCLES, DIGITS, MNIST


class Missing(Exception):
    """Something cannot be measured, for this reason."""


# ---- The first examples as bytes, in IDX files -------------------------------------------------------------------------


def write_idx(path, sizes, items):
    with open(path, "wb") as file:
        file.write(struct.pack(">BBBB%dI" % len(sizes), 0, 0, 8, len(sizes), *sizes))
        file.write(items)


def folders():
    places = [os.environ.get("PERCEPT_DATA"), os.environ.get("XDG_DATA_HOME", os.path.expanduser("~/.local/share")),
              "/usr/share/datasets"]
    return [place for place in places if place]


def find_pictures():
    """Images and labels of MNIST, else of Fashion-MNIST, which has the same shape."""
    for name in ("mnist", "fashion-mnist"):
        for folder in folders():
            for middle in ("", "percept"):
                path = os.path.join(folder, middle, name, "train-%s-ubyte.gz")
                if os.path.exists(path % "images-idx3"):
                    return name, path % "images-idx3", path % "labels-idx1"
    return None, None, None


def pictures(count):
    name, images, labels = find_pictures()
    if name is None:
        return "random", random.Random(0).randbytes(count * 784), bytes(i % 10 for i in range(count))
    with gzip.open(images) as file:
        items = file.read()[16:16 + count * 784]
    with gzip.open(labels) as file:
        return name, items, file.read()[8:8 + count]


def digits(count):
    """Is an 8 × 8 digit less than five? Pixels are 0 to 16."""
    for folder in folders():
        path = os.path.join(folder, "digits.csv.gz")
        if os.path.exists(path):
            with gzip.open(path, "rt") as file:
                rows = [line.strip().split(",") for line in file]
            rows = [row for row in rows if len(row) == 65 and row[0].replace(".", "").isdigit()][:count]
            return "digits", bytes(int(float(v)) for row in rows for v in row[:64]), \
                bytes(int(float(row[64])) < 5 for row in rows)
    return "random", random.Random(0).randbytes(count * 64), bytes(i % 2 for i in range(count))


def circles(count, program):
    """Percept's rings, moved from -2 … 2 to 0 … 255."""
    text = subprocess.run([program, "data", "make", "circles", "--count", str(count)], check=True,
                          capture_output=True, text=True).stdout
    rows = [line.split(",") for line in text.splitlines()][1:]
    points = bytes(min(255, max(0, round((float(v) + 2) * 63.75))) for row in rows for v in row[:2])
    return "circles", points, bytes(int(row[2]) for row in rows)


def prepare_data(work, program, folder):
    """Paths of features and labels, made where they are not there yet, and what they are."""
    base = os.path.join(folder, "%s-%d" % (work.data, work.examples))
    features, labels, name = base + ".features.idx", base + ".labels.idx", base + ".name"
    if not os.path.exists(name):
        if work.data == CIRCLES:
            what, items, answers = circles(work.examples, program)
        else:
            what, items, answers = {MNIST: pictures, DIGITS: digits}[work.data](work.examples)
        write_idx(features, [work.examples, work.layers[0]], items)
        write_idx(labels, [work.examples], answers)
        with open(name, "w") as file:
            file.write(what)
    with open(name) as file:
        return features, labels, file.read()


# ---- MNIST's files, as they come ---------------------------------------------------------------------------------------


def mnist_files():
    name, images, answers = find_pictures()
    if name != "mnist":
        raise Missing("MNIST is not there; percept data get mnist")
    return images, answers
