"""What the works are done on: real data, as files that Percept and all peers read."""
import gzip
import os
import random
import struct
import subprocess

from works import CIRCLES, CLASSES, DIGITS, MNIST, NUMBERS, PIXELS


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


def classes(count):
    """8 × 8 digits; pixels are 0 to 16."""
    for folder in folders():
        path = os.path.join(folder, "digits.csv.gz")
        if os.path.exists(path):
            with gzip.open(path, "rt") as file:
                rows = [line.strip().split(",") for line in file]
            rows = [row for row in rows if len(row) == 65 and row[0].replace(".", "").isdigit()][:count]
            return "digits", bytes(int(float(v)) for row in rows for v in row[:64]), \
                bytes(int(float(row[64])) for row in rows)
    return "random", random.Random(0).randbytes(count * 64), bytes(i % 10 for i in range(count))


def digits(count):
    """Is the digit less than five?"""
    name, items, answers = classes(count)
    return name, items, bytes(answer < 5 for answer in answers)


def circles(count, program):
    """Percept's rings, moved from -2 … 2 to 0 … 255."""
    text = subprocess.run([program, "data", "make", "circles", "--count", str(count)], check=True,
                          capture_output=True, text=True).stdout
    rows = [line.split(",") for line in text.splitlines()][1:]
    points = bytes(min(255, max(0, round((float(v) + 2) * 63.75))) for row in rows for v in row[:2])
    return "circles", points, bytes(int(row[2]) for row in rows)


# ---- Tables ----------------------------------------------------------------------------------------------------------


def write_table(work, path):
    """Rows of random cells: stretches of ten to thirty cells are drawn beforehand and put together, which is quick."""
    stream, columns = random.Random(0), work.layers[0]
    numbers = work.data == NUMBERS
    length = 10 if numbers else 28
    cell = (lambda: "%.6f" % stream.gauss(0, 1)) if numbers else (
        lambda: str(stream.randrange(256) if stream.random() < 0.25 else 0))
    stretches = [",".join(cell() for _ in range(length)) for _ in range(20000)]
    answers = [cell() if numbers else str(k % 10) for k in range(1000)]
    with open(path + ".part", "w") as file:
        file.write(",".join("x%d" % (c + 1) for c in range(columns)) + (",y\n" if numbers else ",label\n"))
        for _ in range(work.rows):
            file.write(",".join(stream.choices(stretches, k=columns // length)) + "," + stream.choice(answers) + "\n")
    os.rename(path + ".part", path)


def prepare_table(work, folder):
    path = os.path.join(folder, "%s-%d.csv" % (work.data, work.rows))
    if not os.path.exists(path):
        write_table(work, path)
    return path, None, "%.0f MB" % (1e-6 * os.path.getsize(path))


def head_of(path, rows):
    """A file with the header and the first rows of a table."""
    with open(path) as whole, open(path + ".head.csv", "w") as part:
        for _, line in zip(range(rows + 1), whole):
            part.write(line)
    return path + ".head.csv"


def prepare_data(work, program, folder):
    """Paths of features and labels, made where they are not there yet, and what they are; of a table its path alone."""
    if work.data in (NUMBERS, PIXELS):
        return prepare_table(work, folder)
    base = os.path.join(folder, "%s-%d" % (work.data.replace(" ", "-"), work.rows))
    features, labels, name = base + ".features.idx", base + ".labels.idx", base + ".name"
    if not os.path.exists(name):
        if work.data == CIRCLES:
            what, items, answers = circles(work.rows, program)
        else:
            what, items, answers = {MNIST: pictures, DIGITS: digits, CLASSES: classes}[work.data](work.rows)
        write_idx(features, [work.rows, work.layers[0]], items)
        write_idx(labels, [work.rows], answers)
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
