"""The transformer against NumPy and the command line, and bad input."""

import json
import os
import tempfile
import unittest

import numpy as np

import contrastcheck as cc

from .common import command, iris, samples, with_sklearn


class TestNumbers(unittest.TestCase):
    def test_transform_is_the_products_sum(self):
        """Within rounding: 2(d + 1) units of Σ|x||a| + |b|."""
        for dtype, unit in ((np.float64, 2.0**-53), (np.float32, 2.0**-24)):
            X, y = samples(dtype=dtype)
            one = cc.ContrastiveProjection().fit(X, y)
            Z = one.transform(X)
            self.assertEqual(Z.dtype, dtype)
            A, b, exact = one.components_.T, one.intercept_, X.astype(np.float64)
            bound = 2 * (X.shape[1] + 2) * unit * (np.abs(exact) @ np.abs(A) + np.abs(b))
            self.assertTrue((np.abs(Z - (exact @ A + b)) <= bound).all())

    def test_the_command_line_has_the_same_numbers(self):
        X, y = iris()
        with tempfile.TemporaryDirectory() as folder:
            data, labels, rows, kept = (os.path.join(folder, name) for name in ("X.npy", "y.npy", "Z.npy", "map.json"))
            np.save(data, X)
            np.save(labels, y)
            for flags, parameters in (
                (["--centre"], {}),
                ([], {"centre": False}),
                (["--centre", "--loss", "sigmoid", "--negatives", "4", "--bias", "-2"], {"loss": "sigmoid", "negatives": 4, "bias": -2}),
                (["--centre", "--map", "affine"], {"map": "affine"}),
                (["--centre", "--score", "distance", "--delta", "1/2"], {"score": "distance", "delta": "1/2"}),
                (["--centre", "--covariance", "own"], {"covariance": "own"}),
                (["--centre", "--rank", "1"], {"n_components": 1}),
                (["--centre", "--shrinkage", "0.25"], {"shrinkage": 0.25}),
            ):
                answer = command("project", "--data", data, "--labels", labels, *flags, "--out", rows, "--save-projection", kept, "--format", "json")
                one = cc.ContrastiveProjection(**parameters).fit(X, y)
                with open(kept, encoding="utf-8") as file:
                    saved = json.load(file)
                self.assertEqual(one.components_.T.tolist(), saved["a"])
                self.assertEqual(one.intercept_.tolist(), saved.get("b", [0] * len(one.components_)))
                found = json.loads(answer)
                self.assertEqual(one.verdicts_.containment.verdict, found["containment"]["verdict"])
                self.assertEqual(one.verdicts_.meaning, found["meaning"])
                self.assertEqual(one.effect_.discriminant_kept, found["effect"]["discriminant_kept"])
                self.assertEqual([p.names for p in one.effect_.pairs], [p["names"] for p in found["effect"]["pairs"]])
                Z = np.load(rows)
                bound = 2 * 6 * 2.0**-53 * (np.abs(X) @ np.abs(one.components_.T) + np.abs(one.intercept_))
                self.assertTrue((np.abs(one.transform(X) - Z) <= 2 * bound).all())

    def test_constant_columns_get_zeros(self):
        X, y = samples()
        X[:, 2] = 7
        one = cc.ContrastiveProjection().fit(X, y)
        self.assertEqual(one.components_.shape[1], X.shape[1])
        self.assertEqual(one.components_[:, 2].tolist(), [0] * len(one.components_))

    def test_labels_of_any_kind(self):
        X, y = samples()
        plain = cc.ContrastiveProjection().fit(X, y)
        for other in (y.astype(float), np.array(["a", "b", "ß ,\"c\""])[y], np.array(["a", "b", "c"], dtype=object)[y], list(y), y.astype(np.uint8)):
            one = cc.ContrastiveProjection().fit(X, other)
            np.testing.assert_array_equal(one.components_, plain.components_)
            self.assertEqual(list(one.classes_), sorted(set(np.asarray(other).tolist())))
            named = {name for pair in one.effect_.pairs for name in pair.names}
            self.assertEqual(named, {str(c) for c in one.classes_})
        booleans = cc.ContrastiveProjection().fit(X, y > 0)
        self.assertEqual(list(booleans.classes_), [False, True])

    def test_layouts(self):
        X, y = samples()
        plain = cc.ContrastiveProjection().fit(X, y)
        for other in (np.asfortranarray(X), np.repeat(X, 2, axis=1)[:, ::2], X.astype(">f8"), X.tolist()):
            np.testing.assert_array_equal(cc.ContrastiveProjection().fit(other, y).components_, plain.components_)


@with_sklearn
class TestBadInput(unittest.TestCase):
    def refused(self, kind, words, call):
        with self.assertRaisesRegex(kind, words) as caught:
            call()
        return caught.exception

    def test_samples(self):
        X, y = samples()
        hole = X.copy()
        hole[3, 1] = np.nan
        one = cc.ContrastiveProjection()
        self.refused(ValueError, "NaN", lambda: one.fit(hole, y))
        self.refused(ValueError, "at least 2 classes, found 1", lambda: one.fit(X, np.zeros(len(X))))
        self.refused(ValueError, "requires y", lambda: one.fit(X))
        self.refused(ValueError, "Unknown label type", lambda: one.fit(X, X[:, 0]))
        self.refused(ValueError, "inconsistent", lambda: one.fit(X, y[1:]))
        self.refused(ValueError, "is expecting 5 features", lambda: one.fit(X, y).transform(X[:, :3]))
        self.refused(ValueError, "Complex", lambda: one.fit(X * 1j, y))
        try:
            from scipy import sparse
        except ImportError:
            return
        self.refused(TypeError, "[Ss]parse", lambda: one.fit(sparse.csr_matrix(X), y))

    def test_not_fitted(self):
        from sklearn.exceptions import NotFittedError

        X, _ = samples()
        self.refused(NotFittedError, "not fitted", lambda: cc.ContrastiveProjection().transform(X))

    def test_the_programs_sentences(self):
        X, y = samples()
        same = np.column_stack([X, X[:, 0]])
        e = self.refused(cc.InputError, "X: .*depend", lambda: cc.ContrastiveProjection().fit(same, y))
        self.assertIsInstance(e, ValueError)
        self.assertEqual(e.exit_code, 2)
        self.assertNotIn(tempfile.gettempdir(), str(e))
        self.assertNotIn("\n", str(e))
        for parameters, words in (
            ({"loss": "softmax"}, "softmax"),
            ({"delta": 2}, "--delta: expected a number in"),
            ({"negatives": 0}, "--negatives"),
            ({"score": "cosine"}, "--score"),
            ({"n_components": 0}, "--rank"),
            ({"covariance": "tied"}, "--covariance"),
        ):
            self.refused(cc.InputError, words, lambda p=parameters: cc.ContrastiveProjection(**p).fit(X, y))
