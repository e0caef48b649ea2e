"""Web pages of executed notebooks, and the index that lists them. They need no network: formulas
become MathML, which browsers show by themselves, and pictures are inside the page."""
from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence
from pathlib import Path

from jinja2 import BytecodeCache, pass_context
from jinja2.bccache import Bucket
from latex2mathml.converter import convert
from nbconvert import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter

from exercises import tags_of
from project import ENVIRONMENT

# What a reader sees only after a click, by the tag of its cells.
FOLDED = {"solution": "Answer", "hidden": "Further check"}


def notebook_page(nb, notebook: Path, index_url: str) -> str:
    exporter = PageExporter(
        template_name="camlab",
        extra_template_basedirs=[str(ENVIRONMENT / "template")],
        embed_images=True,
    )
    exporter.register_preprocessor(fold, enabled=True)
    resources = {
        "metadata": {"name": notebook.stem, "path": str(notebook.resolve().parent)},
        "index_url": index_url,
    }
    return exporter.from_notebook_node(nb, resources)[0]


def fold(nb, resources):
    """Neighbours with the same tag become one box: the template needs to know its ends. One with an
    error in it is open."""
    for title, cells in itertools.groupby(nb.cells, folded):
        box = list(cells)
        if title:
            failed = any(out.output_type == "error" for c in box for out in c.get("outputs", []))
            box[0].metadata.camlab_opens = {"title": title, "open": failed}
            box[-1].metadata.camlab_closes = True
            box[0].source = box[0].source.removeprefix(f"**{title}**").lstrip()
    return nb, resources


def folded(cell) -> str | None:
    titles = [FOLDED[tag] for tag in tags_of(cell) if tag in FOLDED]
    return titles[0] if titles else None


class Compiled(BytecodeCache):
    """Templates in the form that they are run in: compiling them for each page anew took longer than
    the page."""

    def __init__(self):
        self._forms: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._forms:
            bucket.bytecode_from_string(self._forms[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._forms[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()

UNDESCRIBED = "No description has been provided for this image"
TAG = re.compile(r"""<(?:img|div)\b(?:[^>"']|"[^"]*"|'[^']*')*>""")
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
REACHED = re.compile(r"""\sclass=["'][^"']*\bjp-(?:Cell-inputWrapper|OutputArea-output)\b""")


class PageExporter(HTMLExporter):
    """nbconvert's exporter, but for the formulas, and for how it looks a page over at the end: taking
    it apart and writing it again took as long as making it."""

    def from_notebook_node(self, nb, resources=None, **more):
        self.environment.bytecode_cache = COMPILED
        language = nb.metadata.get("language_info", {})
        lexer = language.get("pygments_lexer", language.get("name"))
        resources = self._init_resources(resources)
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=self))
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(
            notebook_metadata=self._nb_metadata, parent=self, resources=resources))
        page, resources = TemplateExporter.from_notebook_node(self, nb, resources, **more)
        return TAG.sub(for_all_readers, page), resources

    @pass_context
    def markdown2html(self, context, source):
        renderer = MathRenderer(
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            embed_images=self.embed_images,
            path=context.get("resources", {}).get("metadata", {}).get("path", ""),
            anchor_link_text=self.anchor_link_text,
            exclude_anchor_links=self.exclude_anchor_links,
        )
        return MarkdownWithMath(renderer=renderer).render(source)


def for_all_readers(tag: re.Match[str]) -> str:
    """Each picture has a description, and what is wider than the page is reached by keys."""
    text = tag[0]
    if text.startswith("<img"):
        described = " alt=" in QUOTED.sub("", text)
        return text if described else f'<img alt="{UNDESCRIBED}"{text[4:]}'
    return f'<div tabindex="0"{text[4:]}' if REACHED.search(text) else text


class MathRenderer(IPythonRenderer):
    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link to a notebook leads to its page, which lies beside this one."""
        own = "/" not in url
        return super().link(text, re.sub(r"\.ipynb(?=#|$)", ".html", url) if own else url, title)

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")


def mathml(tex: str, display: str) -> str:
    tex = tex.strip().replace("{aligned}", "{split}")  # the converter knows only the second name
    try:
        return convert(tex, display=display)
    except Exception:  # a formula the converter does not know is shown as it was written
        return f"<code>{html.escape(tex)}</code>"


def index_page(results: Sequence) -> str:
    rows = "\n".join(map(_row, results))
    failed = sum(1 for result in results if not result.ok)
    seconds = sum(result.seconds for result in results)
    verdict = f"{failed} failed" if failed else "all ok"
    return _INDEX % {
        "rows": rows,
        "summary": f"{len(results)} notebooks, {verdict}; their times add up to {seconds:.0f} s",
    }


def _row(result) -> str:
    name = html.escape(result.name.removesuffix(".ipynb"))
    if result.page:
        name = f'<a href="{html.escape(result.page)}">{name}</a>'
    copy = f'<a href="{html.escape(result.copy)}">.ipynb</a>' if result.copy else ""
    message = f"<pre>{html.escape(result.message)}</pre>" if result.message else ""
    return _ROW % {
        "name": name,
        "copy": copy,
        "message": message,
        "cells": f"{result.executed}/{result.cells}",
        "seconds": f"{result.seconds:.1f}",
        "kind": "ok" if result.ok else "failed",
        "verdict": html.escape(result.verdict),
    }


_ROW = """<tr>
<td>%(name)s%(message)s</td><td class="n">%(cells)s</td><td class="n">%(seconds)s</td>
<td class="%(kind)s">%(verdict)s</td><td>%(copy)s</td>
</tr>"""

_INDEX = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CamLab: executed notebooks</title>
<style>
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0; }
p { margin: .3rem 0 1.5rem; opacity: .75; }
table { border-collapse: collapse; width: 100%%; }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem .45rem 0; }
th { font-weight: 600; border-bottom: 2px solid #8886; }
td { border-bottom: 1px solid #8883; }
.n { text-align: right; font-variant-numeric: tabular-nums; padding-right: 1.6rem; }
.ok { color: #1a7f37; }
.failed { color: #cf222e; font-weight: 600; }
pre { margin: .3rem 0 0; font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; opacity: .85; }
@media (prefers-color-scheme: dark) { .ok { color: #57ab5a; } .failed { color: #f47067; } }
</style>
</head>
<body>
<h1>CamLab notebooks</h1>
<p>%(summary)s</p>
<table>
<thead><tr><th>Notebook</th><th class="n">Cells</th><th class="n">Seconds</th><th>Result</th><th>Copy</th></tr></thead>
<tbody>
%(rows)s
</tbody>
</table>
</body>
</html>
"""
