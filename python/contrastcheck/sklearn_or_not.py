"""scikit-learn's conventions, of old and new releases, and what takes their place where it is not installed."""

import numpy as np

__all__ = ["BaseEstimator", "ClassNamePrefixFeaturesOutMixin", "TransformerMixin", "check_is_fitted", "validated"]

try:
    from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted

    try:
        from sklearn.utils.validation import validate_data
    except ImportError:  # before 1.6

        def validate_data(estimator, X, y=None, **options):
            return estimator._validate_data(X, **({} if y is None else {"y": y}), **options)

    def validated(estimator, X, y=None, fit=False):
        """Return X as float64 or float32, and of a fit y, a label for each row; anything else is refused."""
        numbers = {"dtype": [np.float64, np.float32]}
        if not fit:
            return validate_data(estimator, X, reset=False, **numbers)
        if y is None:
            raise ValueError(f"{type(estimator).__name__}: this transformer requires y to be passed, but the target y is None")
        X, y = validate_data(estimator, X, y, ensure_min_samples=2, **numbers)
        check_classification_targets(y)
        return X, y

except ImportError:
    import inspect

    class ClassNamePrefixFeaturesOutMixin:
        """Names of the columns of ``transform``: the class's in small letters, and a number."""

        def get_feature_names_out(self, input_features=None):
            return np.array([f"{type(self).__name__.lower()}{i}" for i in range(self._n_features_out)], dtype=object)

    class TransformerMixin:
        """``fit_transform``."""

        def fit_transform(self, X, y=None):
            return self.fit(X, y).transform(X)

    class BaseEstimator:
        """Parameters, by their names in the constructor."""

        @classmethod
        def _names(cls):
            return [name for name in inspect.signature(cls.__init__).parameters if name != "self"]

        def get_params(self, deep=True):
            return {name: getattr(self, name) for name in self._names()}

        def set_params(self, **parameters):
            for name, value in parameters.items():
                if name not in self._names():
                    raise ValueError(f"Invalid parameter {name!r} for estimator {type(self).__name__}.")
                setattr(self, name, value)
            return self

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self.get_params().items())})"

    def check_is_fitted(estimator):
        """Refuse an estimator that has not been fitted."""
        if not hasattr(estimator, "components_"):
            raise ValueError(f"This {type(estimator).__name__} instance is not fitted yet. Call 'fit' first.")

    def validated(estimator, X, y=None, fit=False):
        """Return X as float64 or float32, and of a fit y, a label for each row; anything else is refused."""
        if hasattr(X, "toarray"):
            raise TypeError("A sparse matrix was passed, but dense data is required. Use X.toarray().")
        X = np.asarray(X)
        if X.dtype not in (np.float64, np.float32):
            X = X.astype(np.float64)
        if X.ndim != 2:
            raise ValueError(f"Expected 2D array, got {X.ndim}D array instead.")
        if not np.isfinite(X).all():
            raise ValueError("Input X contains NaN or infinity.")
        if not fit:
            if X.shape[1] != estimator.n_features_in_:
                name = type(estimator).__name__
                raise ValueError(f"X has {X.shape[1]} features, but {name} is expecting {estimator.n_features_in_} features as input.")
            return X
        if y is None:
            raise ValueError(f"{type(estimator).__name__}: this transformer requires y to be passed, but the target y is None")
        y = np.ravel(np.asarray(y))
        if len(y) != len(X):
            raise ValueError(f"Found input variables with inconsistent numbers of samples: [{len(X)}, {len(y)}]")
        estimator.n_features_in_ = X.shape[1]
        return X, y
