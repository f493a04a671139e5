"""Copies batches to a GPU ahead of their use. Not run on a GPU so far."""

from __future__ import annotations

import weakref
from collections import deque
from typing import Any, Deque, NamedTuple, Optional

import torch

from .errors import DeviceError
from .feed import Feed, Fetched
from .slots import Slots

_BATCHES_AHEAD = 2


class _Copy(NamedTuple):
    fetched: Fetched
    source: Any  # the tensors in the slot, which stay leased until the copy is done
    done: Any


class _Pinned:
    """The slots that are registered with CUDA; they stay mapped as long as they are."""

    def __init__(self) -> None:
        self.slots: Optional[Slots] = None

    def change(self, slots: Optional[Slots]) -> None:
        """Registers other slots; where that fails, copies are slower and right all the same."""
        runtime = torch.cuda.cudart()  # type: ignore[no-untyped-call]
        if self.slots is not None:
            runtime.cudaHostUnregister(self.slots.address())
        failed = slots is None or int(runtime.cudaHostRegister(slots.address(), slots.size, 0)) != 0
        self.slots = None if failed else slots


def _release(stream: Any, pinned: _Pinned) -> None:
    stream.synchronize()
    pinned.change(None)


class CudaCopy:
    """Batches by number, as Feed gives them, in the memory of a GPU.

    Copies run on a stream of their own, from pinned memory, up to two batches ahead. The slot of a batch is given back
    after the copy's event, and its device memory is reused only after the stream that used it.
    """

    def __init__(self, feed: Feed, device: str) -> None:
        if not torch.cuda.is_available():
            raise DeviceError(f'device="{device}": torch finds no GPU; use device="cpu"')
        self._feed = feed
        self._device = torch.device(device)
        self._stream = torch.cuda.Stream(self._device)  # type: ignore[no-untyped-call]
        self._ahead: Deque[_Copy] = deque()
        self._pending: Deque[_Copy] = deque()  # given to the loop, copy perhaps not done
        self._pinned = _Pinned()
        weakref.finalize(self, _release, self._stream, self._pinned)

    def fetch(self, number: int) -> Optional[Fetched]:
        """Returns the batch of that number on the GPU; the current stream waits for its copy, this thread does not."""
        self._make_room()
        if self._ahead and self._ahead[0].fetched.header.number != number:
            self._stream.synchronize()
            self._ahead.clear()
        if not self._ahead and not self._start(number):
            return None
        copy = self._ahead.popleft()
        self._start_ready(number + 1)
        current = torch.cuda.current_stream(self._device)
        current.wait_event(copy.done)
        for tensor in copy.fetched.batch.values():
            tensor.record_stream(current)
        self._pending.append(copy)
        return copy.fetched

    def _start_ready(self, number: int) -> None:
        while len(self._ahead) < _BATCHES_AHEAD and self._feed.is_ready(number + len(self._ahead)):
            if not self._start(number + len(self._ahead)):
                return

    def _start(self, number: int) -> bool:
        fetched = self._feed.fetch(number)
        if fetched is None:
            return False
        self._pin()
        with torch.cuda.stream(self._stream):
            batch = {name: tensor.to(self._device, non_blocking=True) for name, tensor in fetched.batch.items()}
            done = torch.cuda.Event()  # type: ignore[no-untyped-call]
            done.record(self._stream)
        self._ahead.append(_Copy(Fetched(fetched.header, batch), fetched.batch, done))
        return True

    def _pin(self) -> None:
        """Registers the memory of the slots, once for each server: only pinned memory is copied at full speed."""
        slots = self._feed.slots
        if slots is not None and slots is not self._pinned.slots:
            self._stream.synchronize()
            self._pinned.change(slots)

    def _make_room(self) -> None:
        """Gives back the slots whose copies are done; waits for them where hardly any slot is left."""
        if len(self._pending) + len(self._ahead) + 1 >= self._feed.info.depth:
            self._stream.synchronize()
        while self._pending and self._pending[0].done.query():
            self._pending.popleft()
