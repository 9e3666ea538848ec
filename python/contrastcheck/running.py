"""Running the program: its output, its progress, its end."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass

_PREFIX = "contrastcheck: "
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
    watched = progress and os.name == "posix" and _shows(sys.stderr)
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
            said = _read(errors, watched)
            code = process.wait()
        except BaseException:
            _stop(process)
            raise
        finally:
            folder.ended()
        output.seek(0)
        return Finished(output.read(), _sentence(said), code)


def _shows(stream):
    """Tell whether a person sees a stream as it is written."""
    try:
        return stream.isatty() or type(stream).__module__.startswith("ipykernel")
    except (AttributeError, ValueError):
        return False


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


def _read(errors, relay):
    """Read what the program says until it ends."""
    said, shown = b"", 0
    while True:
        try:
            chunk = errors.read(1 << 16)
        except OSError:  # what a terminal says whose other side has gone
            return said
        if not chunk:
            return said
        said += chunk
        if relay:
            shown = _relay(said, shown)


def _relay(errors, shown):
    """Show progress, but no sentence of the program, which becomes an exception; return how much was taken."""
    end = errors.find(_PREFIX.encode())
    new = errors[shown : end if end >= 0 else len(errors)]
    if new:
        sys.stderr.write(new.decode("utf-8", "replace"))
        sys.stderr.flush()
    return max(shown, shown + len(new))


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
