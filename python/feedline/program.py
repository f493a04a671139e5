"""Finds the feedline program."""

from __future__ import annotations

import os

from .errors import UsageError


def find_program() -> str:
    """Returns the path of the program: FEEDLINE_PROGRAM, else the one in this package, else the one on PATH.

    Raises a UsageError where there is none.
    """
    named = os.environ.get("FEEDLINE_PROGRAM")
    if named:
        return _checked(named, "FEEDLINE_PROGRAM names")
    brought = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin", "feedline")
    if os.path.exists(brought):
        return _checked(brought, "this package has")
    import shutil
    found = shutil.which("feedline")
    if found:
        return found
    raise UsageError(
        "the feedline program was not found: it is neither in this package nor on PATH; "
        "set FEEDLINE_PROGRAM to its path (launch/build.sh builds it at build/cpu-only/bin/feedline)")


def _checked(path: str, who: str) -> str:
    if not os.path.isfile(path):
        raise UsageError(f"{who} {path}, and there is no such file")
    if not os.access(path, os.X_OK):
        raise UsageError(f"{who} {path}, which may not be executed")
    return os.path.abspath(path)
