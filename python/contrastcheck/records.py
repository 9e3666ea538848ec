"""What answers are made of: records with the names of the program's JSON, and matrices that are read when they are asked for."""

from dataclasses import dataclass, field
from typing import Any, Dict

import numpy as np

Matrix = np.ndarray


class Deferred:
    """A matrix as its JSON, bytes, until it is asked for."""

    def __init__(self, text):
        self._text = text

    def array(self):
        """Return the matrix in float64."""
        numbers = np.fromstring(self._text.translate(None, b"[]").decode(), sep=",")
        return numbers.reshape(self._text.count(b"],[") + 1, -1)


@dataclass(repr=False, eq=False)
class Record:
    """A part of an answer. ``extra`` has keys that this version of the package has no name for."""

    extra: Dict[str, Any] = field(default_factory=dict, init=False)

    def __getattribute__(self, name):
        value = super().__getattribute__(name)
        if type(value) is Deferred:
            value = value.array()
            setattr(self, name, value)
        return value

    def __repr__(self):
        named = ((name, getattr(self, name)) for name in vars(self) if not name.startswith("_"))
        parts = [f"{name}={_short(value)}" for name, value in named if value is not None and not (name == "extra" and not value)]
        return f"{type(self).__name__}({', '.join(parts)})"


def _short(value):
    return f"array of shape {value.shape}" if isinstance(value, np.ndarray) and value.size > 16 else repr(value)


def part(cls):
    """Make a dataclass whose fields are optional parts of an answer."""
    for name in cls.__annotations__:
        if name not in cls.__dict__:
            setattr(cls, name, None)
    return dataclass(repr=False, eq=False)(cls)
