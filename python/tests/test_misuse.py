"""What people get wrong, and what is said of it."""

import os
import stat
import tempfile
import unittest

import numpy as np

import contrastcheck as cc

from .common import left_behind, samples


class TestMisuse(unittest.TestCase):
    def test_missing_labels(self):
        X, y = samples()
        names = np.array(["a", "b", "c"], dtype=object)[y]
        for missing in (None, np.nan, float("nan")):
            spoiled = names.copy()
            spoiled[7] = missing
            for labels in (spoiled, list(spoiled)):
                with self.assertRaisesRegex(cc.InputError, "^y: row 8: expected a class label, found (None|nan)$"):
                    cc.solve(X, labels)
        numbers = y.astype(float)
        numbers[0] = np.nan
        with self.assertRaisesRegex(cc.InputError, "^y: row 1: expected a class label, found nan$"):
            cc.solve(X, numbers)
        self.assertEqual(cc.solve(X, np.array(["nan", "None", "c"])[y]).classes, ["nan", "None", "c"])  # words are names

    def test_masked_and_sparse(self):
        X, y = samples()
        hidden = np.ma.array(X, mask=np.zeros_like(X, dtype=bool))
        hidden[4, 1] = np.ma.masked
        with self.assertRaisesRegex(cc.InputError, "row 5.*found NaN"):
            cc.solve(hidden, y)
        with self.assertRaisesRegex(cc.InputError, "^y: row 3: expected a class label, found None$"):
            cc.solve(X, np.ma.array(y, mask=np.arange(len(y)) == 2))

        class Sparse:
            def toarray(self):
                return X

        with self.assertRaisesRegex(TypeError, "^X: expected a dense array, found a sparse matrix; pass X.toarray"):
            cc.solve(Sparse(), y)

    def test_rows_as_lists(self):
        X, y = samples()
        of_lists, of_arrays = cc.project(X, y, on=X[:3].tolist()), cc.project(X, y, on=X[:3])
        np.testing.assert_array_equal(of_lists.embedding, of_arrays.embedding)

    def test_what_does_not_run(self):
        X, y = samples()
        before = left_behind()
        for text, error, said in (
            (b"\x00\x01", cc.ProgramNotFound, "expected a program that runs here, found: Exec format error"),
            (b"#!/no/such/interpreter\n", cc.ProgramNotFound, "expected a program that runs here, found: No such file"),
            (b"#!/bin/sh\nexit 7\n", cc.ContrastcheckError, "ended with exit code 7 and said nothing"),
            (b"#!/bin/sh\nkill -9 $$\n", cc.ContrastcheckError, "was ended by signal 9"),
        ):
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "contrastcheck")
                with open(path, "wb") as file:
                    file.write(text)
                os.chmod(path, stat.S_IRWXU)
                with self.assertRaisesRegex(error, said):
                    cc.solve(X, y, program=path)
        self.assertEqual(left_behind() - before, set())
