"""Batches by number, in order, from a server that is started again when it dies."""

from __future__ import annotations

import atexit
import gc
import os
import threading
import time
import weakref
from typing import Any, Dict, List, NamedTuple, NoReturn, Optional

from .batch import Arrays, Batch, BatchMaker, Header, header_of, kind_of_arrays, maker_of
from .connection import Connection, ServerLost
from .errors import DataError, FeedlineError, LeaseError, PeerError, UsageError, error_of
from .info import Info
from .program import find_program
from .slots import Slots

_MOST_DEATHS = 3
_SECONDS_FOR_OTHER_THREADS = 10.0


class Fetched(NamedTuple):
    """A batch that has arrived, and its header."""

    header: Header
    batch: Batch


class Feed:
    """Batches by number, each a view of a slot, or a copy where `copy` is True.

    `waited` is the time in seconds that was spent waiting for batches, `restarts` how often the server was started
    again. One thread at a time.
    """

    def __init__(self, flags: List[str], opening: Dict[str, Any], as_: Optional[str], copy: bool) -> None:
        self.kind = kind_of_arrays(as_)
        self._process = os.getpid()
        self._words = [find_program(), *flags]
        self._opening = opening
        self._copy = copy
        self._deaths = 0
        self._is_over = False
        self._failure: Optional[FeedlineError] = None
        self._connection: Optional[Connection] = None
        self._maker: Optional[BatchMaker] = None
        self.waited = 0.0
        self.restarts = 0
        self._arrays: Optional[Arrays] = None
        self.info: Info
        self._connected(0)
        _feeds.add(self)

    def fetch(self, number: int) -> Optional[Fetched]:
        """Waits for the batch of that number; returns None where the last epoch is over.

        Raises LeaseError where all slots are in use, PeerError where the server dies again and again, and whatever
        error the server reports.
        """
        if self._failure is not None:
            raise type(self._failure)(*self._failure.args)
        while True:
            try:
                fetched = self._batch_of(number)
                self._deaths = 0
                return fetched
            except ServerLost as loss:
                self._count(loss)
            except LeaseError:
                raise
            except FeedlineError as error:
                self._fail(error)
                self.close()
                raise

    def is_ready(self, number: int) -> bool:
        """Says whether fetch(number) would return without waiting."""
        connection = self._connection
        return connection is not None and connection.expected == number and connection.has_packet()

    def _batch_of(self, number: int) -> Optional[Fetched]:
        for _ in range(2):
            connection, packet = self._arrived(number)
            if packet[:1] == b"E":
                return None
            header = header_of(packet)
            if header.number == number:
                batch = self._made(connection, header)
                connection.expected = number + 1
                return Fetched(header, batch)
            self.close()  # Ctrl-C has taken a packet away between its arrival and its use
        raise FeedlineError(f"the feedline server sent batch {header.number} where {number} was due")

    def _arrived(self, number: int) -> "tuple[Connection, bytes]":
        """Waits for a packet; also for a new start of the server where it takes one."""
        begin = time.perf_counter()
        try:
            connection = self._connected(number)
            if connection.expected != number:
                connection = self._gone_to(connection, number)
            if len(connection.returns.leases) >= connection.info.depth:
                return connection, self._last_hope(connection)
            packet = connection.next_packet()
            assert packet is not None
            return connection, packet
        finally:
            self.waited += time.perf_counter() - begin

    def _last_hope(self, connection: Connection) -> bytes:
        """All slots are in use: waits only where a collection of garbage or another thread may give one back."""
        packet = connection.next_packet(0.0)
        if packet is None:
            gc.collect()
            others = threading.active_count() > 1
            all_kept = len(connection.returns.leases) >= connection.info.depth
            packet = connection.next_packet(_SECONDS_FOR_OTHER_THREADS if others and all_kept else
                                            0.0 if all_kept else None)
        if packet is None:
            depth = connection.info.depth
            raise LeaseError(
                f"no room for the next batch: this program still holds all {depth} batches that the buffer has room "
                f"for (a tensor keeps its batch, and so does a view of it). Let go of batches, pass copy=True so that "
                f"each batch has memory of its own, or pass a buffer_size above {depth}")
        return packet

    def _made(self, connection: Connection, header: Header) -> Batch:
        assert self._maker is not None
        array = connection.slots.array(header.slot)
        connection.returns.watch(array, header.slot, header.number)
        batch = self._maker.make(array, header)
        return self._maker.copied(batch) if self._copy else batch

    def _connected(self, number: int) -> Connection:
        """Returns the connection; starts a server that begins with the batch of that number where there is none."""
        if self._is_over:
            self._refuse()
        if self._connection is None:
            opening = dict(self._opening, first_batch=number, parent_pid=os.getpid())
            while self._connection is None:
                try:
                    self._connection = Connection(self._words, opening)
                except ServerLost as loss:
                    self._count(loss)
            self._adopt(self._connection.info)
        connection = self._connection
        if self._is_over or connection is None:  # another thread has ended the feed meanwhile
            self.close()
            self._refuse()
        return connection

    def _adopt(self, info: Info) -> None:
        if self._arrays is None:
            self._arrays = maker_of(self.kind)
        elif info.fingerprint != self.info.fingerprint:
            raise DataError("the data has changed since this loader opened it, and its server was started again: "
                            "make a new loader")
        self.info = info
        self._maker = BatchMaker(info, self._arrays)

    def _gone_to(self, connection: Connection, number: int) -> Connection:
        if connection.info.can_jump:
            try:
                connection.jump(number)
            except KeyboardInterrupt:  # half a jump: what comes next is not known
                self.close()
                raise
            return connection
        self.close()
        return self._connected(number)

    def _count(self, loss: ServerLost) -> None:
        """Prepares a new start after a death, or raises when there were too many of them."""
        self.close()
        if self._is_over:
            self._refuse()
        self._deaths += 1
        has_refused = loss.status is not None and loss.status > 0 and self._arrays is None
        if has_refused or self._deaths >= _MOST_DEATHS:
            error = self._refusal(loss) if has_refused else self._hopeless(loss)
            self._fail(error)
            raise error
        self.restarts += 1
        import logging  # slow to import, and hardly ever needed
        logging.getLogger("feedline").warning("the feedline server has died (%s) and is started again", loss.words())

    def _fail(self, error: FeedlineError) -> None:
        # A copy: the error that is raised has the frames of the loop, and they have its batches.
        self._failure = type(error)(*error.args)

    def _refusal(self, loss: ServerLost) -> FeedlineError:
        return error_of(loss.status or 1, f"{self._words[0]} serve has ended at its start ({loss.words()}). It has "
                                          f"written why on standard error")

    def _hopeless(self, loss: ServerLost) -> FeedlineError:
        return PeerError(f"the feedline server died {self._deaths} times in a row without a batch in between, at last "
                         f"so: {loss.words()}. What it had to say is on standard error")

    def _refuse(self) -> NoReturn:
        while _is_exiting:  # only threads that the interpreter does not wait for are here: they must print nothing
            time.sleep(60)
        raise UsageError("this loader is closed")

    def statistics(self) -> Dict[str, Any]:
        """Returns the figures of the server, and `ready_batches` of this side; empty where there is no server."""
        connection = self._connection
        if connection is None:
            return {}
        try:
            figures = connection.statistics()
        except ServerLost:
            return {}
        if figures:  # what the server counts as out is ready here, or in use by the loop
            out = figures.pop("waiting_batches", 0)
            figures["ready_batches"] = max(0, out - len(connection.returns.leases))
        return figures

    @property
    def slots(self) -> Optional[Slots]:
        """The memory that batches are in now."""
        return self._connection.slots if self._connection is not None else None

    def end(self) -> None:
        """Ends the server for good; also wakes a thread that waits for a batch. Does nothing in a forked child."""
        self._is_over = True
        if os.getpid() == self._process:
            self.close()

    def close(self) -> None:
        """Ends the server; the next fetch starts it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


_feeds: weakref.WeakSet[Feed] = weakref.WeakSet()
_is_exiting = False


def _at_exit() -> None:
    global _is_exiting
    _is_exiting = True
    for feed in list(_feeds):
        feed.end()


atexit.register(_at_exit)
