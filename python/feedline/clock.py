"""What a loop sees of its loader, in figures."""

from __future__ import annotations

import time
from typing import Any, Dict, Optional


class LoopClock:
    """Counts samples and time from the moment when the loop first asked for a batch."""

    def __init__(self) -> None:
        self._begin: Optional[float] = None
        self._samples = 0
        self._batches = 0

    def begin(self) -> None:
        """Starts the clock, once."""
        if self._begin is None:
            self._begin = time.perf_counter()

    def count(self, samples: int) -> None:
        """Adds a batch."""
        self._samples += samples
        self._batches += 1

    def figures(self, waited: float) -> Dict[str, Any]:
        """Returns the figures for a loop that has waited that many seconds."""
        elapsed = time.perf_counter() - self._begin if self._begin is not None else 0.0
        return {
            "batches": self._batches,
            "samples": self._samples,
            "elapsed_s": elapsed,
            "samples_per_s": self._samples / elapsed if elapsed > 0 else 0.0,
            "waited_s": waited,
            "waited_share": min(1.0, waited / elapsed) if elapsed > 0 else 0.0,
        }
