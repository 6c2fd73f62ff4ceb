"""Elastic deformation by others, one picture at a time: elastic.py SIGMA ALPHA SECONDS prints pictures a second of each, as JSON."""
import json
import sys
import time

import numpy as np
import torch
from scipy.ndimage import gaussian_filter, map_coordinates
from torchvision.transforms import v2

torch.set_num_threads(1)
sigma, alpha, seconds = map(float, sys.argv[1:])
rng = np.random.default_rng(0)
pictures = rng.integers(0, 256, (256, 28, 28)).astype(np.float32)
rows, columns = np.mgrid[0:28, 0:28]


def scipy(picture):
    dy, dx = (gaussian_filter(rng.uniform(-1, 1, (28, 28)), sigma) * alpha for _ in range(2))
    return map_coordinates(picture, [rows + dy, columns + dx], order=1)


elastic = v2.ElasticTransform(alpha=alpha, sigma=sigma)
tensors = torch.from_numpy(pictures)[:, None]


def rate(function, items):
    count, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for item in items:
            function(item)
        count += len(items)
    return count / (time.perf_counter() - begin)


rate(scipy, pictures[:8]), rate(elastic, tensors[:8])
print(json.dumps({"scipy.ndimage": rate(scipy, pictures), "torchvision": rate(elastic, tensors)}))
