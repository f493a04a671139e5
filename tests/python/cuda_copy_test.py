#!/usr/bin/env python3
"""Copies ahead to a GPU, on a stand-in for one: order, leases, slots that are given back after the copy's event."""

import contextlib
import os
import signal
import unittest
from unittest import mock

from support import KINDS, fault_of, feedline, loader

if "torch" in KINDS:
    import torch


class Event:
    """An event that is done when the stream is waited for, or at the third question."""

    pending = []

    def __init__(self):
        self.questions = 0

    def record(self, stream):
        self.stream = stream
        Event.pending.append(self)

    def query(self):
        self.questions += 1
        return self not in Event.pending or self.questions > 2


class Stream:
    def __init__(self, *_):
        self.waited = []

    def wait_event(self, event):
        self.waited.append(event)

    def synchronize(self):
        Event.pending.clear()


class Runtime:
    def __init__(self):
        self.registered = {}

    def cudaHostRegister(self, address, size, flags):
        assert address not in self.registered
        self.registered[address] = size
        return 0

    def cudaHostUnregister(self, address):
        del self.registered[address]
        return 0


@unittest.skipUnless("torch" in KINDS, "needs torch")
class CudaCopies(unittest.TestCase):
    def setUp(self):
        self.runtime, self.current = Runtime(), Stream()
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        fakes = {"is_available": lambda: True, "Stream": Stream, "Event": Event, "cudart": lambda: self.runtime,
                 "stream": lambda stream: contextlib.nullcontext(), "current_stream": lambda device: self.current}
        for name, fake in fakes.items():
            stack.enter_context(mock.patch.object(torch.cuda, name, fake))
        stack.enter_context(mock.patch.object(torch, "device", lambda name: name))
        stack.enter_context(mock.patch.object(torch.Tensor, "to", lambda tensor, device, non_blocking: tensor.clone()))
        stack.enter_context(mock.patch.object(torch.Tensor, "record_stream", lambda tensor, stream: None))

    def test_order_states_and_slots(self):
        for depth in (1, 2, 3, 8):
            with self.subTest(depth=depth), loader(device="cuda:0", buffer_size=depth) as batches:
                self.assertEqual([fault_of(batch, number) for number, batch in enumerate(batches)], [None] * 7)
                iterator = iter(batches)
                next(iterator)
                state = batches.state_dict()
                self.assertEqual((state["epoch"], state["batch"]), (1, 1))
                self.assertIsNone(fault_of(next(iterator), 8))
                batches.load_state_dict(state)
                self.assertEqual([fault_of(batch, number) for number, batch in enumerate(batches, 8)], [None] * 6)
                self.assertEqual(len(self.runtime.registered), 1)
        self.assertTrue(self.current.waited)

    def test_all_of_its_batches_can_be_kept(self):
        with loader(device="cuda", buffer_size=3) as batches:
            kept = list(batches)
            self.assertEqual([fault_of(batch, number) for number, batch in enumerate(kept)], [None] * 7)

    def test_the_memory_of_a_server_that_was_started_again_is_registered(self):
        with loader(device="cuda", buffer_size=3) as batches, self.assertLogs("feedline", "WARNING"):
            iterator = iter(batches)
            next(iterator)
            before = set(self.runtime.registered)
            os.kill(batches.info.pid, signal.SIGKILL)
            self.assertEqual([fault_of(batch, number) for number, batch in enumerate(iterator, 1)], [None] * 6)
            self.assertEqual(len(self.runtime.registered), 1)
            self.assertNotEqual(before, set(self.runtime.registered))
        del batches, iterator
        self.assertEqual(self.runtime.registered, {})

    def test_without_a_gpu_it_says_so(self):
        with mock.patch.object(torch.cuda, "is_available", lambda: False), \
                self.assertRaisesRegex(feedline.DeviceError, "torch finds no GPU"):
            feedline.Loader("photos", device="cuda")


if __name__ == "__main__":
    unittest.main()
