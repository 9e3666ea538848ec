"""What the pages show is so, and the notebook runs."""

import contextlib
import io
import json
import os
import unittest

from . import pages
from .common import ROOT, with_sklearn

NOTEBOOK = ROOT / "examples" / "embeddings.ipynb"


class TestPages(unittest.TestCase):
    def test_examples(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            there = os.getcwd()
            try:
                code = pages.main([])
            finally:
                os.chdir(there)
        self.assertEqual(code, 0, said.getvalue())

    @with_sklearn
    def test_notebook(self):
        """Cell by cell, as a notebook does; what a cell shows last is drawn, and what it prints is what is stored."""
        import ast

        names, shown = {}, 0
        for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] != "code":
                continue
            body = ast.parse("".join(cell["source"])).body
            last = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) and not _prints(body[-1]) else None
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(ast.Module(body, []), str(NOTEBOOK), "exec"), names)
                value = eval(compile(last, str(NOTEBOOK), "eval"), names) if last else None
            if hasattr(value, "_repr_html_"):
                shown += 1
                self.assertGreater(len(value._repr_html_()), 500)
            stored = "".join("".join(o["text"]) for o in cell["outputs"] if o.get("name") == "stdout")
            self.assertEqual(said.getvalue(), stored)
        self.assertGreaterEqual(shown, 5)
        self.assertEqual(names["lost"].directions.lost, 1)
        self.assertEqual(names["worst"].names, ["news", "fraud"])


def _prints(statement):
    call = statement.value
    return getattr(getattr(call, "func", None), "id", "") == "print"
