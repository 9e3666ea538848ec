"""What goes wrong, in the program's own sentences."""


class ContrastcheckError(Exception):
    """The program ended with another exit code than 0, or there is none.

    ``str(error)`` is the program's sentence and ``exit_code`` its code: 1 an outcome is not the recorded one, or a
    certificate is refused; 2 bad input; 3 ended early, nothing found, or not proved; 4 output failed; ``None`` where it
    did not run or answered what this package does not read. ``result`` is what it found all the same, if anything.
    """

    def __init__(self, sentence, exit_code=None, result=None):
        super().__init__(sentence)
        self.exit_code = exit_code
        self.result = result

    def __reduce__(self):
        return type(self), (str(self), self.exit_code, self.result)


class InputError(ContrastcheckError, ValueError):
    """Bad input or usage, exit code 2: a ``ValueError``, as scikit-learn expects."""


class ProgramNotFound(ContrastcheckError, RuntimeError):
    """No program was found, or what was found cannot be run."""


class VersionWarning(UserWarning):
    """The program is of another version than the package was made with."""
