"""Writes networks as TorchScript files, traced and scripted, and as files of torch.export, and beside them what PyTorch
finds at each of their layers.

    python make.py FOLDER [NETWORK | KIND ...]

What is already there is not made again. Kinds are traced, scripted, exported; all if none is named.
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


def make(case: networks.Case, folder: pathlib.Path, kinds: list[str]) -> None:
    written = folder / f"{case.title}.json"
    facts = json.loads(written.read_text()) if written.exists() else {}
    missing = [kind for kind in kinds if kind not in facts.get("kinds", {})]
    if not missing:
        return
    network, size = networks.build(case)
    weights.fill(network, size)
    picture = golden.image(size)
    made = {kind: written_as(kind, network, picture, folder / f"{case.title}{ENDINGS[kind]}") for kind in missing}
    if not facts:
        found = reference.reference(network, picture, case.before)
        facts = {"network": case.title, "last": case.last, "torch": torch.__version__, "size": size}
        facts |= {"target": reference.TARGET, "kinds": {}, **found}
        if case.last and case.last not in found["layers"]:
            facts["last"] = ""
            print(f"{case.title}: no layer {case.last}; there are {list(found['layers'])[-12:]}", flush=True)
    facts["kinds"] |= made
    written.write_text(json.dumps(facts))


def written_as(kind: str, network: torch.nn.Module, picture: torch.Tensor, path: pathlib.Path) -> str:
    try:
        KINDS[kind](network, picture, path)
        return "written"
    except Exception as problem:  # whatever the compiler cannot do is a figure of its own
        path.unlink(missing_ok=True)
        return f"not made: {str(problem).strip().splitlines()[0][:200] if str(problem).strip() else repr(problem)}"


def traced(network: torch.nn.Module, picture: torch.Tensor, path: pathlib.Path) -> None:
    torch.jit.save(torch.jit.trace(network, picture, check_trace=False), str(path))


def scripted(network: torch.nn.Module, picture: torch.Tensor, path: pathlib.Path) -> None:
    torch.jit.save(torch.jit.script(network), str(path))


def exported(network: torch.nn.Module, picture: torch.Tensor, path: pathlib.Path) -> None:
    torch.export.save(torch.export.export(network, (picture,)), str(path))


KINDS = {"traced": traced, "scripted": scripted, "exported": exported}
ENDINGS = {"traced": ".traced.pt", "scripted": ".scripted.pt", "exported": ".pt2"}


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    kinds = [kind for kind in KINDS if kind in sys.argv[2:]] or list(KINDS)
    wanted = [name for name in sys.argv[2:] if name not in KINDS]
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    for case in networks.CASES:
        if not wanted or case.title in wanted:
            start = time.time()
            try:
                make(case, folder, kinds)
                print(f"{case.title}: {time.time() - start:.0f} s", flush=True)
            except Exception:  # one network that cannot be made does not end the others
                print(f"{case.title}: {traceback.format_exc()}", flush=True)


if __name__ == "__main__":
    main()
