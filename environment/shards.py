"""A share of the work for each of several machines, and what they found put together: `--shard` and
`camlab.py merge`. Started as a program, inside the private environment, it merges a run."""
from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import whole
from console import Problem
from project import use_plain_output

Work = TypeVar("Work")
FOLDER = re.compile(r"shard-(\d+)-of-(\d+)")
NOTEBOOKS = "notebooks.json"  # what falls to a shard, so that a merge knows what is missing
RESULTS = "results.json"


@dataclass(frozen=True)
class Shard:
    """The share `number` of `of`, counted from 1."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """The type of the option: '2/5'."""
        numbers = re.fullmatch(r"(\d+)/(\d+)", text)
        if not numbers or not 1 <= int(numbers[1]) <= int(numbers[2]):
            raise argparse.ArgumentTypeError(
                f"{text!r} is no share: write 2/5 for the second of five")
        return cls(int(numbers[1]), int(numbers[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def share(self, work: Sequence[Work]) -> list[Work]:
        """Every `of`-th: neighbours, which are often alike long, fall to different machines."""
        return list(work[self.number - 1::self.of])

    def folder(self, parent: Path) -> Path:
        return parent / f"shard-{self.number}-of-{self.of}"


def begin_run(folder: Path, names: Sequence[str]) -> None:
    """Says what falls to a shard; what an earlier run found there no longer counts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / RESULTS).unlink(missing_ok=True)
    whole.write(folder / NOTEBOOKS, json.dumps(list(names)) + "\n")


def folders_of(parent: Path) -> list[Path]:
    """The folders of all shards of one division, in their order."""
    found = {
        Shard(int(match[1]), int(match[2])): folder
        for folder in parent.glob("shard-*")
        for match in [FOLDER.fullmatch(folder.name)] if match
    }
    divisions = sorted({shard.of for shard in found})
    if len(divisions) != 1:
        raise Problem(
            f"There is no shard in {parent}: name the folder that --shard was given with."
            if not divisions else
            f"{parent} holds shards of several divisions ({', '.join(map(str, divisions))}):"
            " remove those that no longer count.")
    every = [Shard(number + 1, divisions[0]) for number in range(divisions[0])]
    missing = [str(shard) for shard in every if shard not in found]
    if missing:
        raise Problem(f"{parent} lacks the shards {', '.join(missing)}: wait for them, or run them.")
    return [found[shard] for shard in every]


def merge_run(parent: Path) -> int:
    """One index, one results.json and one results.xml of all shards; pages stay where they are."""
    import results  # only the private environment can

    done: list[tuple[int, results.Result]] = []
    missing: list[str] = []
    folders = folders_of(parent)
    for number, folder in enumerate(folders):
        names = json.loads((folder / NOTEBOOKS).read_text(encoding="utf-8"))
        listing = folder / RESULTS
        found = json.loads(listing.read_text(encoding="utf-8")) if listing.is_file() else []
        by_name = {each["name"]: results.Result(**each) for each in found}
        for position, name in enumerate(names):
            if name in by_name:
                moved = below(by_name[name], folder.name)
                done.append((position * len(folders) + number, moved))
            else:
                missing.append(f"{name} ({folder.name})")
    if missing:
        raise Problem(
            f"Not executed yet: {', '.join(missing)}. Wait for these shards, or run them again.")
    merged = [result for _, result in sorted(done, key=lambda each: each[0])]
    results.write(merged, parent)
    print(results.summary(merged, len(merged), parent))
    return 0 if all(result.ok for result in merged) else 1


def below(result, folder: str):
    """Its page and copy as they are seen from the folder above."""
    return replace(
        result,
        page=result.page and f"{folder}/{result.page}",
        copy=result.copy and f"{folder}/{result.copy}",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    use_plain_output()
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    try:
        return merge_run(parser.parse_args(arguments).folder)
    except Problem as problem:
        print(problem, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
