"""scikit-learn's own checks, pipelines, searches, pickles, data frames."""

import inspect
import pickle
import unittest
import warnings

import numpy as np

from contrastcheck import ContrastiveProjection
from contrastcheck.projection import INAPPLICABLE

from .common import iris, samples, sklearn, with_sklearn


@with_sklearn
class TestConventions(unittest.TestCase):
    def test_check_estimator(self):
        from sklearn.utils.estimator_checks import check_estimator

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the checks that are skipped
            if "expected_failed_checks" in inspect.signature(check_estimator).parameters:
                check_estimator(ContrastiveProjection(), expected_failed_checks=INAPPLICABLE)
                return
            check_estimator(ContrastiveProjection())

    def test_what_cannot_apply_is_as_told(self):
        """Those that are left out do fail, so that the list does not outlive its reasons; with shrinkage one passes."""
        from sklearn.utils import estimator_checks as checks

        for name in INAPPLICABLE:
            with self.assertRaises((TypeError, ValueError), msg=name):
                getattr(checks, name)("ContrastiveProjection", ContrastiveProjection())
        checks.check_estimators_dtypes("ContrastiveProjection", ContrastiveProjection(shrinkage="auto"))

    def test_pipeline_and_grid(self):
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GridSearchCV
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        X, y = iris()
        pipeline = make_pipeline(StandardScaler(), ContrastiveProjection(), LogisticRegression())
        grid = GridSearchCV(pipeline, {"contrastiveprojection__n_components": [1, 2]}, cv=3)
        grid.fit(X, y)
        self.assertGreater(grid.best_score_, 0.95)
        self.assertEqual(list(grid.best_estimator_.classes_), ["setosa", "versicolor", "virginica"])

    def test_pipeline_is_consistent(self):
        """What check_pipeline_consistency asks, but for score."""
        from sklearn.pipeline import make_pipeline

        X, y = samples()
        alone, piped = ContrastiveProjection(), make_pipeline(ContrastiveProjection())
        np.testing.assert_array_equal(alone.fit(X, y).transform(X), piped.fit(X, y).transform(X))
        np.testing.assert_array_equal(alone.fit_transform(X, y), piped.fit_transform(X, y))

    def test_clone_and_pickle(self):
        from sklearn.base import clone

        X, y = samples()
        one = ContrastiveProjection(loss="sigmoid", negatives=4, n_components=1)
        self.assertEqual(clone(one).get_params(), one.get_params())
        fitted = pickle.loads(pickle.dumps(one.fit(X, y)))
        np.testing.assert_array_equal(fitted.transform(X), one.transform(X))
        self.assertEqual(fitted.verdicts_.meaning, one.verdicts_.meaning)

    def test_data_frames(self):
        try:
            import pandas as pd
        except ImportError:
            self.skipTest("pandas is not installed")
        X, y = iris()
        frame = pd.DataFrame(X, columns=["a", "b", "c", "d"])
        one = ContrastiveProjection().fit(frame, pd.Series(y))
        self.assertEqual(list(one.feature_names_in_), ["a", "b", "c", "d"])
        if hasattr(one, "set_output"):
            out = one.set_output(transform="pandas").transform(frame)
            self.assertEqual(list(out.columns), ["contrastiveprojection0", "contrastiveprojection1"])
        with self.assertRaisesRegex(ValueError, "feature names"):
            one.transform(frame[["b", "a", "c", "d"]])


class TestWithout(unittest.TestCase):
    def test_without_sklearn(self):
        """The package works, and refuses the same, where scikit-learn is not installed."""
        import subprocess
        import sys

        code = """
import sys
sys.modules["sklearn"] = sys.modules["sklearn.base"] = None
import numpy as np
from contrastcheck import ContrastiveProjection
from tests.common import samples
X, y = samples()
one = ContrastiveProjection(n_components=1).set_params(delta=0.5)
assert "delta=0.5" in repr(one)
Z = one.fit_transform(X, y)
assert Z.shape == (len(X), 1), Z.shape
assert list(one.get_feature_names_out()) == ["contrastiveprojection0"]
for bad in (lambda: one.transform(X[:, :2]), lambda: one.fit(X * np.nan, y), lambda: one.fit(X), lambda: one.fit(X[0], y),
            lambda: one.fit(X, y[1:]), lambda: ContrastiveProjection().transform(X), lambda: one.set_params(no=1)):
    try:
        bad()
    except ValueError:
        continue
    raise AssertionError("not refused")
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
