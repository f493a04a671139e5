#!/usr/bin/env python3
"""A server that dies is started again: the same order, nothing lost, nothing twice, no process left."""

import os
import pathlib
import random
import signal
import tempfile
import time
import unittest

from support import fault_of, feedline, is_alive, loader, server_killer, told, wait_until

KILLS = int(os.environ.get("FEEDLINE_KILL_POINTS", "20"))


def server_of(batches):
    return batches._feed._connection._process.pid


class Restarts(unittest.TestCase):
    def test_the_order_goes_on_after_deaths_at_given_batches(self):
        with loader({"die_at": [3, 4, 5, 9, 20]}) as batches, self.assertLogs("feedline", "WARNING") as log:
            number = 0
            for _ in range(4):
                for batch in batches:
                    self.assertIsNone(fault_of(batch, number))
                    number += 1
            self.assertEqual((number, batches.stats()["restarts"]), (28, 5))
            self.assertIn("SIGKILL", log.output[0])

    def test_batches_of_the_dead_server_stay_valid_and_go_nowhere(self):
        with loader({"die_at": [4]}) as batches, self.assertLogs("feedline", "WARNING"):
            iterator = iter(batches)
            kept = [next(iterator) for _ in range(6)]
            for number, batch in enumerate(kept):
                self.assertIsNone(fault_of(batch, number))
            del kept[:4], batch
            self.assertIsNone(fault_of(next(iterator), 6))

    def test_it_survives_kills_at_random_moments(self):
        rng = random.Random(2)
        with loader({"samples": 40, "delay": 0.001}, batch_size=4, buffer_size=6) as batches:
            thread, done = server_killer(batches, rng, KILLS, 0.3)
            number, kept = 0, []
            with self.assertLogs("feedline", "WARNING"):
                thread.start()
                while not done.is_set():
                    for batch in batches:
                        self.assertIsNone(fault_of(batch, number, 40, 4))
                        kept = [*kept, (number, batch)][-rng.randrange(1, 4):]
                        number += 1
                        for old, held in kept:
                            self.assertIsNone(fault_of(held, old, 40, 4))
                thread.join()
            self.assertGreaterEqual(batches.stats()["restarts"], 1)

    def test_three_deaths_in_a_row_are_an_error_with_the_reason(self):
        with loader() as batches:
            iterator = iter(batches)
            next(iterator)
            with told(die_always=True):
                os.kill(server_of(batches), signal.SIGKILL)
                with self.assertLogs("feedline", "WARNING"), \
                        self.assertRaisesRegex(feedline.PeerError, "3 times in a row.*signal 9 .SIGKILL"):
                    for _ in range(20):
                        next(iterator)
            with self.assertRaises(feedline.PeerError):
                next(iterator)

    def test_statistics_of_a_dead_server_are_left_out_and_nothing_is_lost(self):
        with loader() as batches, self.assertLogs("feedline", "WARNING"):
            iterator = iter(batches)
            next(iterator)
            os.kill(server_of(batches), signal.SIGKILL)
            wait_until(lambda: not is_alive(server_of(batches)))
            self.assertNotIn("server", batches.stats())
            self.assertEqual([fault_of(batch, number) for number, batch in enumerate(iterator, 1)], [None] * 6)

    def test_data_that_changed_meanwhile_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "fingerprint"
            file.write_text("before")
            with loader({"fingerprint_file": str(file)}) as batches, self.assertLogs("feedline", "WARNING"):
                with told(fingerprint_file=str(file)):
                    iterator = iter(batches)
                    next(iterator)
                    file.write_text("after")
                    os.kill(server_of(batches), signal.SIGKILL)
                    with self.assertRaisesRegex(feedline.DataError, "has changed"):
                        for _ in range(6):
                            next(iterator)


class Ends(unittest.TestCase):
    def test_the_server_ends_and_is_reaped_with_its_loader(self):
        for ending in ("close", "collect", "error"):
            with self.subTest(ending), told():
                try:
                    batches = feedline.Loader("photos", batch_size=16)
                    server = server_of(batches)
                    next(iter(batches))
                    begin = time.monotonic()
                    if ending == "close":
                        batches.close()
                    elif ending == "error":
                        raise KeyError
                except KeyError:
                    pass
                batches = None
                self.assertFalse(pathlib.Path(f"/proc/{server}").exists())
                self.assertLess(time.monotonic() - begin, 0.9)  # else it had to be killed

    def test_no_descriptor_is_left(self):
        def count():
            return len(os.listdir("/proc/self/fd"))

        with loader() as batches:
            next(iter(batches))
        before = count()
        for _ in range(5):
            with loader({"die_at": [2]}) as batches, self.assertLogs("feedline", "WARNING"):
                for batch in batches:
                    pass
                del batch
        self.assertEqual(count(), before)


if __name__ == "__main__":
    unittest.main()
