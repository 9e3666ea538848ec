"""Where the program is found, its progress, and its end."""

import os
import pty
import signal
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import warnings
from unittest import mock

import contrastcheck as cc
from contrastcheck import program as programs

from .common import DATA, left_behind, program

LONG = "import contrastcheck as cc; cc.search('equality-line', budget='60s')"


def script(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\n" + text)
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
    return path


class TestFinding(unittest.TestCase):
    def test_order(self):
        with tempfile.TemporaryDirectory() as folder:
            one, two = script(folder, "one", ""), script(folder, "two", "")
            os.mkdir(folder + "/path")
            three = script(folder + "/path", "contrastcheck", "")
            os.mkdir(folder + "/wheel")
            here = {"PATH": folder + "/path"}
            with mock.patch.dict(os.environ, {**here, "CONTRASTCHECK": two}), mock.patch.object(programs, "FOLDER", programs.Path(folder) / "wheel"):
                self.assertEqual(programs.find(one).path, one)
                self.assertEqual(programs.find().path, two)
                os.environ.pop("CONTRASTCHECK")
                self.assertEqual(programs.find().path, three)
                four = script(folder + "/wheel", "contrastcheck", "")
                self.assertEqual(programs.find().path, four)

    def test_none(self):
        with mock.patch.dict(os.environ, {"PATH": "", "CONTRASTCHECK": ""}), mock.patch.object(programs, "FOLDER", programs.Path("/nowhere")):
            with self.assertRaisesRegex(cc.ProgramNotFound, "found none"):
                cc.solve(DATA / "two-points.json")
        with self.assertRaisesRegex(cc.ProgramNotFound, "program: .*nothing that runs at /no/such"):
            cc.solve(DATA / "two-points.json", program="/no/such")

    def test_another_version(self):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(programs, "FOLDER", programs.Path(folder)):
            with open(folder + "/VERSION", "w", encoding="utf-8") as file:
                file.write("v9.9.9\n")
            programs._warned.clear()
            with self.assertWarnsRegex(cc.VersionWarning, "this package was made with v9.9.9"):
                cc.solve(DATA / "two-points.json")
            with warnings.catch_warnings():
                warnings.simplefilter("error")  # it warns once
                cc.solve(DATA / "two-points.json")

    def test_a_stranger(self):
        with tempfile.TemporaryDirectory() as folder:
            refuses = 'echo "contrastcheck: --format must be one of text" >&2; exit 2'
            old = script(folder, "old", f'case "$*" in *--version*) echo contrastcheck v0.0.1;; *) {refuses};; esac')
            with self.assertRaisesRegex(cc.ContrastcheckError, "is contrastcheck v0.0.1, which does not write contrastcheck-notebook/1"):
                cc.solve(DATA / "two-points.json", program=old)
            new = script(folder, "new", """printf '{}\\n{"schema":"contrastcheck-notebook/2","version":"v3","text":"","notes":[]}\\n'""")
            with self.assertRaisesRegex(cc.ContrastcheckError, "answers in contrastcheck-notebook/2; expected contrastcheck-notebook/1"):
                cc.solve(DATA / "two-points.json", program=new)


class TestEnding(unittest.TestCase):
    def start(self, **options):
        """Begin a long search in a process of its own, and return that once it runs."""
        self.before = left_behind()
        process = subprocess.Popen([sys.executable, "-c", LONG], stdout=subprocess.DEVNULL, **options)
        for _ in range(200):
            if self.children(process.pid) and left_behind() - self.before:
                return process
            time.sleep(0.05)
        raise AssertionError("the program has not begun")

    def children(self, pid):
        """Return the numbers of the programs that a process has begun."""
        found = []
        for other in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{other}/stat", "rb") as stat, open(f"/proc/{other}/cmdline", "rb") as line:
                    if stat.read().rpartition(b")")[2].split()[1] == str(pid).encode() and b"search" in line.read().split(b"\0"):
                        found.append(int(other))
            except OSError:  # it has ended
                continue
        return found

    def gone(self, pid, seconds=5):
        """The program has ended, and its folder is gone."""
        for _ in range(int(20 * seconds)):
            if not os.path.exists(f"/proc/{pid}") and not left_behind() - self.before:
                return True
            time.sleep(0.05)
        return False

    @unittest.skipUnless(os.path.exists("/proc/self"), "no /proc")
    def test_interrupt(self):
        process = self.start(stderr=subprocess.PIPE)
        (child,) = self.children(process.pid)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
        self.assertIn(b"KeyboardInterrupt", errors)
        self.assertTrue(self.gone(child))

    @unittest.skipUnless(os.path.exists("/proc/self"), "no /proc")
    def test_kill(self):
        """As when the kernel of a notebook is killed."""
        process = self.start(stderr=subprocess.DEVNULL)
        (child,) = self.children(process.pid)
        process.kill()
        process.wait()
        self.assertTrue(self.gone(child))

    def test_progress(self):
        """It is shown where a terminal is, without the sentence of the end, and not in a pipe."""
        near, far = pty.openpty()
        code = LONG.replace("60s", "500ms")
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=far)
        os.close(far)
        shown = b""
        while True:
            try:
                chunk = os.read(near, 1 << 16)
            except OSError:
                break
            if not chunk:
                break
            shown += chunk
        os.close(near)
        process.wait()
        self.assertIn(b"candidates", shown)
        self.assertNotIn(b"contrastcheck: ", shown)
        piped = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).stderr
        self.assertNotIn(b"\r", piped)
        self.assertIn(b"ContrastcheckError: ", piped)

    def test_a_long_temporary_folder(self):
        """The program cuts long paths short; sentences name the file all the same."""
        with tempfile.TemporaryDirectory() as folder:
            for length in range(60, 130, 5):
                long = os.path.join(folder, "x" * (length - len(folder) - 1))
                os.mkdir(long)
                with mock.patch.object(tempfile, "tempdir", long), self.assertRaises(cc.InputError) as caught:
                    cc.solve({"weights": [1]})
                self.assertTrue(str(caught.exception).startswith("mixture: means"), str(caught.exception))

    def test_nothing_is_left(self):
        before = left_behind()
        cc.solve(DATA / "two-points.json")
        with self.assertRaises(cc.ContrastcheckError):
            cc.solve({"weights": []})
        self.assertEqual(left_behind() - before, set())

