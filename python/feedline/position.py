"""Which batch is the next one, and how epochs follow each other."""

from __future__ import annotations

from typing import Tuple


class Position:
    """The next batch to be given to the user, counted in consumed batches.

    A new iteration begins the next epoch: the one after the epoch that was left in its middle, or the one that is
    next anyway. After resume() it goes on in mid-epoch instead, until a batch was consumed.
    """

    def __init__(self, batches_per_epoch: int) -> None:
        self._per_epoch = batches_per_epoch
        self._next = 0
        self._resumed = False
        self.epoch = 0

    @property
    def number(self) -> int:
        """The number of the next batch, counted from the beginning of epoch 0."""
        return self._next

    @property
    def place(self) -> Tuple[int, int]:
        """The epoch of the next batch, and its number in that epoch."""
        return divmod(self._next, self._per_epoch)

    def begin(self) -> int:
        """Begins an iteration; returns its epoch."""
        epoch, batch = self.place
        if batch > 0 and not self._resumed:
            epoch += 1
            self._next = epoch * self._per_epoch
        self.epoch = epoch
        return epoch

    def consume(self) -> None:
        """Counts a batch that was given to the user."""
        self._next += 1
        self._resumed = False

    def resume(self, epoch: int, batch: int) -> None:
        """The next iteration goes on with that batch."""
        self._next = epoch * self._per_epoch + batch
        self._resumed = True
        self.epoch = epoch

    def set_epoch(self, epoch: int) -> None:
        """The next iteration begins that epoch, or goes on in it after resume()."""
        if not (self._resumed and self.place[0] == epoch):
            self._next = epoch * self._per_epoch
            self._resumed = False
        self.epoch = epoch
