"""What must be true of a notebook and its freshly executed copy. Every check is a function that
takes both and yields sentences about what is amiss; new ones are added to CHECKS."""
from __future__ import annotations

import argparse
import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat

import execute
import exercises
import pages
from project import use_plain_output
from sameness import same_text

USUAL_LINES = 10
MOST_LONG = 10  # one cell in so many may be longer
MOST_LINES = 30
INDEX = "00-index.ipynb"
MEGABYTE = 1_000_000
MOST_MEGABYTES = 14

TITLE = re.compile(r"# (\d+)[a-z]? \u00b7 ")
LESSON = re.compile(r"\d\d[a-z]?-.*\.ipynb")
PARTS = ("**Goals**", "**You need**", "**Time**",
         "## Exercises", "## Questions", "## References")
TIME = re.compile(r"\*\*Time\*\*: about (\d+) minutes: (\d+) to read, (\d+) to predict and to run,"
                  r" (\d+) for the exercises")
WORDS_A_MINUTE = 150
MINUTES_A_POINT = 3.5, 5
FEWEST_PREDICTIONS = 3
EXERCISES = range(3, 6)
FEWEST_CHECKED = 2
READ = "person reads"
LONGEST_SHOWN = 40
QUESTIONS = range(5, 9)
QUESTION = re.compile(r"\d+\. ")

LINK = re.compile(r"\]\(([^)\s]+)\)")


def same_cells(source, copy) -> Iterator[str]:
    if [(c.cell_type, c.source) for c in source.cells] != [
        (c.cell_type, c.source) for c in copy.cells
    ]:
        yield "its cells are not those of the executed copy"


def every_cell_executed(source, copy) -> Iterator[str]:
    counts = [cell.execution_count for cell in execute.code_cells(copy)]
    if counts != list(range(1, len(counts) + 1)):
        yield "not every cell was executed once, in order"


def java_kernel(source, copy) -> Iterator[str]:
    name = source.metadata.get("kernelspec", {}).get("name")
    if name != "java":
        yield f"its kernel is {name!r}, not 'java'"


def quiet(log: Path) -> Iterator[str]:
    """What the JVM and native code write past the notebook. Java names options that it takes from
    the environment ('Picked up JAVA_TOOL_OPTIONS'); that is not ours."""
    if log.exists():
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        chatter = [line for line in lines if line.strip() and not line.startswith("Picked up ")]
        if chatter:
            yield f"its kernel wrote to the terminal: {chatter[0]}"


def short_cells(source, copy) -> Iterator[str]:
    lengths = [len(cell.source.splitlines()) for cell in execute.code_cells(source)]
    if lengths and max(lengths) > MOST_LINES:
        yield f"a cell has {max(lengths)} lines, more than {MOST_LINES}"
    long = sum(length > USUAL_LINES for length in lengths)
    if MOST_LONG * long > len(lengths):
        yield (f"{long} of its {len(lengths)} cells have more than {USUAL_LINES} lines,"
               f" more than one in {MOST_LONG}")


def no_object_hashes(source, copy) -> Iterator[str]:
    for number, cell in enumerate(execute.code_cells(copy), 1):
        found = execute.OBJECT_HASH.search(text_of(cell))
        if found:
            yield f"cell {number} shows an object's hash: {found.group()}"


def fresh_outputs(source, copy) -> Iterator[str]:
    """What is committed is what comes out: the same kinds of output, the same words, and numbers
    that differ no more than those of two machines do. A cell tagged 'varies' may say anything."""
    for number, (old, new) in enumerate(zip(*map(execute.code_cells, (source, copy))), 1):
        if "varies" in exercises.tags_of(old):
            continue
        if kinds_of(old) != kinds_of(new):
            ours, theirs = (kinds_of(cell) or "nothing" for cell in (new, old))
            yield f"cell {number} put out {ours}, but {theirs} is committed"
        elif not same_text(text_of(old), text_of(new)):
            ours, theirs = first_difference(text_of(new), text_of(old))
            yield f"cell {number} says {ours!r}, but {theirs!r} is committed"


def kinds_of(cell) -> list[str]:
    """Streams count once, since a kernel may send one in several pieces."""
    kinds = {out.name for out in cell.outputs if out.output_type == "stream"}
    for out in cell.outputs:
        kinds.update(out.get("data", {}))
    return sorted(kinds)


def text_of(cell) -> str:
    return "".join(
        out.text if out.output_type == "stream" else out.get("data", {}).get("text/plain", "")
        for out in cell.outputs
    )


def first_difference(new: str, old: str) -> tuple[str, str]:
    for ours, theirs in itertools.zip_longest(new.splitlines(), old.splitlines(), fillvalue=""):
        if not same_text(ours, theirs):
            return ours, theirs
    return new, old


def complete_lesson(source, copy) -> Iterator[str]:
    """A lesson is a notebook with a number from 01 on in its title; others need none of this."""
    texts = [cell.source for cell in source.cells if cell.cell_type == "markdown"]
    if not is_lesson(texts):
        return
    lines = "\n\n".join(texts).rstrip().splitlines()
    for part in PARTS:
        if not any(line.startswith(part) for line in lines):
            yield f"it has no line that begins with {part!r}"
    predictions = sum(line.startswith("**Predict.**") for line in lines)
    if predictions < FEWEST_PREDICTIONS:
        yield f"it asks for {predictions} predictions (**Predict.**), fewer than {FEWEST_PREDICTIONS}"
    if not any(line.startswith("##") and "goes wrong" in line for line in lines):
        yield "none of its headings says what goes wrong"
    if not paragraphs_of(texts[-1])[-1].startswith("**Next**"):
        yield "its last paragraph does not begin with **Next**"
    questions = sum(bool(QUESTION.match(line)) for line in section(lines, "## Questions"))
    if questions not in QUESTIONS:
        yield f"it has {questions} numbered questions, not {QUESTIONS[0]} to {QUESTIONS[-1]}"
    yield from complete_exercises(source, lines)


def is_lesson(texts: list[str]) -> bool:
    title = TITLE.match(texts[0]) if texts else None
    return bool(title) and int(title[1]) > 0


def folded_answers(source, copy) -> Iterator[str]:
    """An answer, and what it puts out, is seen in JupyterLab when somebody clicks on it."""
    for number, cell in enumerate(source.cells, 1):
        if pages.folded(cell):
            hides = cell.metadata.get("jupyter", {})
            parts = ["source_hidden", *(["outputs_hidden"] if cell.cell_type == "code" else [])]
            open_parts = [part for part in parts if hides.get(part) is not True]
            if open_parts:
                yield (f"cell {number} is an answer and not folded: its metadata 'jupyter' lacks"
                       f" {' and '.join(open_parts)}")
            # Of what is folded JupyterLab shows the first line.
            if cell.cell_type == "markdown" and len(cell.source.partition("\n")[0]) > LONGEST_SHOWN:
                yield (f"cell {number} is an answer that its first line gives away: '**Answer**' or"
                       " '**What you see.**' stands there alone")


def fits_its_time(source, copy) -> Iterator[str]:
    """What is folded in is not read; what stands in the exercises belongs to their time."""
    texts = [cell.source for cell in source.cells
             if cell.cell_type == "markdown" and "solution" not in exercises.tags_of(cell)]
    if not is_lesson(texts):
        return
    stated = TIME.search("\n".join(texts))
    if not stated:
        yield ("its time is not told as 'about 60 minutes: 15 to read, 10 to predict and to run,"
               " 35 for the exercises'")
        return
    total, read, run, exercise = map(int, stated.groups())
    if total != read + run + exercise:
        yield f"its time is {total} minutes, but its parts make {read + run + exercise}"
    words = len("\n".join(texts).partition("## Exercises")[0].split())
    if words > WORDS_A_MINUTE * read:
        yield (f"it has {words} words before its exercises, more than {WORDS_A_MINUTE} for each of"
               f" the {read} minutes to read")
    points = sum(each.points for each in exercises.exercises_of(source))
    least, most = MINUTES_A_POINT
    if not least * points <= exercise <= most * points:
        yield (f"its exercises have {exercise} minutes for {points} points,"
               f" not {least} to {most} for each")


def paragraphs_of(text: str) -> list[str]:
    return text.strip().split("\n\n")


def section(lines: list[str], heading: str) -> list[str]:
    after = itertools.dropwhile(lambda line: line != heading, lines)
    return list(itertools.takewhile(lambda line: not line.startswith("## "),
                                    itertools.islice(after, 1, None)))


def complete_exercises(source, lines: list[str]) -> Iterator[str]:
    headings = [line for line in section(lines, "## Exercises") if line.startswith("### ")]
    if len(headings) not in EXERCISES:
        yield f"it has {len(headings)} exercises, not {EXERCISES[0]} to {EXERCISES[-1]}"
    for heading in headings:
        if not exercises.EXERCISE.fullmatch(heading):
            yield f"the heading {heading!r} has not the form '### 1. Name \u00b7 2 points'"
    found = exercises.exercises_of(source)
    for each in found:
        if not any(cell.source.startswith("**Answer**") for cell in each.tagged("solution")):
            yield f"exercise {each.number} has no solution that begins with **Answer**"
        if not each.checked and READ not in each.cells[0].source:
            yield f"exercise {each.number} has no check and does not say so: {READ!r}"
    checked = sum(each.checked and any(each.tagged("hidden")) for each in found)
    if checked < FEWEST_CHECKED:
        yield (f"{checked} of its exercises have cells tagged 'check' and 'hidden',"
               f" fewer than {FEWEST_CHECKED}")
    try:
        exercises.source_of(source)
    except exercises.Malformed as problem:
        yield f"it cannot be graded: {problem}"


CHECKS = [
    same_cells,
    every_cell_executed,
    java_kernel,
    short_cells,
    complete_lesson,
    folded_answers,
    fits_its_time,
    no_object_hashes,
    fresh_outputs,
]


def links(notebook: Path) -> Iterator[str]:
    """Links to files; where the web has them is not asked."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        for link in LINK.findall(cell.source) if cell.cell_type == "markdown" else []:
            target = link.split("#")[0]
            if target and "://" not in link and not (notebook.parent / target).exists():
                yield f"its link to {link} leads nowhere"


def lessons_in(folder: Path) -> list[Path]:
    """Those with a number in front; one that came in between has a letter, too: 08b."""
    return sorted(path for path in folder.iterdir() if LESSON.fullmatch(path.name))


def index(notebook: Path) -> Iterator[str]:
    """The map of the course links every lesson beside it, by its title."""
    if notebook.name != INDEX:
        return
    text = "\n".join(cell.source for cell in nbformat.read(notebook, as_version=4).cells)
    for lesson in lessons_in(notebook.parent):
        heading = nbformat.read(lesson, as_version=4).cells[0].source.splitlines()[0]
        title = heading.removeprefix("# ").replace(" \u00b7 ", " ", 1)
        link = f"[{title}]({lesson.name})"
        if lesson.name != INDEX and link not in text:
            yield f"it lacks the link {link}"


def weight(folder: Path) -> Iterator[str]:
    """Whoever fetches the project fetches every version of every output: pictures have to be small."""
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.ipynb")}
    total = sum(sizes.values())
    if total > MOST_MEGABYTES * MEGABYTE:
        heaviest = max(sizes, key=sizes.__getitem__)
        yield (f"its notebooks have {total / MEGABYTE:.1f} MB, more than {MOST_MEGABYTES} MB;"
               f" the heaviest is {heaviest} ({sizes[heaviest] / MEGABYTE:.1f} MB)")


def problems(source: Path, executed: Path) -> list[str]:
    both = [nbformat.read(path, as_version=4) for path in (source, executed)]
    found = [sentence for check in CHECKS for sentence in check(*both)]
    found += [*links(source), *index(source)]
    return found + list(quiet(executed.with_suffix(".kernel.log")))


def main(arguments: Sequence[str] | None = None) -> int:
    use_plain_output()
    parser = argparse.ArgumentParser()
    parser.add_argument("--executed", type=Path, required=True)
    parser.add_argument("notebooks", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    found = [
        f"{notebook.name}: {sentence}"
        for notebook in options.notebooks
        for sentence in problems(notebook, options.executed / notebook.name)
    ]
    for folder in dict.fromkeys(notebook.parent for notebook in options.notebooks):
        found += [f"{folder.name}: {sentence}" for sentence in weight(folder)]
    print("\n".join(found) or f"{len(options.notebooks)} notebooks checked, nothing amiss.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
