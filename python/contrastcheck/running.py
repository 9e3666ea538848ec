"""Running the program: its output, its progress, its end."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass

from .progress import progressing

_PREFIX = "contrastcheck: "
_TAIL = 1 << 12  # bytes in which a sentence may have begun
_GRACE = 2.5  # seconds: the program ends within two of a signal


@dataclass
class Finished:
    """What a run of the program leaves."""

    output: bytes
    sentence: str
    code: int


def run(command, folder, progress=True):
    """Run the program until it ends, and show its progress where a terminal or a notebook shows standard error.

    What interrupts this process interrupts the program, and goes on.
    """
    shown = progressing() if progress and os.name == "posix" else None
    watched = shown is not None
    near, far = _terminal() if watched else os.pipe()
    with open(folder.file("output"), "w+b") as output, open(near, "rb", buffering=0) as errors:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=far,
                start_new_session=os.name == "posix",  # Ctrl-C reaches it through this process alone
            )
        finally:
            os.close(far)
        folder.runs(process)
        try:
            said = _read(errors, shown)
            code = process.wait()
        except BaseException:
            _stop(process)
            raise
        finally:
            folder.ended()
            if watched:
                shown.clear()
        output.seek(0)
        return Finished(output.read(), _sentence(said), code)


def _terminal():
    """Open a terminal of the size of this one for the program's standard error."""
    import fcntl
    import pty
    import struct
    import termios

    near, far = pty.openpty()
    size = shutil.get_terminal_size()
    fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", size.lines, size.columns, 0, 0))
    return near, far


def _read(errors, shown):
    """Read what the program says until it ends, and show its progress, but no sentence of it: that becomes an exception."""
    said, passed = b"", 0
    while True:
        try:
            chunk = errors.read(1 << 16)
        except OSError:  # what a terminal says whose other side has gone
            return said
        if not chunk:
            return said
        said += chunk
        if shown is not None:
            end = said.find(_PREFIX.encode())
            new = said[passed : end if end >= 0 else len(said)]
            shown.write(new.decode("utf-8", "replace"))
            passed += len(new)
            if end < 0:  # the rest is progress that has been shown
                said, passed = said[-_TAIL:], min(passed, _TAIL)


def _sentence(errors):
    """Return the program's sentence, or what it says in its stead."""
    text = errors.decode("utf-8", "replace").replace("\r\n", "\n")
    lines = [line[line.index(_PREFIX) + len(_PREFIX) :] for line in text.split("\n") if _PREFIX in line]
    return lines[-1].strip() if lines else text.strip()


def _stop(process):
    """End the program: gently, and if that takes too long at once."""
    try:
        process.send_signal(signal.SIGINT if os.name == "posix" else signal.SIGTERM)
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
