#!/usr/bin/env python3
"""A slot is given back when the last view of its batch is gone, never earlier and never later."""

import gc
import os
import random
import threading
import unittest

from support import KINDS, fault_of, feedline, loader

BATCHES = int(os.environ.get("FEEDLINE_LEASE_BATCHES", "10000"))


def leases(batches):
    return len(batches._feed._connection.returns.leases)


class Leases(unittest.TestCase):
    def test_batches_that_are_kept_and_freed_in_random_order_keep_every_byte(self):
        rng = random.Random(1)
        with loader({"samples": 24}, batch_size=4, buffer_size=12, as_=KINDS[0]) as batches:
            kept, number = {}, 0
            while number < BATCHES:
                for batch in batches:
                    kept[number] = batch
                    del batch
                    number += 1
                    while len(kept) == 12 or (kept and rng.random() < 0.5):
                        freed = rng.choice(list(kept))
                        self.assertIsNone(fault_of(kept.pop(freed), freed, 24, 4))
            for left, batch in kept.items():
                self.assertIsNone(fault_of(batch, left, 24, 4))
            del batch
            kept.clear()
            self.assertEqual(leases(batches), 0)

    def test_other_threads_may_free_batches(self):
        with loader({"samples": 24}, batch_size=4, buffer_size=8) as batches:
            found, handed, room = [], [], threading.Semaphore(0)

            def check():
                for _ in range(600):
                    room.acquire()
                    found.append(fault_of(*handed.pop(0), 24, 4))

            threads = [threading.Thread(target=check) for _ in range(2)]
            for thread in threads:
                thread.start()
            number = 0
            while number < 1200:
                for batch in batches:
                    handed.append((batch, number))
                    del batch
                    number += 1
                    room.release()
            for thread in threads:
                thread.join()
            self.assertEqual((found, leases(batches)), ([None] * 1200, 0))

    def test_one_view_of_one_tensor_keeps_the_batch(self):
        for kind in KINDS:
            with self.subTest(kind), loader(as_=kind) as batches:
                batch = next(iter(batches))
                view = batch["label"][2:4]
                del batch
                self.assertEqual((leases(batches), view.tolist()), (1, [4, 1]))
                del view
                self.assertEqual(leases(batches), 0)

    @unittest.skipUnless("torch" in KINDS and "numpy" in KINDS, "needs torch and numpy")
    def test_views_across_torch_and_numpy_keep_the_batch(self):
        import numpy
        import torch
        with loader(as_="torch") as batches:
            tensor = next(iter(batches))["image"]
            view = numpy.from_dlpack(torch.from_numpy(tensor[1].numpy()[0])[2:]).T
            del tensor
            self.assertEqual(leases(batches), 1)
            storage = torch.from_numpy(view).untyped_storage()
            del view
            self.assertEqual(leases(batches), 1)
            del storage
            self.assertEqual(leases(batches), 0)

    def test_tensors_are_views_and_may_be_written(self):
        for kind in KINDS:
            with self.subTest(kind), loader(as_=kind) as batches:
                batch = next(iter(batches))
                array = batches._feed._connection.slots.array(0)
                batch["label"][0] = 77
                self.assertIn(77, memoryview(array).cast("B"))

    def test_who_keeps_the_whole_buffer_is_told_the_remedies(self):
        with loader() as batches:
            iterator = iter(batches)
            kept = [next(iterator) for _ in range(5)]
            for _ in range(2):
                with self.assertRaisesRegex(feedline.LeaseError, "all 5 batches.*copy=True.*buffer_size above 5"):
                    next(iterator)
            for number, batch in enumerate(kept):
                self.assertIsNone(fault_of(batch, number))
            del kept[2], batch
            self.assertIsNone(fault_of(next(iterator), 5))

    def test_another_thread_may_free_the_buffer_in_time(self):
        with loader() as batches:
            iterator = iter(batches)
            kept = [next(iterator) for _ in range(5)]
            timer = threading.Timer(0.3, kept.clear)
            timer.start()
            self.assertIsNone(fault_of(next(iterator), 5))
            timer.join()

    def test_batches_in_cycles_are_found_by_a_collection(self):
        gc.disable()
        try:
            with loader() as batches:
                for number, batch in enumerate(batches):
                    self.assertIsNone(fault_of(batch, number))
                    batch["self"] = batch
        finally:
            gc.enable()

    def test_copies_may_all_be_kept(self):
        for kind in KINDS:
            with self.subTest(kind), loader(as_=kind, copy=True) as batches:
                kept = [batch for _ in range(3) for batch in batches]
                self.assertEqual(leases(batches), 0)
                for number, batch in enumerate(kept):
                    self.assertIsNone(fault_of(batch, number))

    def test_more_slots_than_the_socket_holds_answers_for(self):
        with loader({"samples": 20000}, batch_size=1, buffer_size=2000) as batches:
            for _ in range(2):
                kept = [batch for _, batch in zip(range(1500), batches)]
                kept.clear()
            self.assertEqual(len(list(map(len, batches))), 20000)


if __name__ == "__main__":
    unittest.main()
