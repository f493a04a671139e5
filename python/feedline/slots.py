"""The mapped slots of a server, and the leases on them.

A lease is a ctypes array over one slot. torch.frombuffer, numpy.frombuffer and memoryview keep it alive as long as any
view of it lives, so its end is the moment when the last tensor of a batch is gone, in whatever order and thread.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import socket
import struct
import weakref
from collections import deque
from typing import Any, Callable, Deque, Dict, Optional

_SLOT = struct.Struct("<cxxxIQ")


class _Lease(weakref.ReferenceType):  # type: ignore[type-arg]
    """A weak reference to the array of a slot; it remembers the batch, since the array is gone when it is called."""

    __slots__ = ("slot", "number")
    slot: int
    number: int

    def __new__(cls, array: Any, callback: Callable[["_Lease"], None], slot: int, number: int) -> "_Lease":
        lease = super().__new__(cls, array, callback)
        lease.slot = slot
        lease.number = number
        return lease

    def __init__(self, array: Any, callback: Callable[["_Lease"], None], slot: int, number: int) -> None:
        super().__init__(array, callback)  # type: ignore[call-arg]


class Returns:
    """Gives slots back to the server. All methods may be called by any thread, and within garbage collection.

    No lock is taken: a callback of a weak reference can interrupt any code, also the code that holds that lock.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end: Optional[socket.socket] = end
        self._process = os.getpid()
        self._unsent: Deque[bytes] = deque()
        self.leases: Dict[int, _Lease] = {}

    def watch(self, array: Any, slot: int, number: int) -> None:
        """Reports batch `number` as taken, and gives it back when `array` and all views of it are gone."""
        self.leases[slot] = _Lease(array, self._ended, slot, number)
        end = self._end
        if end is not None:
            try:
                end.send(_SLOT.pack(b"T", slot, number), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except OSError:
                pass  # it only tells the server how fast its batches are used

    def _ended(self, lease: _Lease, getpid: Callable[[], int] = os.getpid) -> None:
        # A copy of the process by fork has copies of the leases; the slots are its parent's.
        if getpid() == self._process and self.leases.pop(lease.slot, None) is not None:
            self.give_back(lease.slot, lease.number)

    def give_back(self, slot: int, number: int) -> None:
        """Tells the server that the slot of batch `number` may be used again; never waits and never raises."""
        self._unsent.append(_SLOT.pack(b"R", slot, number))
        self.send_unsent()

    def send_unsent(self) -> bool:
        """Sends what could not be sent before; returns whether nothing is left.

        A signal or another thread may come in between: then a packet is sent twice, which the server allows.
        """
        end = self._end
        while end is not None:
            try:
                packet = self._unsent[0]
            except IndexError:
                return True
            try:
                end.send(packet, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
            except BlockingIOError:
                return False
            except OSError:  # the server is gone, and the slots with it
                return True
            try:
                self._unsent.remove(packet)
            except ValueError:
                pass  # another thread has sent it as well
        return True

    def stop(self) -> None:
        """Ends all watching; the arrays that live on stay valid."""
        self._end = None
        self.leases.clear()


class Slots:
    """The memory of the server's slots, mapped. It stays mapped as long as any array over it lives."""

    def __init__(self, descriptor: int, slot_bytes: int) -> None:
        self._bytes = slot_bytes
        self._map = mmap.mmap(descriptor, os.fstat(descriptor).st_size)
        self._array = ctypes.c_ubyte * slot_bytes

    @property
    def size(self) -> int:
        """Bytes of all slots."""
        return len(self._map)

    def address(self) -> int:
        """Returns the address of the first slot."""
        return ctypes.addressof(ctypes.c_ubyte.from_buffer(self._map))

    def array(self, slot: int) -> Any:
        """Returns a new ctypes array over one slot, without a copy."""
        return self._array.from_buffer(self._map, slot * self._bytes)
