#!/usr/bin/env python3
"""The real server: batches are those of `feedline preview`, after kills and resumes too. Needs FEEDLINE_PROGRAM."""

import hashlib
import importlib.util
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from support import HERE, KINDS, REAL_PROGRAM, bytes_of, environment, feedline, ids_of, is_alive, \
    server_killer, wait_until

sys.path.append(str(HERE.parent / "support"))
from photos import write_photos  # noqa: E402
from speech_files import LETTERS, tone, write_speech, write_wav  # noqa: E402

KILLS = int(os.environ.get("FEEDLINE_KILL_POINTS", "20"))


def program_support():
    """tests/support/feedline.py, whose name is that of the package."""
    spec = importlib.util.spec_from_file_location("program_support", HERE.parent / "support" / "feedline.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_clips(folder, count):
    """Recordings in two classes, each a tone."""
    rng = random.Random(4)
    for number in range(count):
        file = folder / LETTERS[number % 2] / f"{number}.wav"
        write_wav(file, tone(LETTERS[number % 2], 0.5, rng))


def digest_of(batch):
    """A digest of all bytes of a batch."""
    digest = hashlib.blake2b(digest_size=8)
    for name in sorted(batch):
        digest.update(name.encode() + bytes_of(batch[name]))
    return digest.hexdigest()


@unittest.skipUnless(REAL_PROGRAM, "needs FEEDLINE_PROGRAM")
class RealServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stand_in, os.environ["FEEDLINE_PROGRAM"] = os.environ["FEEDLINE_PROGRAM"], os.path.abspath(REAL_PROGRAM)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-test-"))
        (cls.folder / "idx").mkdir()
        program_support().write_split(cls.folder / "idx", "train", 1000, seed=1)
        program_support().write_split(cls.folder / "idx", "t10k", 130, seed=2)
        write_photos(cls.folder / "photos", 120, 3, 1, (64, 48))
        write_clips(cls.folder / "clips", 60)
        write_speech(cls.folder / "speech", 60)
        cls.sets = {"idx": {"batch_size": 32}, "photos": {"batch_size": 8, "image_size": 32},
                    "clips": {"batch_size": 4, "clip_seconds": 1, "sample_rate": 8000},
                    "speech": {"batch_size": 4, "max_shapes": 3}}

    @classmethod
    def tearDownClass(cls):
        os.environ["FEEDLINE_PROGRAM"] = cls.stand_in
        shutil.rmtree(cls.folder)

    def loader(self, name, **more):
        arguments = {"buffer_size": 6, "num_workers": 2, **self.sets[name], **more}
        return feedline.Loader(self.folder / name, **arguments)

    def digests(self, name, epochs=1, **more):
        """The digests of all batches of some epochs, of a loader that nothing disturbs."""
        with self.loader(name, **more) as batches:
            return [digest_of(batch) for _ in range(epochs) for batch in batches]

    def preview(self, name, count, split):
        output = self.folder / f"preview-{name}-{split}"
        flags = [word for flag, value in self.sets[name].items()
                 for word in ("--" + flag.replace("_", "-"), str(value))]
        subprocess.run([os.environ["FEEDLINE_PROGRAM"], "preview", "--train-data", self.folder / name,
                        "--output", output, "--max-steps", str(count), "--split", split, *flags],
                       check=True, capture_output=True)
        return output

    def test_batches_are_those_of_the_preview(self):
        for name in self.sets:
            for split in ("train", "val"):
                with self.subTest(name, split=split), self.loader(name, split=split) as batches:
                    output = self.preview(name, len(batches), split)
                    for number, batch in enumerate(batches):
                        facts = json.loads((output / f"batch_{number}.json").read_text())
                        self.assertEqual(ids_of(batch), [sample["id"] for sample in facts["samples"]])
                        if "torch" in KINDS:
                            self.assert_same(batch, output / f"batch_{number}.pt")
                    self.assertEqual(number + 1, len(batches))

    def assert_same(self, batch, file):
        import torch
        expected = torch.load(file)
        self.assertEqual(sorted(batch), sorted(expected))
        for name, tensor in batch.items():
            self.assertEqual((tensor.dtype, tensor.shape), (expected[name].dtype, expected[name].shape), name)
            self.assertTrue(torch.equal(tensor, expected[name]), name)

    def test_every_sample_comes_once_in_each_epoch(self):
        for name in self.sets:
            with self.subTest(name), self.loader(name) as batches:
                epochs = [sum((ids_of(batch) for batch in batches), []) for _ in range(3)]
                self.assertEqual({len(ids) for ids in epochs}, {batches.info.samples})
                self.assertTrue(all(sorted(ids) == sorted(epochs[0]) for ids in epochs))
                self.assertNotEqual(epochs[0], epochs[1])

    def test_resumed_anywhere_it_is_the_same_order(self):
        for name in self.sets:
            expected = self.digests(name, 3)
            rng = random.Random(5)
            with self.subTest(name):
                found, state = [], None
                while len(found) < len(expected):
                    with self.loader(name, buffer_size=rng.randrange(2, 9), num_workers=rng.randrange(1, 4)) as batches:
                        if state is not None:
                            batches.load_state_dict(state)
                        left = min(rng.randrange(1, 1 + len(expected) // 2), len(expected) - len(found))
                        while left:
                            for batch in batches:
                                found.append(digest_of(batch))
                                left -= 1
                                if not left:
                                    break
                        state = json.loads(json.dumps(batches.state_dict()))
                self.assertEqual(found, expected)

    def test_killed_at_random_moments_it_is_the_same_order(self):
        rng = random.Random(6)
        with self.loader("idx") as batches, self.loader("idx") as undisturbed:
            thread, done = server_killer(batches, rng, KILLS, 0.2)
            thread.start()
            with self.assertLogs("feedline", "WARNING"):
                while not done.is_set():
                    for batch, expected in zip(batches, undisturbed):
                        self.assertEqual(digest_of(batch), digest_of(expected))
            thread.join()
            self.assertGreater(batches.stats()["restarts"], KILLS // 2)

    def test_leases_in_random_order_keep_every_byte(self):
        rng = random.Random(7)
        expected = self.digests("idx", 6)
        with self.loader("idx", buffer_size=8) as batches:
            kept, number = {}, 0
            for _ in range(6):
                for batch in batches:
                    kept[number] = batch
                    del batch
                    number += 1
                    while len(kept) == 8 or (kept and rng.random() < 0.5):
                        freed = rng.choice(list(kept))
                        self.assertEqual(digest_of(kept.pop(freed)), expected[freed])

    def test_leaving_an_epoch_and_choosing_one(self):
        expected = self.digests("idx", 4)
        per_epoch = len(expected) // 4
        with self.loader("idx") as batches:
            next(iter(batches))
            self.assertEqual([digest_of(batch) for batch in batches], expected[per_epoch:2 * per_epoch])
            batches.set_epoch(3)
            self.assertEqual([digest_of(batch) for batch in batches], expected[3 * per_epoch:])

    def test_other_settings_are_other_states(self):
        with self.loader("photos") as batches:
            state = batches.state_dict()
        for name, more in (("photos", {"seed": 3}), ("photos", {"batch_size": 4}), ("idx", {}),
                           ("photos", {"split": "val"})):
            with self.subTest(name, **more), self.loader(name, **more) as batches, \
                    self.assertRaises(feedline.UsageError):
                batches.load_state_dict(state)

    def test_errors_have_the_words_of_the_program(self):
        with self.assertRaisesRegex(feedline.DataError, "no such folder"):
            feedline.Loader(self.folder / "none")
        with self.assertRaises(feedline.UsageError):
            self.loader("idx", batch_size=0)

    def test_the_whole_buffer_can_be_kept(self):
        with self.loader("idx") as batches:
            iterator = iter(batches)
            kept = [next(iterator) for _ in range(batches.info.depth)]
            with self.assertRaises(feedline.LeaseError):
                next(iterator)
            del kept[1]
            next(iterator)

    def test_the_last_epoch_ends(self):
        with self.loader("idx", epochs=2) as batches:
            self.assertEqual([len(list(map(ids_of, batches))) for _ in range(2)], [len(batches)] * 2)
            with self.assertRaises(feedline.UsageError):
                iter(batches)

    def test_a_killed_interpreter_leaves_no_server(self):
        script = ("import sys, feedline, time\n"
                  "batches = feedline.Loader(sys.argv[1], as_='memoryview')\n"
                  "print(batches.info.pid, flush=True)\n"
                  "for batch in batches: pass\n"
                  "time.sleep(60)")
        for number in (signal.SIGKILL, signal.SIGTERM):
            with subprocess.Popen([sys.executable, "-c", script, str(self.folder / "idx")], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True,
                                  env=environment(FEEDLINE_PROGRAM=os.environ["FEEDLINE_PROGRAM"])) as process:
                server = int(process.stdout.readline())
                process.send_signal(number)
                process.wait(10)
                self.assertTrue(wait_until(lambda: not is_alive(server), 1))


if __name__ == "__main__":
    unittest.main()
