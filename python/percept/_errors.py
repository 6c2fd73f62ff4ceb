"""What goes wrong, as exceptions. The message says what happened, where, and what to do."""


class PerceptError(Exception):
    """Any failure of the library."""


class ArgumentError(PerceptError, ValueError):
    """A value that is not allowed: an unknown key, a number out of range, sizes that do not match."""


class FormatError(PerceptError, ValueError):
    """A file that is damaged or of another format."""


class DivergedError(PerceptError, ArithmeticError):
    """The loss became infinite or NaN in training."""
