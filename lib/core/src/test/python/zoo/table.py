"""Makes the tables of what was found: figures.csv, a row for each file, and figures.md, what they come to.

    python table.py REFERENCES RESULTS WRITTEN [SENTENCE ON THE MACHINE]
"""

import csv
import json
import math
import pathlib
import re
import statistics
import sys

CLOSE = 1e-4

# A default that lies further to the front than this shows what the network has hardly begun to see.
EARLIEST = 0.5

COLUMNS = [
    "file", "verdict", "layers", "notRun", "refusedLayers", "wrongLayers", "worstActivation", "worstGradient",
    "mapsRight", "mapsWrong", "mapsRefused", "target", "targetLayout", "targetMap", "targetZeroGradients", "default",
    "last", "lastMap", "lastStated", "plainLoadSeconds", "loadSeconds", "firstMilliseconds", "steadyMilliseconds",
    "forwardMilliseconds", "passes", "refused",
]  # fmt: skip


def verdict(result: dict) -> str:
    """What came of a file: right at every layer, wrong, or refused."""
    if result["refused"]:
        return "refused"
    right = result["layers"] > 0 and result["wrongLayers"] == 0 and result["logits"] <= CLOSE
    return "right at every layer" if right else "wrong"


def default(result: dict) -> str:
    """What the layer offered by default is worth."""
    if result["refused"]:
        return ""
    if not result["target"]:
        return "none"
    if math.isnan(result["targetMap"]):
        return "of a layout the check does not know"
    if result["targetMap"] > CLOSE:
        return "wrong map"
    if result["targetZeroGradients"] > 0.99:
        return "no gradient"
    return "sensible" if result["targetPlace"] >= EARLIEST else "too early"


def at_last(result: dict) -> str:
    """What the map at the last block is worth."""
    if math.isnan(result["lastMap"]):
        return "none"
    if result["lastMap"] > CLOSE:
        return "wrong"
    return "right, with its layout stated" if result["lastStated"] else "right"


def short(value: object) -> object:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.3g}"
    if isinstance(value, str) and value:
        return re.sub(r"\S*/", "", value.splitlines()[0])[:200]
    return value


def rows(references: pathlib.Path, results: pathlib.Path) -> list[dict]:
    found = []
    checked = {file.stem.rsplit(".", 1)[1] for file in results.glob("*.json")}
    for reference in sorted(references.glob("*.json")):
        facts = json.loads(reference.read_text())
        for kind, made in facts["kinds"].items():
            if kind not in checked:
                continue
            file = results / f"{facts['network']}.{kind}.json"
            if made != "written":
                found.append({"file": f"{facts['network']}.{kind}", "verdict": made})
            elif file.exists():
                result = json.loads(file.read_text())
                found.append(result | {"file": file.stem, "verdict": verdict(result), "default": default(result)})
    return found


def spread(name: str, values: list[float], unit: str) -> str:
    values = [value for value in values if not math.isnan(value)]
    return f"| {name} | {statistics.median(values):.3g} {unit} | {max(values):.3g} {unit} |" if values else ""


def ratios(opened: list[dict]) -> list[float]:
    return [row["firstMilliseconds"] / row["steadyMilliseconds"] for row in opened]


def over_forward(opened: list[dict]) -> list[float]:
    """What a Grad-CAM costs, in forward passes without a hook; results of older checks do not have it."""
    return [row.get("passes", math.nan) for row in opened]


def counts(title: str, values: list[str]) -> list[str]:
    lines = [f"| {title} | files |", "|---|---|"]
    return lines + [f"| {value} | {values.count(value)} |" for value in sorted(set(values))] + [""]


def text(found: list[dict], torch: str, machine: str) -> str:
    made = [row for row in found if "layers" in row]
    opened = [row for row in made if not row["refused"]]
    lines = [
        "# What came of the networks",
        "",
        f"{len(made)} files of {len({row['file'].rsplit('.', 1)[0] for row in made})} networks, made by PyTorch {torch}. {machine}",
        "",
    ]
    lines += counts("a file is", [row["verdict"] for row in made])
    lines += counts("its default layer is", [row["default"] for row in opened])
    asked = [row for row in opened if row["last"]]
    lines += counts("the map at its last block is", [at_last(row) for row in asked])
    lines += ["| time | median | longest |", "|---|---|---|"]
    times = [
        spread("load", [row["loadSeconds"] for row in opened], "s"),
        spread("load by plain DJL", [row["plainLoadSeconds"] for row in opened], "s"),
        spread("first Grad-CAM", [row["firstMilliseconds"] for row in opened], "ms"),
        spread("a Grad-CAM from then on", [row["steadyMilliseconds"] for row in opened], "ms"),
        spread("the first over those", ratios(opened), "times"),
        spread("a Grad-CAM over a forward pass", over_forward(opened), "times"),
    ]
    lines += [line for line in times if line]
    lines += [
        "",
        "| file | refused because |",
        "|---|---|",
    ]
    lines += [f"| {row['file']} | {short(row['refused'])} |" for row in made if row["refused"]]
    lines += ["", "| file | default layer | which is |", "|---|---|---|"]
    lines += [
        f"| {row['file']} | {row['target'] or 'none'} | {row['default']} |"
        for row in opened
        if row["default"] not in ("sensible", "none")
    ]
    lines += ["", "| file | layers wrong | maps wrong | listed but not run |", "|---|---|---|---|"]
    lines += [
        f"| {row['file']} | {row['wrongLayers']} | {row['mapsWrong']} | {row['notRun']} |"
        for row in opened
        if row["wrongLayers"] or row["mapsWrong"] or row["notRun"]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    references, results, written = (pathlib.Path(argument) for argument in sys.argv[1:4])
    found = rows(references, results)
    with open(written / "figures.csv", "w", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows({name: short(value) for name, value in row.items()} for row in found)
    torch = json.loads(next(references.glob("*.json")).read_text())["torch"].split("+")[0]
    (written / "figures.md").write_text(text(found, torch, " ".join(sys.argv[4:])))


if __name__ == "__main__":
    main()
