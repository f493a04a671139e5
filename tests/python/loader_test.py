#!/usr/bin/env python3
"""Epochs, lengths, arguments, several loaders, and use where it makes no sense."""

import json
import os
import pathlib
import pickle
import signal
import tempfile
import threading
import unittest

from support import KINDS, fault_of, feedline, ids_of, ids_of_epoch, loader, told


class Epochs(unittest.TestCase):
    def test_each_kind_of_array_has_every_byte(self):
        for kind in KINDS:
            with self.subTest(kind), loader(as_=kind) as batches:
                for number, batch in enumerate(batches):
                    self.assertIsNone(fault_of(batch, number))
                self.assertEqual(number + 1, len(batches))

    def test_each_iteration_is_the_next_epoch(self):
        with loader() as batches:
            self.assertEqual(batches.epoch, 0)
            for epoch in range(3):
                self.assertEqual(sum((ids_of(batch) for batch in batches), []), ids_of_epoch(epoch))
                self.assertEqual(batches.epoch, epoch)

    def test_an_iteration_left_in_the_middle_is_followed_by_the_next_epoch(self):
        for jump in (False, True):
            with self.subTest(jump=jump), loader({"jump": jump}) as batches:
                for _, batch in zip(range(2), batches):
                    pass
                del batch
                self.assertEqual(sum((ids_of(batch) for batch in batches), []), ids_of_epoch(1))

    def test_the_older_of_two_iterators_is_over(self):
        with loader() as batches:
            older = iter(batches)
            next(older)
            newer = iter(batches)
            with self.assertRaisesRegex(feedline.UsageError, "iterated anew"):
                next(older)
            self.assertEqual(ids_of(next(newer)), ids_of_epoch(1)[:16])

    def test_set_epoch_decides_the_epoch_of_the_next_iteration(self):
        for jump in (False, True):
            with self.subTest(jump=jump), loader({"jump": jump}) as batches:
                batches.set_epoch(4)
                self.assertEqual(ids_of(next(iter(batches))), ids_of_epoch(4)[:16])
                batches.set_epoch(4)
                self.assertEqual(ids_of(next(iter(batches))), ids_of_epoch(4)[:16])
                batches.sampler.set_epoch(0)
                self.assertEqual(sum((ids_of(batch) for batch in batches), []), ids_of_epoch(0))

    def test_after_the_last_epoch_an_iteration_is_refused(self):
        with loader(epochs=2) as batches:
            self.assertEqual([len(list(map(ids_of, batches))) for _ in range(2)], [7, 7])
            with self.assertRaisesRegex(feedline.UsageError, "all 2 epochs"):
                iter(batches)

    def test_the_short_batch_may_be_left_out(self):
        with loader(drop_last=True) as batches:
            self.assertEqual(len(batches), 6)
            self.assertEqual([len(ids_of(batch)) for batch in batches], [16] * 6)

    def test_without_shuffle_the_order_is_that_of_the_data(self):
        for arguments in ({"shuffle": False}, {"split": "val"}):
            with loader(**arguments) as batches:
                self.assertEqual(sum((ids_of(batch) for batch in batches), []), list(range(100)))

    def test_a_transform_runs_on_each_batch(self):
        with loader(batch_transform=lambda batch: len(ids_of(batch))) as batches:
            self.assertEqual(list(batches), [16] * 6 + [4])

    def test_several_loaders_go_on_side_by_side(self):
        with loader() as first, loader(split="val") as second:
            for number, (one, other) in enumerate(zip(first, second)):
                self.assertIsNone(fault_of(one, number))
                self.assertIsNone(fault_of(other, number, shuffle=False))

    def test_threads_may_share_an_iterator(self):
        with loader(copy=True) as batches:
            for epoch in range(5):
                iterator, found = iter(batches), []
                threads = [threading.Thread(target=lambda: found.extend(map(ids_of, iterator))) for _ in range(3)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
                self.assertEqual(sorted(sum(found, [])), list(range(100)))

    def test_a_batch_may_be_without_rows(self):
        from feedline.batch import maker_of
        for kind in KINDS:
            maker, memory = maker_of(kind), bytearray(64)
            for shape in ((0,), (0, 2, 3)):
                tensor = maker.tensor(memory, "float32", shape, 0, 8)
                self.assertEqual((len(tensor), len(maker.copied(tensor))), (0, 0))


class Facts(unittest.TestCase):
    def test_info_has_what_the_server_says(self):
        with loader() as batches:
            info = batches.info
            self.assertEqual((info.task, info.samples, info.batch_size, info.depth), ("image", 100, 16, 5))
            self.assertEqual(info.classes[:2], ("0", "1"))
            self.assertEqual(info.shapes, {"image": ((3, 8, 8), (3, 4, 4)), "label": ((),)})

    def test_stats_have_figures_of_both_sides(self):
        with loader() as batches:
            list(map(ids_of, batches))
            figures = batches.stats()
            self.assertEqual((figures["samples"], figures["batches"], figures["restarts"]), (100, 7, 0))
            self.assertLessEqual(figures["waited_share"], 1)
            self.assertIn("samples", figures["server"])
            self.assertTrue(0 <= figures["buffer_fill"] <= 1)
            self.assertEqual(sum((ids_of(batch) for batch in batches), []), ids_of_epoch(1))  # none was lost to it

    def test_figures_that_come_too_late_are_left_out(self):
        with loader() as batches:
            iterator = iter(batches)
            self.assertIsNone(fault_of(next(iterator), 0))
            os.kill(batches.info.pid, signal.SIGSTOP)
            self.assertNotIn("server", batches.stats())
            os.kill(batches.info.pid, signal.SIGCONT)
            self.assertEqual([fault_of(batch, number) for number, batch in enumerate(iterator, 1)], [None] * 6)
            self.assertIn("server", batches.stats())


class Arguments(unittest.TestCase):
    def assert_refused(self, text, **arguments):
        with self.assertRaisesRegex(feedline.UsageError, text):
            feedline.Loader("photos", **arguments)

    def test_unknown_ones_are_refused_with_what_was_meant(self):
        self.assert_refused("'batchsize': did you mean batch_size=", batchsize=3)
        self.assert_refused("'as': did you mean as_=", **{"as": "numpy"})
        self.assert_refused("buffer_size=", prefetch_factor=2)
        self.assert_refused("device=\"cuda\"", pin_memory=True)

    def test_values_that_make_no_sense_are_refused(self):
        self.assert_refused("split='test'", split="test")
        self.assert_refused("epochs=0", epochs=0)
        self.assert_refused("cannot be shared", shard=(0, 2))
        self.assert_refused("drop_last= is True or False", drop_last=3)
        self.assert_refused("batch_size= needs a value", batch_size=True)
        self.assert_refused("as_='jax'", as_="jax")
        self.assert_refused("device='tpu'", device="tpu")

    def test_they_become_flags(self):
        from feedline.flags import command_line
        self.assertEqual(command_line({"train_data": pathlib.Path("a b"), "batch_size": 4, "val_fraction": 0.25,
                                       "buffer_bytes": "3G", "drop_last": True, "keep_silent": False, "seed": None,
                                       "columns": ["id", "text"]}),
                         [f"--train-data={pathlib.Path.cwd() / 'a b'}", "--batch-size=4", "--val-fraction=0.25",
                          "--buffer-bytes=3G", "--drop-last", "--columns=id,text"])

    def test_a_batch_whose_transform_fails_comes_again(self):
        calls = []

        def transform(batch):
            calls.append(ids_of(batch))
            if len(calls) == 2:
                raise ValueError("once")
            return calls[-1]

        with loader(batch_transform=transform) as batches:
            got = [next(iter(batches))]
            epoch = iter(batches)
            batches.load_state_dict(dict(batches.state_dict(), epoch=0, batch=1))
            epoch = iter(batches)
            with self.assertRaises(ValueError):
                next(epoch)
            self.assertEqual(batches.state_dict()["batch"], 1)
            got.append(next(epoch))
        self.assertEqual(got, [calls[0], calls[1]])


class Program(unittest.TestCase):
    def refused(self, **environment):
        kept = dict(os.environ)
        os.environ.update(environment)
        try:
            with self.assertRaises(feedline.UsageError) as caught:
                feedline.Loader("photos")
            return str(caught.exception)
        finally:
            os.environ.clear()
            os.environ.update(kept)

    def test_a_missing_program_is_told_with_the_remedy(self):
        self.assertIn("no such file", self.refused(FEEDLINE_PROGRAM="/none/feedline"))
        self.assertIn("may not be executed", self.refused(FEEDLINE_PROGRAM=__file__ if not os.access(
            __file__, os.X_OK) else str(pathlib.Path(feedline.__file__))))
        self.assertIn("set FEEDLINE_PROGRAM", self.refused(FEEDLINE_PROGRAM="", PATH="/none"))

    def test_it_is_found_on_the_path(self):
        from feedline.program import find_program
        kept = dict(os.environ)
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(os.environ["FEEDLINE_PROGRAM"], os.path.join(folder, "feedline"))
            try:
                del os.environ["FEEDLINE_PROGRAM"]
                os.environ["PATH"] = folder + os.pathsep + kept["PATH"]
                self.assertEqual(find_program(), os.path.join(folder, "feedline"))
            finally:
                os.environ.clear()
                os.environ.update(kept)


class OddUse(unittest.TestCase):
    def test_a_closed_loader_says_so_and_its_batches_stay(self):
        with loader() as batches:
            iterator = iter(batches)
            batch = next(iterator)
        for use in (lambda: next(iterator), lambda: iter(batches), batches.stats):
            with self.assertRaisesRegex(feedline.UsageError, "closed"):
                use()
        batches.close()
        self.assertIsNone(fault_of(batch, 0))

    def test_closing_wakes_a_thread_that_waits(self):
        with loader({"delay": 0.5, "samples": 1000}) as batches:
            said = []

            def consume():
                try:
                    for _ in batches:
                        pass
                except feedline.UsageError as error:
                    said.append(str(error))

            thread = threading.Thread(target=consume)
            thread.start()
            threading.Event().wait(0.2)
            batches.close()
            thread.join(10)
            self.assertFalse(thread.is_alive())
            self.assertEqual(said, ["this loader is closed"])

    def test_a_loader_cannot_be_pickled(self):
        with loader() as batches, self.assertRaisesRegex(feedline.UsageError, "pickled"):
            pickle.dumps(batches)

    def test_in_a_forked_child_it_says_so_and_the_parent_goes_on(self):
        with loader() as batches:
            iterator = iter(batches)
            kept = [next(iterator), next(iterator)]
            for ending in ("exit", "_exit"):
                read, write = os.pipe()
                child = os.fork()
                if child == 0:
                    os.close(read)
                    said = []
                    for use in (lambda: next(iterator), lambda: iter(batches), batches.stats):
                        try:
                            use()
                        except feedline.UsageError as error:
                            said.append("fork" in str(error))
                    kept.clear()
                    batches.close()
                    os.write(write, json.dumps(said).encode())
                    if ending == "_exit":
                        os._exit(0)
                    try:
                        import atexit
                        atexit._run_exitfuncs()
                    finally:
                        os._exit(0)
                os.close(write)
                self.assertEqual(json.loads(os.read(read, 1000)), [True] * 3)
                os.close(read)
                self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)
                self.assertIsNone(fault_of(kept[0], 0))
            self.assertIsNone(fault_of(kept[1], 1))
            kept.clear()
            for number, batch in enumerate(iterator, 2):
                self.assertIsNone(fault_of(batch, number))
            self.assertEqual((number, batches.stats()["restarts"]), (6, 0))


class Reports(unittest.TestCase):
    def test_errors_of_the_server_are_exceptions_with_its_text(self):
        kinds = {1: feedline.FeedlineError, 2: feedline.UsageError, 3: feedline.DeviceError, 4: feedline.DataError,
                 5: feedline.PeerError}
        for code, kind in kinds.items():
            failure = {"code": code, "message": f"words of {code}: ü"}
            with loader({"fail_at": 3, "failure": failure}) as batches:
                iterator = iter(batches)
                for number in range(3):
                    self.assertIsNone(fault_of(next(iterator), number))
                for _ in range(2):
                    with self.assertRaises(feedline.FeedlineError) as caught:
                        next(iterator)
                    self.assertIs(type(caught.exception), kind)
                    self.assertEqual(str(caught.exception), failure["message"])

    def test_a_server_that_refuses_at_its_start_is_not_started_again(self):
        with told(exit_at_start=2), self.assertRaisesRegex(feedline.UsageError, "ended .*exit status 2"):
            feedline.Loader("photos")


if __name__ == "__main__":
    unittest.main()
