"""Writes networks as TorchScript files, traced and scripted, and beside them what PyTorch finds at each of their layers.

    python make.py FOLDER [NETWORK ...]

What is already there is not made again.
"""

import json
import pathlib
import sys
import time
import traceback
import warnings

import torch

import networks
import reference
import weights
import golden


def make(case: networks.Case, folder: pathlib.Path) -> None:
    written = folder / f"{case.title}.json"
    if written.exists():
        return
    network, size = networks.build(case)
    weights.fill(network, size)
    picture = golden.image(size)
    kinds = {}
    for kind, compile_ in {"traced": traced, "scripted": scripted}.items():
        try:
            torch.jit.save(compile_(network, picture), str(folder / f"{case.title}.{kind}.pt"))
            kinds[kind] = "written"
        except Exception as problem:  # whatever the compiler cannot do is a figure of its own
            (folder / f"{case.title}.{kind}.pt").unlink(missing_ok=True)
            kinds[kind] = f"not made: {str(problem).strip().splitlines()[0][:200] if str(problem).strip() else problem!r}"
    found = reference.reference(network, picture, case.before)
    facts = {"network": case.title, "last": case.last, "torch": torch.__version__, "size": size}
    facts |= {"target": reference.TARGET, "kinds": kinds, **found}
    if case.last and case.last not in found["layers"]:
        facts["last"] = ""
        print(f"{case.title}: no layer {case.last}; there are {list(found['layers'])[-12:]}", flush=True)
    written.write_text(json.dumps(facts))


def traced(network: torch.nn.Module, picture: torch.Tensor) -> torch.jit.ScriptModule:
    return torch.jit.trace(network, picture, check_trace=False)


def scripted(network: torch.nn.Module, picture: torch.Tensor) -> torch.jit.ScriptModule:
    return torch.jit.script(network)


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:]
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    for case in networks.CASES:
        if not wanted or case.title in wanted:
            start = time.time()
            try:
                make(case, folder)
                print(f"{case.title}: {time.time() - start:.0f} s", flush=True)
            except Exception:  # one network that cannot be made does not end the others
                print(f"{case.title}: {traceback.format_exc()}", flush=True)


if __name__ == "__main__":
    main()
