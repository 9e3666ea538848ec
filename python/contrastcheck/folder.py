"""A temporary folder that is gone afterwards, whatever ends this process."""

import os
import shutil
import subprocess
import tempfile

# The guard reads what this process tells it. The end of the pipe without a word is the end of this process, by kill -9
# too: the program is stopped, as by Ctrl-C, and the folder removed.
_GUARD = """
trap '' INT HUP TERM QUIT
pid=
while read -r word value; do
  case $word in run) pid=$value ;; ended) pid= ;; done) exit 0 ;; esac
done
if [ -n "$pid" ]; then
  kill -TERM "$pid" 2>/dev/null
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do kill -0 "$pid" 2>/dev/null || break; sleep 0.25; done
  kill -KILL "$pid" 2>/dev/null
fi
rm -rf -- "$1"
"""


class Folder:
    """A folder in the system's temporary one, ``contrastcheck-…``; a context manager.

    ``names`` has what messages call the files in it: their paths mean nothing to a reader.
    """

    def __init__(self):
        self.names = {}
        self.path = None
        self._guard = None

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="contrastcheck-")
        if os.name == "posix":
            self._guard = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "contrastcheck-guard", self.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)
        self._tell("done")
        if self._guard is not None:
            try:
                self._guard.stdin.close()
            except BrokenPipeError:
                pass
            self._guard.wait()

    def file(self, name, called=None):
        """Return the path of a file in the folder; ``called`` is the name that messages have for one that is read."""
        path = os.path.join(self.path, name)
        if called:
            self.names[path] = called
        return path

    def runs(self, process):
        """Have a program stopped, should this process end before it."""
        self._tell(f"run {process.pid}")

    def ended(self):
        """Tell that the program has ended, and its number may be another's."""
        self._tell("ended")

    def _tell(self, line):
        if self._guard is not None:
            try:
                self._guard.stdin.write(line.encode() + b"\n")
                self._guard.stdin.flush()
            except BrokenPipeError:
                pass

    def worded(self, sentence):
        """Return a sentence with the names of files in place of their paths, long ones of which the program cuts short."""
        for path, name in sorted(self.names.items(), reverse=True):
            sentence = _replaced(sentence, path, dict.fromkeys(_FLAGS, name))
        for length in range(max(map(len, self.names), default=0), _SHORTEST, -1):
            for path, name in self.names.items():  # the first is that of the data; where no more is left, the flag tells others
                sentence = _replaced(sentence, path[:length] + "…", {**_FLAGS, "--data ": name, "": name})
        return sentence


# Flags before the paths of files, and what the files are called; those of the data have other names.
_FLAGS = {"--labels ": "y", "--on ": "on", "--text ": "text", "--data ": "", "": ""}
_SHORTEST = 40  # characters that the program leaves of a path, at least


def _replaced(sentence, path, names):
    for flag, name in names.items():
        sentence = sentence.replace(flag + path, name)
    return sentence
