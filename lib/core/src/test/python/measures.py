"""Reference figures for camlab.measure, by dense algebra and plain loops (needs numpy only).

    python lib/core/src/test/python/measures.py > lib/evaluation/src/test/resources/camlab/measure/reference.json
"""

import json
import math

import numpy as np

HEIGHT, WIDTH = 7, 9


def grid(height, width, factor, modulus):
    """Values in [0, 1] that Java makes by the same formula."""
    i = np.arange(height * width)
    return ((i * factor) % modulus / (modulus - 1)).reshape(height, width)


def fill(values, removed):
    """Rong et al. 2022: every removed pixel is the weighted mean of its neighbours."""
    unknown = [tuple(p) for p in np.argwhere(removed)]
    index = {p: n for n, p in enumerate(unknown)}
    matrix = np.zeros((len(unknown), len(unknown)))
    right = np.zeros(len(unknown))
    for n, (row, column) in enumerate(unknown):
        neighbours = []
        for down in (-1, 0, 1):
            for along in (-1, 0, 1):
                q = (row + down, column + along)
                inside = 0 <= q[0] < removed.shape[0] and 0 <= q[1] < removed.shape[1]
                if (down or along) and inside:
                    neighbours.append((q, 1 / 6 if down == 0 or along == 0 else 1 / 12))
        total = sum(weight for _, weight in neighbours)
        matrix[n, n] = 1
        for q, weight in neighbours:
            if q in index:
                matrix[n, index[q]] -= weight / total
            else:
                right[n] += weight / total * values[q]
    filled = values.copy()
    for p, value in zip(unknown, np.linalg.solve(matrix, right)):
        filled[p] = value
    return filled


def ssim(x, y):
    """Wang et al. 2004, equation 13, window by window."""
    offsets = np.arange(-5, 6)
    line = np.exp(-(offsets**2) / (2 * 1.5**2))
    window = np.outer(line, line)
    window /= window.sum()
    c1, c2 = 0.01**2, 0.03**2
    found = []
    for row in range(x.shape[0] - 10):
        for column in range(x.shape[1] - 10):
            a = x[row : row + 11, column : column + 11]
            b = y[row : row + 11, column : column + 11]
            mean_a, mean_b = (window * a).sum(), (window * b).sum()
            var_a = (window * (a - mean_a) ** 2).sum()
            var_b = (window * (b - mean_b) ** 2).sum()
            both = (window * (a - mean_a) * (b - mean_b)).sum()
            found.append(
                (2 * mean_a * mean_b + c1)
                * (2 * both + c2)
                / ((mean_a**2 + mean_b**2 + c1) * (var_a + var_b + c2))
            )
    return float(np.mean(found))


def blur(values, size, sigma):
    """A Gaussian window; beyond the edges the outermost values go on."""
    half = size // 2
    padded = np.pad(values, half, mode="edge")
    line = np.exp(-((np.arange(size) - half) ** 2) / (2 * sigma**2))
    window = np.outer(line, line) / line.sum() ** 2
    return np.array(
        [
            [
                (window * padded[row : row + size, column : column + size]).sum()
                for column in range(values.shape[1])
            ]
            for row in range(values.shape[0])
        ]
    )


def masks():
    i = np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH)
    return {
        "scattered": (i * i * 7) % 5 < 3,
        "hole": (i // WIDTH >= 1) & (i // WIDTH <= 5) & (i % WIDTH >= 2) & (i % WIDTH <= 7),
        "corner": (i // WIDTH <= 3) & (i % WIDTH <= 4),
        "all but one": i != 4 * WIDTH + 4,
        "none": i < 0,
    }


if __name__ == "__main__":
    values = grid(HEIGHT, WIDTH, 37, 101)
    x, y = grid(14, 13, 37, 101), grid(14, 13, 53, 211)
    smooth_x, smooth_y = blur(x, 5, 1.2), blur(y, 5, 1.2)
    print(
        json.dumps(
            {
                "fill": {
                    name: {
                        "removed": [int(b) for b in mask.flatten()],
                        "filled": [round(float(v), 10) for v in fill(values, mask).flatten()],
                    }
                    for name, mask in masks().items()
                },
                "blur 5, 1.2": [round(float(v), 10) for v in smooth_x.flatten()],
                "ssim": round(ssim(x, y), 10),
                "ssim of blurred": round(ssim(smooth_x, smooth_y), 10),
                "ssim with its square": round(ssim(smooth_x, smooth_x**2), 10),
            },
            indent=1,
        )
    )
