"""The exceptions of this package. Their texts are those of the feedline program, for the person who runs it."""

from __future__ import annotations

from typing import Dict, Type


class FeedlineError(Exception):
    """Anything that went wrong in feedline; by itself an internal error (exit code 1 of the program)."""

    exit_code = 1


class UsageError(FeedlineError):
    """An argument, or a combination of arguments, that cannot work (exit code 2)."""

    exit_code = 2


class LeaseError(UsageError):
    """The loop keeps so many batches that no slot of the buffer is left for the next one."""


class DeviceError(FeedlineError):
    """There is no such GPU, or a device failed (exit code 3)."""

    exit_code = 3


class DataError(FeedlineError):
    """The data cannot be used; the text names the file (exit code 4)."""

    exit_code = 4


class PeerError(FeedlineError):
    """Another process that prepares or passes on batches was lost or hangs (exit code 5)."""

    exit_code = 5


_BY_CODE: Dict[int, Type[FeedlineError]] = {
    kind.exit_code: kind for kind in (FeedlineError, UsageError, DeviceError, DataError, PeerError)
}


def error_of(code: int, message: str) -> FeedlineError:
    """Returns the exception for an exit code of the program; codes that are not known are internal errors."""
    return _BY_CODE.get(code, FeedlineError)(message)
