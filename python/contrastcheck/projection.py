"""The representation that minimises a contrastive loss, as a scikit-learn transformer."""

from dataclasses import dataclass
from html import escape
from typing import Optional

import numpy as np

from . import commands
from .display import table
from .results import Certificate, Containment, Directions, Equality
from .sklearn_or_not import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin, check_is_fitted, validated


_PARAMETER = "score is the parameter that chooses what the loss compares, where scikit-learn looks for a method"

#: Checks of scikit-learn that cannot apply, and why; its ``check_estimator`` takes them as ``expected_failed_checks``.
INAPPLICABLE = {
    "check_estimators_dtypes": "the labels there are a column of X, which has no variance within a class; shrinkage='auto' passes",
    "check_fit_score_takes_y": _PARAMETER,
    "check_pipeline_consistency": _PARAMETER,
}


@dataclass
class Verdicts:
    """What is certain of a representation, and in words."""

    containment: Containment
    equality: Optional[Equality]
    directions: Optional[Directions]
    certificate: Certificate
    meaning: str

    def __str__(self):
        return self.meaning

    def _repr_html_(self):
        verdicts = [("containment", self.containment), ("equality", self.equality)]
        judged = [Judged(name, found.verdict, self.certificate.grade) for name, found in verdicts if found]
        return f"<p>{escape(self.meaning)}</p>" + table(judged, ("claim", "verdict", "grade"))


@dataclass
class Judged:
    """A line of the table of verdicts."""

    claim: str
    verdict: str
    grade: str


class ContrastiveProjection(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """The linear or affine map that minimises a contrastive loss of labelled samples: x ↦ Aᵀx + b.

    The classes are fitted by Gaussians with their frequencies; the program finds the minimiser and judges with a bound
    on every error which directions it keeps.

    Parameters
    ----------
    loss : str, default "infonce"
        ``infonce sigmoid triplet hinge dv spectral agreement``.
    score : {"dot", "distance"}
    map : {"linear", "affine"}
    negatives : int, float or "inf", optional
        Negatives of a positive: of infonce a whole number, by default ``"inf"``; of sigmoid their weight, by default 1.
    bias : float or "free"
        Of the sigmoid loss.
    delta : float, str or Fraction
        The probability that a pair shares its class.
    centre : bool
        Subtract the mean of the samples first.
    covariance : {"shared", "own"}
        One covariance for all classes, or one for each.
    n_components : int, optional
        Columns of A at most. Below the number of directions in which the classes differ it is the best stationary
        point that was found.
    shrinkage : float or "auto", optional
        Draw a singular or poorly known covariance towards a multiple of the identity.
    program : str, optional
        Where the program is; see ``contrastcheck.program.find``.

    Attributes
    ----------
    components_ : array (r, d)
        Aᵀ. Columns of X that never change have zeros.
    intercept_ : array (r,)
        b: of affine maps, and of centred samples −Aᵀμ; else zeros.
    verdicts_ : Verdicts
    effect_ : Effect
        What is kept of each pair of classes.
    projection_ : Projection
        All that the program answered.
    classes_ : array
    n_features_in_, feature_names_in_ : as scikit-learn has them.
    """

    def __init__(
        self,
        loss="infonce",
        score="dot",
        map="linear",
        negatives=None,
        bias="free",
        delta=1.0,
        centre=True,
        covariance="shared",
        n_components=None,
        shrinkage=None,
        program=None,
    ):
        self.loss = loss
        self.score = score
        self.map = map
        self.negatives = negatives
        self.bias = bias
        self.delta = delta
        self.centre = centre
        self.covariance = covariance
        self.n_components = n_components
        self.shrinkage = shrinkage
        self.program = program

    def fit(self, X, y=None):
        """Learn the map of samples ``X`` (n, d) of classes ``y`` (n,)."""
        X, y = validated(self, X, y, fit=True)
        classes, places = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(f"y: expected at least 2 classes, found 1 class, {classes[0]!s}")
        found = commands.learn(X, classes.astype(str)[places], self._flags(), self.program)
        self.classes_ = classes
        self.projection_ = found
        self.verdicts_ = Verdicts(found.containment, found.equality, found.directions, found.certificate, found.meaning)
        self.effect_ = found.effect
        self.components_ = np.zeros((found.a.shape[1], X.shape[1]))
        self.components_[:, [int(name) - 1 for name in found.features]] = found.a.T
        self.intercept_ = np.zeros(len(self.components_)) if found.b is None else found.b
        self._n_features_out = len(self.components_)
        return self

    def transform(self, X):
        """Return ``X @ components_.T + intercept_`` (n, r), of the type of ``X``: float64, or float32."""
        check_is_fitted(self)
        X = validated(self, X)
        return X @ self.components_.T.astype(X.dtype, copy=False) + self.intercept_.astype(X.dtype, copy=False)

    def _flags(self):
        """Return the flags of the command that differ from its own defaults."""
        free = isinstance(self.bias, str) and self.bias == "free"
        return {
            "loss": self.loss,
            "score": self.score,
            "map": self.map,
            "negatives": self.negatives,
            "bias": None if free else self.bias,
            "delta": None if self.delta == 1 else self.delta,
            "centre": bool(self.centre),
            "covariance": self.covariance,
            "rank": self.n_components,
            "shrinkage": self.shrinkage,
        }

    def _more_tags(self):  # of scikit-learn before 1.6
        return {"requires_y": True, "preserves_dtype": [np.float64, np.float32], "_xfail_checks": INAPPLICABLE}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
