"""From arguments in Python to those of the command line."""

import os
from fractions import Fraction

import numpy as np

from .errors import InputError
from .mixture import Mixture, text_of


def source(data, y, folder, flags):
    """Return the words that name a mixture or a table. Of a table in a file ``label`` or ``labels`` is a flag."""
    if data is None:
        return []
    if _is_mixture(data):
        return [_mixture(data, "mixture", folder)]
    if _is_path(data):
        if y is None and not any(flags.get(name) for name in ("label", "labels")):
            return [os.fspath(data)]
        words = ["--data", os.fspath(data)]
    else:
        words = ["--data", matrix(data, "X", folder)]
        if y is None:
            raise InputError("y: expected a class label for each row of X, found None", 2)
    if y is not None:
        words += ["--labels", os.fspath(y) if _is_path(y) else labels(y, folder)]
    return words


def words(flags, folder):
    """Return the words of flags: ``n_cases=3`` is ``--n-cases 3``, ``True`` the flag alone, a list one after the other."""
    out = []
    for name, value in flags.items():
        flag = "--" + name.replace("_", "-")
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is None or one is False:
                continue
            out.append(flag)
            if one is not True:
                out.append(_word(name, one, folder))
    return out


def _word(name, value, folder):
    if _is_mixture(value):
        return _mixture(value, name, folder)
    if hasattr(value, "__array__") and np.ndim(value) > 0:
        return matrix(value, name, folder)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, float):
        return repr(value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def matrix(x, name, folder):
    """Write a matrix as NPY, of its own type where that is one of numbers; return its path."""
    if hasattr(x, "toarray"):
        raise TypeError(f"{name}: expected a dense array, found a sparse matrix; pass {name}.toarray()")
    if np.ma.is_masked(x):
        x = np.ma.filled(x.astype(np.float64), np.nan)  # the program says what is done about missing numbers
    x = np.asarray(x)
    if x.dtype == object or x.dtype.kind == "f" and x.dtype.itemsize > 8:
        x = x.astype(np.float64)
    path = folder.file(name + ".npy", name)
    np.save(path, x, allow_pickle=False)
    return path


def labels(y, folder):
    """Write labels as NPY, as whole numbers or strings; return its path."""
    if np.ma.is_masked(y):
        y = np.where(y.mask, None, y.data.astype(object))
    given = np.array(y, dtype=object) if isinstance(y, (list, tuple)) else np.asarray(y)
    if given.dtype.kind not in "iuUS":
        _refuse_missing(given)
    y = np.asarray(y)
    if y.dtype.kind not in "iuUS":
        y = y.astype(str)
    path = folder.file("y.npy", "y")
    np.save(path, y, allow_pickle=False)
    return path


def _refuse_missing(y):
    """Refuse labels that are missing: written as text they would be a class, "None" or "nan"."""
    for row, label in enumerate(y.ravel(), 1):
        if not isinstance(label, str) and (label is None or str(label) in ("nan", "NaT", "<NA>")):
            raise InputError(f"y: row {row}: expected a class label, found {label}", 2)


def _mixture(mixture, name, folder):
    path = folder.file(name + ".json", name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text_of(mixture))
    return path


def _is_mixture(value):
    return isinstance(value, (Mixture, dict))


def _is_path(value):
    return isinstance(value, (str, os.PathLike))
