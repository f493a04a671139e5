"""Folders of pictures, run for real: the same bits however they are prepared, and what the other commands do."""

import json
import pathlib
import shutil
import tempfile
import unittest

import feedline
import photos


class Images(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-images-"))
        cls.data = cls.folder / "data"
        cls.files = photos.write_photos(cls.data, 200)
        cls.env = {"XDG_CACHE_HOME": str(cls.folder / "cache")}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_feedline(self, *flags, command="train", ranks=1, code=0):
        result = feedline.run([command, "--train-data", self.data, *flags], ranks=ranks, env=self.env)
        self.assertEqual(result.code, code, result.err + result.out)
        return result

    def train(self, *flags, ranks=1):
        return self.run_feedline("--image-size", 32, "--batch-size", 16, "--model-size", "tiny", "--epochs", 2,
                                 "--train-threads", 1, "--model-start-delay", 0, *flags, ranks=ranks).summary

    def test_the_same_bits_however_they_are_prepared(self):
        first = self.train("--num-workers", 1, "--cache", "none")
        self.assertNotEqual(first["loss_digest"], "0" * 16)
        for flags, ranks in ((["--num-workers", 4, "--cache", "decoded"], 1), (["--cache", "encoded"], 1),
                             (["--buffer-size", 2, "--cache", "decoded", "--cache-bytes", "200K"], 1), ([], 2),
                             (["--transport", "mpi", "--num-workers", 3], 2)):
            other = self.train(*flags, ranks=ranks)
            for digest in ("sample_digest", "loss_digest"):
                self.assertEqual(other[digest], first[digest], f"{flags} on {ranks} ranks")

    def test_ready_order_shows_the_same_samples(self):
        flags = ["--synthetic-step-ms", 0, "--image-size", 32, "--epochs", 3, "--batch-size", 16]
        strict = self.run_feedline(*flags).summary
        ready = self.run_feedline(*flags, "--order", "ready", "--num-workers", 4).summary
        self.assertEqual(ready["sample_digest"], strict["sample_digest"])

    def test_a_class_that_is_a_brightness_is_learnt(self):
        summary = self.run_feedline(
            "--image-size", 32, "--batch-size", 16, "--model-size", "tiny", "--epochs", 6, "--lr", 0.003,
            "--train-threads", 1).summary
        self.assertGreater(summary["val"]["accuracy"], 0.9)

    def test_the_cache_is_told(self):
        # A short buffer is soon full, and then there is time to fill the cache.
        summary = self.train("--cache", "decoded", "--buffer-size", 2)
        self.assertGreater(summary["input"]["cache_hits"], 50)
        self.assertGreater(summary["input"]["cache_bytes"], 50 * 120 * 90)
        self.assertEqual(self.train("--cache", "none")["input"]["cache_bytes"], 0)

    def test_preview_writes_what_the_model_sees(self):
        output = self.folder / "preview"
        self.run_feedline("--output", output, "--batch-size", 16, "--image-size", 40, "--max-steps", 2,
                          command="preview")
        names = sorted(file.name for file in output.iterdir())
        self.assertEqual(names, [f"batch_{k}.{kind}" for k in (0, 1) for kind in ("json", "png", "pt")])
        samples = json.loads((output / "batch_1.json").read_text())["samples"]
        self.assertEqual(len(samples), 16)
        for sample in samples:
            path = pathlib.Path(sample["path"])
            self.assertEqual(self.files[sample["id"]], path)
            self.assertEqual(path.parent.name, f"class{sample['label']}")
        self.assertEqual((output / "batch_0.png").read_bytes()[:4], b"\x89PNG")
        self.assertEqual((output / "batch_0.pt").read_bytes()[:2], b"PK", "torch.save's container")

    def test_preview_of_validation(self):
        output = self.folder / "val"
        self.run_feedline("--output", output, "--split", "val", "--batch-size", 8, command="preview")
        self.assertEqual(len(list(output.glob("*.pt"))), 3, "20 held out, 8 a batch")

    def test_check_passes_good_data(self):
        result = self.run_feedline(command="check")
        self.assertIn("All 200 samples are good.", result.out)

    def test_probe_predicts_and_recommends(self):
        report = self.folder / "probe.json"
        result = self.run_feedline("--synthetic-step-ms", 5, "--image-size", 32, "--summary", report, command="probe")
        figures = json.loads(report.read_text())
        for mode in ("plain", "buffered", "buffered_cached", "two_ranks", "data_parallel_2"):
            self.assertGreater(figures["predictions"][mode]["samples_per_s"], 0)
        self.assertLessEqual(figures["predictions"]["plain"]["samples_per_s"],
                             figures["predictions"]["two_ranks"]["samples_per_s"])
        self.assertTrue(figures["recommended"].split(" --")[0].endswith("feedline train"))
        self.assertIn(figures["recommended"], result.out)

    def test_flags_of_other_commands_are_refused(self):
        result = feedline.run(["train", "--train-data", self.data, "--output", "x"])
        self.assertEqual(result.code, 2)
        self.assertIn("feedline preview", result.err)
        self.assertEqual(feedline.run(["preview", "--train-data", self.data]).code, 2)
        self.assertEqual(feedline.run(["check", self.data], ranks=2).code, 2)


if __name__ == "__main__":
    unittest.main()
