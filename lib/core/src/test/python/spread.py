"""Reference figures in double precision, and how far PyTorch's own single precision is from them.

A rounding error can carry a value over a ReLU's zero or let another position win a max-pooling, and then a gradient
changes by much more than the error. Where it does depends on the order of the sums, and so on the processor, on the
number of threads and on the library that convolves. Each figure's deviation is measured under all SETTINGS.
"""

import json
import os
import subprocess
import sys
import warnings

import torch

import golden

# Which instructions oneDNN and PyTorch's own kernels use is settled when a process starts.
INSTRUCTIONS = {
    "all of the processor": {},
    "AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"},
    "SSE4.1": {"ONEDNN_MAX_CPU_ISA": "SSE41", "ATEN_CPU_CAPABILITY": "default"},
}
LIBRARIES = {"oneDNN": True, "native": False}
THREADS = [1, 2]
SETTINGS = [
    f"{instructions}, {library}, {threads} thread{'s' * (threads > 1)}"
    for instructions in INSTRUCTIONS
    for library in LIBRARIES
    for threads in THREADS
]
SINGLE = "--single"


def in_this_process(compute):
    """The figures in single precision, for each library and number of threads."""
    found = []
    warnings.filterwarnings("ignore", message="TF32 acceleration")
    for enabled in LIBRARIES.values():
        for threads in THREADS:
            torch.set_num_threads(threads)
            with torch.backends.mkldnn.flags(enabled=enabled):
                found.append(compute())
    return found


def in_all_settings(script, case):
    found = []
    for variables in INSTRUCTIONS.values():
        child = subprocess.run(
            [sys.executable, "-B", script, SINGLE, case],
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            check=True,
        )
        found += json.loads(child.stdout)
    return found


def deviation(reference, found):
    """The figures' structure, with the largest difference of each list or number as a share of its largest value."""
    if isinstance(reference, dict):
        parts = {key: deviation(reference[key], value) for key, value in found.items()}
        return {key: part for key, part in parts.items() if part is not None}
    if isinstance(reference, list) and isinstance(reference[0], dict):
        return [deviation(*pair) for pair in zip(reference, found, strict=True)]
    if isinstance(reference, list) and isinstance(reference[0], float):
        difference = max(abs(a - b) for a, b in zip(reference, found, strict=True))
        largest = max(map(abs, reference))
        return difference / largest if largest > 0 else difference
    if isinstance(reference, float):
        return deviation([reference], [found])
    if reference != found:
        raise ValueError(f"expected {reference} in single precision too, found {found}")
    return None


def largest(deviations):
    first = deviations[0]
    if isinstance(first, dict):
        return {key: largest([each[key] for each in deviations]) for key in first}
    if isinstance(first, list):
        return [largest(list(each)) for each in zip(*deviations, strict=True)]
    return float(f"{max(deviations):.2g}")


def earlier(name):
    file = golden.FOLDER / f"{name}.json"
    return [json.loads(file.read_text(encoding="utf-8"))["single_precision"]["deviation"]] if file.exists() else []


def main(script, cases, compute):
    """Writes a file for each case that the command line names, or for all.

    :param cases: by name of the file, without its ending
    :param compute: gives the figures of a case in a type
    """
    if sys.argv[1:2] == [SINGLE]:
        case = cases[sys.argv[2]]
        json.dump(in_this_process(lambda: compute(case, torch.float32)), sys.stdout)
        return
    for name in sys.argv[1:] or cases:
        reference = compute(cases[name], torch.float64)
        deviations = [deviation(reference, found) for found in in_all_settings(script, name)]
        # What another processor showed before stays: each has its own order of sums.
        deviations += earlier(name)
        reference["single_precision"] = {"settings": SETTINGS, "deviation": largest(deviations)}
        golden.write(f"{name}.json", reference)
