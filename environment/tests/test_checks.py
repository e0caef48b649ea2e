"""What the checks of notebooks find, and what they let pass."""
import contextlib
import importlib.util
import io
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import support  # noqa: F401

INSTALLED = importlib.util.find_spec("nbformat") and importlib.util.find_spec("nbclient")
if INSTALLED:
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    import checks
    import exercises

OURS = "Solution"
METHOD = "int method%s() {\n  %s\n}"


def printed(text, source="x", tags=()):
    out = [new_output("stream", name="stdout", text=text)]
    return new_code_cell(source, outputs=out, metadata={"tags": list(tags)})


def lesson(count=3, replace=("", ""), without=None):
    """The cells of a complete lesson; only the first two of its exercises are checked."""
    cells = [
        new_markdown_cell("# 01 \u00b7 A lesson\n\n**Goals**\n\n**You need** x\n\n**Time**: x"),
        *[new_markdown_cell(f"**Predict.** {n}") for n in (1, 2, 3)],
        new_markdown_cell("## 2. What goes wrong\n\n### Much"),
        new_markdown_cell("## Exercises\n\nHow to work with them."),
    ]
    for n in range(1, count + 1):
        who = "" if n < 3 else "\n\n(A person reads this one.)"
        cells.append(new_markdown_cell(f"### {n}. Name \u00b7 3 points{who}"))
        cells.append(tagged(METHOD % (n, exercises.STUB), "exercise"))
        answer = new_markdown_cell(f"**Answer** {n}", metadata={"tags": ["solution"]})
        if n < 3:
            cells.append(tagged(f"check {n}", "check"))
        cells += [answer, tagged(METHOD % (f"{n}{OURS if n < 3 else ''}", "return 1;"), "solution")]
        if n < 3:
            cells.append(tagged(f"hidden {n}", "hidden"))
    cells.append(new_markdown_cell(
        "## Questions\n\n" + "\n".join(f"{n}. Why?" for n in range(1, 6))))
    cells.append(new_markdown_cell("## References\n\n**Next**: the next one\n"))
    for cell in cells:
        cell.source = cell.source.replace(*replace) if replace[0] else cell.source
    return [cell for cell in cells if cell.source != without]


def tagged(source, tag):
    return new_code_cell(source, metadata={"tags": [tag]})


@unittest.skipUnless(INSTALLED, "needs the private environment")
class ChecksTest(unittest.TestCase):
    def found(self, check, old, new=None):
        source, copy = (new_notebook(cells=cells) for cells in (old, new or old))
        return list(check(source, copy))

    def cells(self, *lengths):
        return [new_code_cell("\n".join(["x"] * lines)) for lines in lengths]

    def test_nine_of_ten_cells_are_short(self):
        nine, eight = [10] * 9, [10] * 8
        self.assertEqual([], self.found(checks.short_cells, self.cells(*nine, 30)))
        self.assertEqual(1, len(self.found(checks.short_cells, self.cells(*nine, 31))))
        self.assertEqual(1, len(self.found(checks.short_cells, self.cells(*eight, 11, 11))))

    def test_a_complete_lesson(self):
        self.assertEqual([], self.found(checks.complete_lesson, lesson()))

    def test_only_lessons_have_to_be_complete(self):
        for title in ("# 00 \u00b7 The map of the course", "# Something else", "no title"):
            index = [new_markdown_cell(title)]
            self.assertEqual([], self.found(checks.complete_lesson, index), title)
        self.assertEqual([], self.found(checks.complete_lesson, []))
        for title in ("# 01 \u00b7 A lesson", "# 08b \u00b7 A lesson"):
            empty = [new_markdown_cell(title)]
            self.assertEqual(12, len(self.found(checks.complete_lesson, empty)), title)

    def test_answers_are_folded(self):
        def cell(new, tag, *parts):
            return new("x", metadata={"tags": [tag], "jupyter": dict.fromkeys(parts, True)})

        both = ("source_hidden", "outputs_hidden")
        self.assertEqual([], self.found(checks.folded_answers, [
            cell(new_code_cell, "solution", *both), cell(new_code_cell, "hidden", *both),
            cell(new_markdown_cell, "solution", "source_hidden"), cell(new_code_cell, "check"),
            new_code_cell("x")]))
        for new, parts, lacks in (
                (new_code_cell, both[:1], both[1]), (new_code_cell, both[1:], both[0]),
                (new_code_cell, (), " and ".join(both)), (new_markdown_cell, (), both[0])):
            self.assertEqual(
                [f"cell 1 is an answer and not folded: its metadata 'jupyter' lacks {lacks}"],
                self.found(checks.folded_answers, [cell(new, "solution", *parts)]))

    def test_the_first_line_of_an_answer_gives_nothing_away(self):
        def found(source):
            cell = new_markdown_cell(source, metadata={
                "tags": ["solution"], "jupyter": {"source_hidden": True}})
            return self.found(checks.folded_answers, [cell])

        self.assertEqual([], found("**What you see.**\n" + "Much. " * 20))
        self.assertIn("first line gives away", found("**What you see.** " + "Much. " * 20)[0])

    def test_a_part_that_is_missing_is_named(self):
        for text, gone, sentence in (
                ("**Goals**", "Goals", "it has no line that begins with '**Goals**'"),
                ("**You need**", "", "it has no line that begins with '**You need**'"),
                ("**Time**", "", "it has no line that begins with '**Time**'"),
                ("**Predict.** 2", "**Predict** 2",
                 "it asks for 2 predictions (**Predict.**), fewer than 3"),
                ("## 2. What goes wrong", "## 2. Failures",
                 "none of its headings says what goes wrong"),
                ("5. Why?", "Why?", "it has 4 numbered questions, not 5 to 8"),
                ("## References", "## Literature",
                 "it has no line that begins with '## References'"),
                ("**Next**", "Next", "its last paragraph does not begin with **Next**")):
            self.assertEqual(
                [sentence], self.found(checks.complete_lesson, lesson(replace=(text, gone))))

    def test_the_form_of_exercises(self):
        third = "### 3. Name \u00b7 3 points"
        for other in (third.replace("3 points", "6 points"), third.replace("3 points", "3 point"),
                      "### 3. Name (3 points)", "### Third \u00b7 3 points"):
            found = self.found(checks.complete_lesson, lesson(replace=(third, other)))
            self.assertEqual(1, len(found), other)
            self.assertIn("has not the form", found[0])
        for text, sentence in (
                (METHOD % (3, exercises.STUB),
                 "it cannot be graded: exercise 3 has 0 cells tagged 'exercise', not 1"),
                ("**Answer** 3", "exercise 3 has no solution that begins with **Answer**")):
            self.assertEqual(
                [sentence], self.found(checks.complete_lesson, lesson(without=text)))

    def test_what_is_no_exercise_is_refused_in_words(self):
        heading = new_markdown_cell("### 1. One \u00b7 1 point")
        start, check = tagged(METHOD % (1, exercises.STUB), "exercise"), tagged("check 1", "check")
        for cells, sentence in (
                ([tagged("int x = 3;", "exercise"), check], "begins with 'int x = 3;', where"),
                ([tagged("", "exercise"), check], "begins with '', where"),
                ([check, start], "does not come right behind it")):
            with self.assertRaisesRegex(exercises.Malformed, sentence):
                exercises.source_of(new_notebook(cells=[heading, *cells]))

    def test_what_stays_calls_no_answer_that_is_left_out(self):
        for stays in (new_code_cell(f"use(method1{OURS}(2));"),
                      tagged(f"method1{OURS}(); method2{OURS}();", "hidden")):
            cells = [cell for cell in lesson() if cell.source != "hidden 2"]
            at = next(i for i, cell in enumerate(cells) if cell.source.startswith("### 3"))
            cells.insert(at, stays)
            with self.assertRaisesRegex(exercises.Malformed, f"'method1{OURS}', which is left out"):
                exercises.source_of(new_notebook(cells=cells))

    def test_what_a_cell_should_not_have_is_left_out(self):
        """As a code cell keeps that somebody made one of text; nor need cells have names."""
        usual, strange = (new_notebook(cells=lesson()) for _ in range(2))
        for cell in strange.cells:
            del cell["id"]
            if cell.cell_type == "markdown":
                cell.outputs, cell.execution_count = [], 3
        source = exercises.source_of(strange)
        nbformat.validate(source)
        self.assertEqual(
            [cell.source for cell in exercises.source_of(usual).cells],
            [cell.source for cell in source.cells])

    def test_what_nbformat_does_not_take_is_refused_in_words(self):
        nb = new_notebook(cells=lesson())
        nb.cells[0].id = "a name with blanks"
        with self.assertRaisesRegex(exercises.Malformed, "nbformat does not take it: 'a name with"):
            exercises.source_of(nb)

    def test_two_exercises_are_checked(self):
        for text, more in (
                ("check 2", ["it cannot be graded: exercise 2 has 0 cells tagged 'check', not 1",
                             "exercise 2 has no check and does not say so: 'person reads'"]),
                ("hidden 2", [])):
            self.assertCountEqual(
                [*more, "1 of its exercises have cells tagged 'check' and 'hidden', fewer than 2"],
                self.found(checks.complete_lesson, lesson(without=text)), text)

    def test_what_nothing_checks_says_who_reads_it(self):
        self.assertEqual(
            ["exercise 3 has no check and does not say so: 'person reads'"],
            self.found(checks.complete_lesson, lesson(replace=("A person reads", "Nobody reads"))))

    def test_three_to_five_exercises(self):
        for count, sentences in ((2, 1), (3, 0), (5, 0), (6, 1)):
            found = self.found(checks.complete_lesson, lesson(count))
            self.assertEqual([f"it has {count} exercises, not 3 to 5"] * sentences, found)

    def test_a_lesson_fits_the_time_that_it_states(self):
        says = "about {} minutes: 10 to read, 10 to predict and to run, {} for the exercises"
        for time, words, sentence in (
                (says.format(60, 40), 1400, None),
                (says.format(60, 40), 1600, "words before its exercises, more than 150 for each"),
                (says.format(55, 40), 9, "its time is 55 minutes, but its parts make 60"),
                (says.format(40, 20), 9, "its exercises have 20 minutes for 9 points"),
                (says.format(80, 60), 9, "its exercises have 60 minutes for 9 points"),
                ("about 60 minutes", 9, "its time is not told as")):
            cells = lesson(replace=("**Time**: x", f"**Time**: {time}"))
            cells.insert(1, new_markdown_cell("word " * words))
            cells.insert(-2, new_markdown_cell("word " * 9000, metadata={"tags": ["solution"]}))
            found = self.found(checks.fits_its_time, cells)
            self.assertEqual([], found) if sentence is None else self.assertIn(sentence, found[0])
            self.assertEqual(sentence is not None, len(found) == 1, found)
        self.assertEqual([], self.found(checks.fits_its_time, [new_markdown_cell("# 00 \u00b7 x")]))

    def test_object_hashes(self):
        for text in ("camlab.picture.Mask@1e392345", "[I@7bd69e82"):
            self.assertEqual(1, len(self.found(checks.no_object_hashes, [printed(text)])), text)
        self.assertEqual([], self.found(checks.no_object_hashes, [printed("me@feed.org, 3@2")]))

    def test_numbers_may_differ_a_little_and_words_may_not(self):
        old = [printed("cat 0.910\n1,234 pictures, \u22122.5")]
        same = [printed("cat 0.905\n1,230 pictures, \u22122.51")]
        self.assertEqual([], self.found(checks.fresh_outputs, old, same))
        for other in ("dog 0.910\n1,234 pictures, \u22122.5", "cat 0.7\n1,234 pictures, \u22122.5",
                      "cat 0.910\n1,234 pictures, 2.5", "cat 0.910"):
            self.assertEqual(1, len(self.found(checks.fresh_outputs, old, [printed(other)])), other)

    def test_kinds_of_output_are_compared(self):
        picture = new_code_cell("x", outputs=[new_output("display_data", data={"image/png": "a"})])
        self.assertEqual(1, len(self.found(checks.fresh_outputs, [picture], [printed("a")])))
        self.assertEqual(1, len(self.found(checks.fresh_outputs, self.cells(1), [picture])))
        self.assertEqual([], self.found(checks.fresh_outputs, [picture], [picture]))

    def test_a_folder_of_more_than_14_megabytes_is_too_heavy(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for book, size in (("01-a.ipynb", 4_000_000), ("02-b.ipynb", 10_000_000),
                               ("notes.txt", 9_000_000)):
                (folder / book).write_bytes(bytes(size))
            self.assertEqual([], list(checks.weight(folder)))
            (folder / "01-a.ipynb").write_bytes(bytes(4_060_000))
            self.assertEqual(["its notebooks have 14.1 MB, more than 14 MB; the heaviest is 02-b.ipynb"
                              " (10.0 MB)"], list(checks.weight(folder)))

    def test_the_folder_of_the_notebooks_is_weighed(self):
        with tempfile.TemporaryDirectory() as name, \
                mock.patch.object(checks, "MOST_MEGABYTES", 0), \
                contextlib.redirect_stdout(io.StringIO()) as printed_text:
            book = Path(name, "a.ipynb")
            nbformat.write(new_notebook(), book)
            self.assertEqual(1, checks.main(["--executed", name, str(book)]))
            self.assertIn("more than 0 MB; the heaviest is a.ipynb", printed_text.getvalue())

    def test_the_index_links_every_lesson_by_its_title(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("01-a.ipynb", "# 01 \u00b7 A\nb"), ("02-b.ipynb", "# 02 \u00b7 B"),
                               ("02b-c.ipynb", "# 02b \u00b7 C"), ("2-d.ipynb", "# no lesson"),
                               (checks.INDEX, "# Map\n[01 A](01-a.ipynb), [02](02-b.ipynb)")):
                nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), Path(folder, name))
            self.assertEqual(["it lacks the link [02 B](02-b.ipynb)",
                              "it lacks the link [02b C](02b-c.ipynb)"],
                             list(checks.index(Path(folder, checks.INDEX))))
            self.assertEqual([], list(checks.index(Path(folder, "01-a.ipynb"))))

    def test_a_stream_may_come_in_pieces(self):
        pieces = new_code_cell("x", outputs=[
            new_output("stream", name="stdout", text=text) for text in ("a ", "b")])
        self.assertEqual([], self.found(checks.fresh_outputs, [printed("a b")], [pieces]))

    def test_a_cell_may_be_tagged_as_varying(self):
        old, new = [printed("12 ms", tags=["varies"])], [printed("90 s", tags=["varies"])]
        self.assertEqual([], self.found(checks.fresh_outputs, old, new))

    def test_links_lead_to_files(self):
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "1.ipynb"
            text = "[here](1.ipynb#top) [web](https://example.org/x) [top](#top) [gone](2.ipynb)"
            nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), book)
            self.assertEqual(["its link to 2.ipynb leads nowhere"], list(checks.links(book)))


if __name__ == "__main__":
    unittest.main()
