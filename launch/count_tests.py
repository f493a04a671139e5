"""Prints "passed failed skipped" of the JUnit files that ctest wrote.

usage: python3 launch/count_tests.py FILE...
"""

import sys
import xml.etree.ElementTree as ElementTree


def outcome(case):
    """As in ctest's exit status: a test that could not be run has failed, unless it skipped itself."""
    status = case.get("status")
    if status == "run":
        return "passed"
    reason = case.find("skipped")
    skipped_itself = reason is not None and reason.get("message", "").startswith("SKIP_")
    return "skipped" if status == "disabled" or skipped_itself else "failed"


outcomes = [outcome(case) for path in sys.argv[1:] for case in ElementTree.parse(path).iter("testcase")]
print(*(outcomes.count(kind) for kind in ("passed", "failed", "skipped")))
