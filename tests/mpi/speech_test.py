"""Recordings with their texts, run for real: the same bits however they are prepared, exact resume, bad files."""

import json
import pathlib
import random
import re
import shutil
import tempfile
import unittest

import feedline
import speech_files

DIGESTS = ("sample_digest", "loss_digest")


class Recordings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-speech-"))
        cls.env = {"XDG_CACHE_HOME": str(cls.folder / "cache")}
        cls.make_data()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def feedline(self, *flags, data=None, command="train", ranks=1, code=0, env=None):
        result = feedline.run([command, "--train-data", data or self.data, *flags], ranks=ranks,
                              env={**self.env, **(env or {})})
        self.assertEqual(result.code, code, result.err + result.out)
        return result

    def train(self, *flags, **how):
        return self.feedline("--model-size", "tiny", "--train-threads", 1, "--model-start-delay", 0, *flags, **how)

    def assert_same_bits(self, summary, other, what):
        for digest in DIGESTS:
            self.assertEqual(summary[digest], other[digest], what)


class Speech(Recordings):
    SMALL = ("--batch-size", 8, "--epochs", 2, "--max-shapes", 4)

    @classmethod
    def make_data(cls):
        cls.data = cls.folder / "data"
        cls.texts = speech_files.write_speech(cls.data, 72)

    def copy_of_data(self, name):
        copy = self.folder / name
        shutil.copytree(self.data, copy)
        return copy

    def test_the_same_bits_however_they_are_prepared(self):
        first = self.train(*self.SMALL, "--num-workers", 1, "--cache", "none").summary
        self.assertNotEqual(first["loss_digest"], "0" * 16)
        for flags, ranks in ((["--num-workers", 4, "--cache", "decoded"], 1), (["--cache", "encoded"], 1),
                             (["--buffer-size", 2, "--cache-bytes", "40K"], 1), (["--isolate-decoders"], 1), ([], 2),
                             (["--transport", "mpi", "--num-workers", 3], 2)):
            self.assert_same_bits(self.train(*self.SMALL, *flags, ranks=ranks).summary, first,
                                  f"{flags} on {ranks} ranks")

    def test_a_stopped_run_goes_on_in_the_same_shapes(self):
        whole = self.train(*self.SMALL).summary
        for ranks in (1, 2):
            checkpoints = self.folder / f"checkpoints{ranks}"
            flags = (*self.SMALL, "--checkpoint-dir", checkpoints, "--resume", "auto")
            self.train(*flags, ranks=ranks, code=75, env={"FEEDLINE_FAULT": f"term:rank{ranks - 1}@batch=5"})
            rest = self.train(*flags, ranks=ranks)
            self.assert_same_bits(rest.summary, whole, f"{ranks} ranks")
            newest = sorted(checkpoints.glob("step-*"))[-1]
            self.assertIn("\na\n", (newest / "vocabulary.txt").read_text())
            self.assertEqual((newest / "sample.png").read_bytes()[:4], b"\x89PNG")
            self.assertIn("--mel-preset", self.train(*flags, "--mel-preset", "whisper-16k-80", code=2).err)

    def test_preview_shows_what_a_checkpoint_makes_of_a_batch(self):
        checkpoints, output = self.folder / "for-preview", self.folder / "preview-of-model"
        self.train(*self.SMALL, "--max-steps", 2, "--checkpoint-dir", checkpoints)
        self.feedline("--output", output, "--batch-size", 8, "--max-steps", 1, "--model-size", "tiny",
                      "--resume", sorted(checkpoints.glob("step-*"))[-1], *self.SMALL[4:], command="preview")
        for name in ("batch_0.png", "batch_0_model.png"):
            self.assertEqual((output / name).read_bytes()[:4], b"\x89PNG")

    def test_shapes_are_told_with_their_padding(self):
        many = self.feedline(*self.SMALL, "--synthetic-step-ms", 0).err
        found = re.search(r"Shapes: (\d) \(.*\); ([0-9.]+) % of the frames are padding", many)
        self.assertTrue(found and int(found[1]) <= 4, many)
        one = self.feedline(*self.SMALL, "--synthetic-step-ms", 0, "--enable-static-shapes").err
        static = re.search(r"One static shape .* ([0-9.]+) % of the frames are padding. Without "
                           r"--enable-static-shapes (\d) static shapes .* ([0-9.]+) %", one)
        self.assertTrue(static, one)
        self.assertGreater(float(static[1]), float(found[2]))
        self.assertEqual(static[3], found[2])

    def test_what_is_too_long_is_left_out_and_told(self):
        result = self.feedline(*self.SMALL, "--synthetic-step-ms", 0, "--enable-static-shapes", "--max-text-length", 8,
                               "--max-mel-frames", 60, "--val-fraction", 0)
        short = sum(len(text) <= 8 for text in self.texts.values())
        self.assertEqual(result.summary["samples"], 2 * short)
        self.assertIn("longer than --max-text-length", result.err)
        self.assertIn("x 60 frames x 8 characters", result.err)

    def test_bad_recordings_are_replaced_and_named(self):
        data = self.copy_of_data("bad")
        (data / "wavs/rec0003.wav").write_bytes(b"")
        (data / "wavs/rec0010.wav").write_bytes(b"this is no recording")
        speech_files.write_wav(data / "wavs/rec0020.wav", [0.0] * 8000)
        flags = (*self.SMALL, "--synthetic-step-ms", 0, "--val-fraction", 0)
        results = [self.feedline(*flags, "--num-workers", workers, data=data) for workers in (1, 4)]
        self.assert_same_bits(results[0].summary, results[1].summary, "workers")
        for name in ("rec0003.wav: it is empty", "rec0010.wav: it is no recording", "rec0020.wav: it is silent"):
            self.assertIn(name, results[0].err)
        self.assertEqual(results[0].summary["samples"], 2 * 72)
        check = self.feedline("--val-fraction", 0, data=data, command="check", code=4)
        self.assertIn("rec0010.wav", check.out + check.err)
        kept = self.feedline(*flags, "--keep-silent", data=data)
        self.assertNotIn("rec0020", kept.err)

    def test_what_is_odd_but_usable_is_told_with_counts(self):
        data = self.copy_of_data("odd")
        wavs = data / "wavs"
        beep = speech_files.tone("a", 1, random.Random(1))
        for i in range(3):
            both = [sample for one in beep for sample in (one, -0.5 * one)]
            speech_files.write_wav(wavs / f"rec000{i}.wav", both, channels=2)
        speech_files.write_wav(wavs / "rec0003.wav", beep * 2, rate=16000)
        for i in (4, 5):
            speech_files.write_wav(wavs / f"rec000{i}.wav", [min(1.6383, 4 * abs(sample)) for sample in beep])
        speech_files.write_float_wav(wavs / "rec0006.wav", [*beep[1:], 1.5])
        cut = (wavs / "rec0007.wav").read_bytes()
        (wavs / "rec0007.wav").write_bytes(cut[:-400])
        flags = (*self.SMALL, "--synthetic-step-ms", 0, "--val-fraction", 0)
        for how in ([], ["--cache", "none", "--num-workers", 4]):
            told = self.feedline(*flags, *how, data=data)
            for words in ("72 recordings", "71 at 8000 Hz, 1 at 16000 Hz", "3 recordings have more than one channel",
                          "is clipped: ", "rec0006.wav has samples up to 1.5", "rec0007.wav ends before its header says",
                          "used as they are: 2 clipped, 1 beyond full scale, 1 shorter than"):
                self.assertIn(words, told.err)
            self.assertEqual(told.summary["bad_samples"]["replaced"], 0)
        check = self.feedline("--val-fraction", 0, data=data, command="check")
        self.assertIn("used as they are: 2 clipped", check.err)
        one = self.feedline(*flags, "--channel", 0, data=data)
        self.assertNotIn("more than one channel", one.err)

    def test_how_many_may_be_bad(self):
        data = self.copy_of_data("many-bad")
        for i in range(10, 18):
            (data / f"wavs/rec00{i}.wav").write_bytes(b"")
        flags = (*self.SMALL, "--synthetic-step-ms", 0, "--val-fraction", 0, "--num-workers", 1)
        ended = self.feedline(*flags, data=data, code=4)
        self.assertIn("More than 5 % of the samples cannot be used (4 of 72", ended.err)
        self.assertEqual(ended.err.count("wav: it is empty\n"), 4, ended.err)
        self.feedline(*flags, "--max-bad", 20, data=data)

    def test_single_fields_of_the_spectrogram(self):
        def tensors(name, *fields):
            output = self.folder / f"fields-{name}"
            self.feedline("--output", output, "--batch-size", 8, "--max-steps", 1, *fields, command="preview")
            return (output / "batch_0.pt").read_bytes()

        self.assertNotEqual(tensors("plain"), tensors("hamming", "--mel-fields", "window=hamming,power=true"))
        self.assertIn("window=hann", self.feedline("--mel-fields", "windov=hann", code=2).err)

    def test_missing_recordings(self):
        data = self.copy_of_data("missing")
        (data / "wavs/rec0005.wav").unlink()
        some = self.feedline(*self.SMALL, "--synthetic-step-ms", 0, data=data)
        self.assertIn("1 of 72 recordings", some.err)
        for i in range(10, 20):
            (data / f"wavs/rec00{i}.wav").unlink()
        many = self.feedline(*self.SMALL, "--synthetic-step-ms", 0, data=data, code=4)
        self.assertIn("rec0005.wav", many.err)
        self.assertIn("wavs/", many.err)

    def test_broken_metadata_is_refused(self):
        for content, words in ((b"\xff\xfer\x00e\x00", "UTF-16"), (b"rec0000|caf\xe9|caf\xe9\n", "line 1"),
                               (b"../up|a|a\n", "line 1"), (b"", "metadata.csv")):
            data = self.copy_of_data("broken")
            (data / "metadata.csv").write_bytes(content)
            self.assertIn(words, self.feedline(data=data, code=4).err)
            shutil.rmtree(data)

    def test_a_task_that_does_not_fit_is_refused(self):
        self.assertIn("--task speech", self.feedline("--task", "image", code=2).err)
        self.assertIn("voice", self.feedline("--augment", "strong", code=2).err)

    def test_order_ready_is_strict(self):
        flags = (*self.SMALL, "--synthetic-step-ms", 0)
        ready = self.feedline(*flags, "--order", "ready", "--num-workers", 4)
        self.assertIn("strict order", ready.err)
        self.assertEqual(ready.summary["sample_digest"], self.feedline(*flags).summary["sample_digest"])

    def test_preview_shows_spectrogram_and_text(self):
        output = self.folder / "preview"
        self.feedline("--output", output, "--batch-size", 8, "--max-steps", 2, command="preview")
        samples = json.loads((output / "batch_0.json").read_text())["samples"]
        for sample in samples:
            self.assertEqual(sample["text"], self.texts[pathlib.Path(sample["path"]).stem])
        self.assertEqual((output / "batch_0.png").read_bytes()[:4], b"\x89PNG")


class Audio(Recordings):
    SMALL = ("--batch-size", 16, "--clip-seconds", 1)

    @classmethod
    def make_data(cls):
        cls.data = cls.folder / "data"
        speech_files.write_classes(cls.data, 96)

    def test_tones_are_told_apart(self):
        summary = self.train(*self.SMALL, "--epochs", 6, "--lr", 0.003).summary
        self.assertGreater(summary["val"]["accuracy"], 0.9)

    def test_the_same_bits_however_they_are_prepared(self):
        flags = (*self.SMALL, "--epochs", 2, "--augment", "strong")
        first = self.train(*flags, "--num-workers", 1, "--cache", "none").summary
        for more, ranks in ((["--num-workers", 4], 1), (["--cache", "decoded", "--buffer-size", 2], 1), ([], 2)):
            self.assert_same_bits(self.train(*flags, *more, ranks=ranks).summary, first, f"{more} on {ranks} ranks")

    def test_classes_of_validation_must_be_known(self):
        speech_files.write_classes(self.folder / "val", 6)
        (self.folder / "val/a").rename(self.folder / "val/x")
        result = self.feedline("--val-data", self.folder / "val", code=4)
        self.assertIn("class 'x'", result.err)


if __name__ == "__main__":
    unittest.main()
