"""What the tests share: the program, data, and what a machine lacks."""

import os
import subprocess
import unittest
from pathlib import Path

import numpy as np

import contrastcheck

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "testdata"

try:
    import sklearn
except ImportError:
    sklearn = None

with_sklearn = unittest.skipIf(sklearn is None, "scikit-learn is not installed")


def program():
    return contrastcheck.program.find().path


def command(*words, code=0):
    """Run the program as from a command line; return its output."""
    done = subprocess.run([program(), *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode()


def samples(n=300, d=5, classes=3, seed=1, dtype=np.float64):
    """Return samples of classes whose means differ, the last of them rare."""
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(classes), [n // classes] * (classes - 1) + [n // 10])
    means = 2 * rng.normal(size=(classes, d))
    return (means[y] + rng.normal(size=(len(y), d))).astype(dtype), y


def iris():
    """Return Iris: rows, and the names of species."""
    rows = np.genfromtxt(DATA / "iris.csv", delimiter=",", skip_header=1, dtype=str)
    return rows[:, :4].astype(float), rows[:, 4]


def left_behind():
    """Return the folders of this package in the system's temporary one."""
    import tempfile

    return {name for name in os.listdir(tempfile.gettempdir()) if name.startswith("contrastcheck-")}
