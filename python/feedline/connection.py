"""One server process, the socket to it, and the memory that it shares."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import subprocess
import time
import weakref
from collections import deque
from typing import Any, Callable, Deque, Dict, List, NoReturn, Optional, Sequence, TypeVar

from .errors import FeedlineError, error_of
from .info import Info, info_of
from .slots import Returns, Slots

_SECONDS_TO_END = 1.0
_LARGEST_PACKET = 1 << 18
_INFO = struct.Struct("<cQ")
_JUMP = struct.Struct("<cxxxxxxxQ")

_Received = TypeVar("_Received")


class ServerLost(Exception):
    """The server ended without a word; `status` is its exit status, negative for a signal, None where unknown."""

    def __init__(self, status: Optional[int]) -> None:
        super().__init__(status)
        self.status = status

    def words(self) -> str:
        """Says how the server ended."""
        if self.status is None:
            return "its end was not seen"
        if self.status < 0:
            return f"killed by signal {-self.status} ({_signal_name(-self.status)})"
        return f"exit status {self.status}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


class Connection:
    """A started server whose data is open.

    Raises what the server reports as a FeedlineError, and ServerLost when it ends without a report. One thread at a
    time may use it; only slots come back on any thread.
    """

    def __init__(self, words: Sequence[str], opening: Dict[str, Any]) -> None:
        self.expected = opening["first_batch"]  # the number of the next batch that will be received
        self._read: Deque[bytes] = deque()  # packets that arrived before what was waited for
        self._buffer = memoryview(bytearray(_LARGEST_PACKET))
        self._process, self._end = _started(words)
        self.returns = Returns(self._end)
        _alive.add(self)
        try:
            self._send(b"O" + json.dumps(opening).encode())
            self.info, self.slots = self._opened()
        except BaseException:
            self.close()
            raise

    def _opened(self) -> "tuple[Info, Slots]":
        packet, descriptors = self._received_with_descriptors()
        try:
            if packet[:1] != b"I":
                self._refuse(packet)
            length = _INFO.unpack(packet)[1]
            info = info_of(json.loads(os.pread(descriptors[0], length, 0)))
            return info, Slots(descriptors[1], info.slot_bytes)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _received_with_descriptors(self) -> "tuple[bytes, List[int]]":
        packet, descriptors, _, _ = _despite_reset(
            lambda: socket.recv_fds(self._end, _LARGEST_PACKET, 2, socket.MSG_CMSG_CLOEXEC))
        if not packet:
            self._lost()
        return packet, list(descriptors)

    def next_packet(self, seconds: Optional[float] = None) -> Optional[bytes]:
        """Waits for a batch `B`, or the end `E`; returns None when there was none within `seconds`."""
        packet = self._read.popleft() if self._read else self._receive(seconds)
        while packet is not None and packet[:1] == b"S":  # an answer that came too late
            packet = self._receive(seconds)
        if packet is not None and packet[:1] not in (b"B", b"E"):
            self._refuse(packet)
        return packet

    def _receive(self, seconds: Optional[float] = None) -> Optional[bytes]:
        if seconds is not None or not self.returns.send_unsent():
            if not self._wait(seconds):
                return None
        try:
            length = self._end.recv_into(self._buffer)
        except ConnectionResetError:
            length = _despite_reset(lambda: self._end.recv_into(self._buffer))
        return bytes(self._buffer[:length]) if length else self._lost()

    def _wait(self, seconds: Optional[float]) -> bool:
        """Waits until a packet is there, and sends meanwhile what could not be sent before."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            wanted = select.POLLIN if self.returns.send_unsent() else select.POLLIN | select.POLLOUT
            poll = select.poll()
            poll.register(self._end, wanted)
            left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
            events = poll.poll(left)
            if not events:
                return False
            if events[0][1] & ~select.POLLOUT:
                return True

    def has_packet(self) -> bool:
        """Says whether next_packet would return without waiting."""
        return bool(self._read) or self._wait(0.0)

    def statistics(self, seconds: float = 1.0) -> Dict[str, Any]:
        """Asks the server for its figures; empty where it does not answer in time."""
        self._send(b"S")
        packet = self._until(b"S", seconds)
        return json.loads(packet[1:]) if packet else {}

    def jump(self, number: int) -> None:
        """Lets the server go on with another batch; those on their way are given back."""
        for packet in self._read:
            self._drop(packet)
        self._read.clear()
        self._send(_JUMP.pack(b"J", number))
        self._until(b"J", None)
        for packet in self._read:
            self._drop(packet)
        self._read.clear()
        self.expected = number

    def _drop(self, packet: bytes) -> None:
        if packet[:1] == b"B":
            self.returns.give_back(*struct.unpack_from("<IQ", packet, 4))
        elif packet[:1] != b"E":
            self._refuse(packet)

    def _until(self, kind: bytes, seconds: Optional[float]) -> Optional[bytes]:
        """Returns the next packet of a kind; the others stay to be read. Returns None where the server has failed."""
        deadline = None if seconds is None else time.monotonic() + seconds
        while True:
            packet = self._receive(None if deadline is None else max(0.0, deadline - time.monotonic()))
            if packet is None or packet[:1] == kind:
                return packet
            if packet[:1] != b"S":  # else a late answer
                self._read.append(packet)
            if packet[:1] == b"F":
                return None

    def _send(self, packet: bytes) -> None:
        try:
            self._end.send(packet, socket.MSG_NOSIGNAL)
        except ConnectionError:
            pass  # what the server said before, or its end, is read next

    def _refuse(self, packet: bytes) -> NoReturn:
        if packet[:1] != b"F":
            raise FeedlineError(f"the feedline server sent a packet of an unknown kind: {packet[:16]!r}")
        report = json.loads(packet[1:])
        raise error_of(report["code"], report["message"])

    def _lost(self) -> NoReturn:
        raise ServerLost(_ended(self._process))

    def close(self) -> None:
        """Ends the server and waits until it is gone; batches that are still in use stay valid."""
        self.returns.stop()
        _alive.discard(self)
        _hang_up(self._end)
        _ended(self._process)

    def forget(self) -> None:
        """In a copy of this process: leaves the server alone, which is the parent's."""
        self.returns.stop()
        self._end.close()
        self._process.returncode = 0


def _started(words: Sequence[str]) -> "tuple[subprocess.Popen[bytes], socket.socket]":
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        try:
            process = subprocess.Popen(
                [words[0], "serve", "--socket-fd", str(theirs.fileno()), *words[1:]],
                stdin=subprocess.DEVNULL, stdout=_standard_error(), pass_fds=[theirs.fileno()], start_new_session=True)
        except BaseException:
            ours.close()
            raise
    return process, ours


def _despite_reset(receive: Callable[[], _Received]) -> _Received:
    """A server that ends without reading all that it was sent resets the connection: that is told first, and once.

    What the server has sent before its end is still there to be received.
    """
    try:
        return receive()
    except ConnectionResetError:
        return receive()


def _standard_error() -> int:
    """The server's standard output goes where its errors go: what a user prints stays alone."""
    try:
        os.fstat(2)
        return 2
    except OSError:
        return subprocess.DEVNULL


def _hang_up(end: socket.socket) -> None:
    try:
        end.send(b"Q", socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
    except OSError:
        pass
    try:
        end.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits for a batch
    except OSError:
        pass
    end.close()


def _ended(process: "subprocess.Popen[bytes]") -> Optional[int]:
    """Reaps the process, which was told to end or has ended; kills it where it does not."""
    try:
        return process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


_alive: "weakref.WeakSet[Connection]" = weakref.WeakSet()


def _after_fork() -> None:
    for connection in list(_alive):
        connection.forget()


os.register_at_fork(after_in_child=_after_fork)
