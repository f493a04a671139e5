#!/usr/bin/env python3
"""States: exact at any batch, small, and refused where they do not belong."""

import json
import unittest

from support import KINDS, fault_of, feedline, loader


class States(unittest.TestCase):
    def test_any_batch_of_several_epochs_can_be_gone_on_from(self):
        states = []
        with loader() as batches:
            for _ in range(2):
                for batch in batches:
                    states.append(json.loads(json.dumps(batches.state_dict())))
        for jump in (False, True):
            with loader({"jump": jump}, buffer_size=3) as batches:
                for number, state in enumerate(states, 1):
                    batches.load_state_dict(state)
                    epoch = number // 7
                    self.assertEqual(batches.epoch, epoch)
                    for _ in range(2):
                        for batch in batches:
                            self.assertIsNone(fault_of(batch, number))
                            number += 1
                    self.assertEqual(number, 7 * (epoch + 2))

    def test_resumed_twice_and_in_the_middle_it_is_the_same_order(self):
        state, number = None, 0
        for taken in (3, 5, 9, 2, 30):
            with loader(buffer_size=taken + 1) as batches:
                if state is not None:
                    batches.load_state_dict(state)
                while taken:
                    for batch in batches:
                        self.assertIsNone(fault_of(batch, number))
                        number, taken = number + 1, taken - 1
                        if not taken:
                            break
                state = batches.state_dict()

    def test_set_epoch_with_the_epoch_of_the_state_goes_on_in_its_middle(self):
        with loader() as batches:
            for _ in zip(range(3), batches):
                pass
            state = batches.state_dict()
        with loader() as batches:
            batches.load_state_dict(state)
            batches.set_epoch(0)
            self.assertEqual([fault_of(batch, number) for number, batch in enumerate(batches, 3)], [None] * 4)
            batches.load_state_dict(state)
            batches.set_epoch(2)
            self.assertIsNone(fault_of(next(iter(batches)), 14))

    def test_it_is_small_and_counts_what_the_loop_has_got(self):
        with loader() as batches:
            self.assertEqual((batches.state_dict()["epoch"], batches.state_dict()["batch"]), (0, 0))
            next(iter(batches))
            self.assertEqual((batches.state_dict()["epoch"], batches.state_dict()["batch"]), (0, 1))
            self.assertLess(len(json.dumps(batches.state_dict())), 400)

    def test_states_of_others_are_refused(self):
        with loader(seed=1) as batches:
            state = batches.state_dict()
            for changed, words in (({"fingerprint": "f"}, "other data"),
                                   ({"seed": 2}, "another seed: seed 2 there, 1 here"),
                                   ({"batch_size": 8}, "batch size"), ({"split": "val"}, "split"),
                                   ({"shuffle": False}, "order"), ({"feedline": 9}, "no state"),
                                   ({"batch": 7}, "damaged"), ({"batch": -1}, "damaged"), ({"epoch": "1"}, "damaged")):
                with self.subTest(words), self.assertRaisesRegex(feedline.UsageError, words):
                    batches.load_state_dict(dict(state, **changed))
            for other in ({}, None, 3):
                with self.assertRaisesRegex(feedline.UsageError, "no state"):
                    batches.load_state_dict(other)


@unittest.skipUnless("torch" in KINDS, "needs torch")
class TorchLoaders(unittest.TestCase):
    def test_it_is_a_real_data_loader_with_the_same_batches(self):
        from torch.utils.data import DataLoader
        with loader() as batches:
            torch_loader = batches.as_torch()
            self.assertIsInstance(torch_loader, DataLoader)
            self.assertEqual(len(torch_loader), 7)
            self.assertEqual([fault_of(batch, number) for number, batch in enumerate(torch_loader)], [None] * 7)
            torch_loader.set_epoch(3)
            iterator = iter(torch_loader)
            self.assertIsNone(fault_of(next(iterator), 21))
            state = torch_loader.state_dict()
        with loader() as batches:
            torch_loader = batches.as_torch()
            torch_loader.load_state_dict(state)
            torch_loader.set_epoch(3)
            self.assertEqual([fault_of(batch, number) for number, batch in enumerate(torch_loader, 22)], [None] * 6)

    def test_its_batches_are_views(self):
        with loader() as batches:
            batch = next(iter(batches.as_torch()))
            self.assertEqual(len(batches._feed._connection.returns.leases), 1)
            del batch
            self.assertEqual(len(batches._feed._connection.returns.leases), 0)


if __name__ == "__main__":
    unittest.main()
