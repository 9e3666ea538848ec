"""Mixtures, as mixture files have them."""

import json
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np


@dataclass
class Mixture:
    """A Gaussian mixture whose numbers are kept exactly.

    ``weights`` (K, of any scale), ``means`` (K × d), ``covariance`` (d × d, K × d × d, or ``"identity"``) and ``delta``
    may be integers, ``Fraction``, ``Decimal``, strings such as ``"1/3"``, or floats, which stand for their shortest
    decimals. Of two modalities ``visual`` and ``text`` have means and covariance. The program says what is wrong with it.
    """

    weights: Any = None
    means: Any = None
    covariance: Any = None
    delta: Any = None
    name: Any = None
    visual: Any = None
    text: Any = None
    a: Any = None

    def to_dict(self):
        """Return the keys of a mixture file, without those that are ``None``."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}


def text_of(mixture):
    """Return the mixture file of a ``Mixture`` or a dict of its keys."""
    return json.dumps(_plain(mixture.to_dict() if isinstance(mixture, Mixture) else mixture), ensure_ascii=False)


def _plain(value):
    """Return what JSON has for a value; fractions and decimals are strings, which a mixture file takes for numbers."""
    if isinstance(value, (Fraction, Decimal)):
        return str(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, dict):
        return {key: _plain(x) for key, x in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(x) for x in value]
    return value
