"""Wheel and source distribution, installed without an index and without a program elsewhere."""

import importlib.util
import os
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

from .common import DATA, ROOT, program

spec = importlib.util.spec_from_file_location("contrastcheck_build", ROOT / "python" / "backend" / "contrastcheck_build.py")
backend = importlib.util.module_from_spec(spec)
spec.loader.exec_module(backend)

ASK = "import contrastcheck as c; print(c.program.find().place, c.solve({!r}).equality.verdict)".format(str(DATA / "two-points.json"))


def asked(folder, **environment):
    """Run the package of a folder, and what it finds."""
    settings = {"PYTHONPATH": str(folder), "PATH": "", **environment}
    done = subprocess.run([sys.executable, "-c", ASK], env=settings, cwd=folder, capture_output=True, text=True, check=False)
    return done.stdout.strip(), done.stderr


def small(folder):
    """Return a program that packs faster: it runs the real one."""
    path = os.path.join(folder, "small")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec {program()} "$@"\n')
    os.chmod(path, 0o755)
    return path


class TestBuild(unittest.TestCase):
    def test_wheel(self):
        with tempfile.TemporaryDirectory() as folder:
            wheel = backend.build_wheel(folder, {"program": small(folder)})
            self.assertNotIn("-any", wheel)
            path, there = os.path.join(folder, wheel), Path(folder, "there")
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(there), path]
            if subprocess.run(pip, capture_output=True, check=False).returncode:  # no pip
                with zipfile.ZipFile(path) as archive:
                    archive.extractall(there)
                os.chmod(there / "contrastcheck" / "bin" / "contrastcheck", 0o755)
            self.assertEqual(asked(there)[0], "the package refuted")

    def test_sdist(self):
        with tempfile.TemporaryDirectory() as folder:
            sdist = backend.build_sdist(folder, {"program": small(folder)})
            with tarfile.open(os.path.join(folder, sdist)) as archive:
                archive.extractall(folder)
            root = Path(folder, sdist.replace(".tar.gz", ""))
            self.assertFalse((root / "contrastcheck" / "bin" / "contrastcheck").exists())
            self.assertIn("expected the contrastcheck program in PATH", asked(root)[1])
            self.assertEqual(asked(root, CONTRASTCHECK=program())[0], "CONTRASTCHECK refuted")
            build = [sys.executable, "-c", "import sys; sys.path.insert(0, 'backend'); import contrastcheck_build as b; print(b.build_wheel('.'))"]
            wheel = subprocess.run(build, cwd=root, capture_output=True, text=True, check=True).stdout.strip()
            self.assertTrue(wheel.endswith("py3-none-any.whl"), wheel)
