"""The one tree of errors, told apart by what the caller does about them.

YinqiError
├── RejectedInput      the input is bad: say why to whoever gave it, and do not try it again as it is
├── TemporaryFailure   the world is in the way: try again later
└── PermanentFailure   it will not get better: record the reason and give up

Each package hangs its own errors under one of the three (core.http.errors is the first). A message names the
input and the reason, and never holds a secret.
"""


class YinqiError(Exception):
    """Anything that Yinqi itself raises."""


class RejectedInput(YinqiError):
    """The input is bad as given; the message says which input and why."""


class TemporaryFailure(YinqiError):
    """It failed now and may succeed later."""


class PermanentFailure(YinqiError):
    """It failed and trying again would change nothing."""
