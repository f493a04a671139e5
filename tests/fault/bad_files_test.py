"""Bad files among good ones: replaced, skipped or fatal as asked, told once, with the right counts."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest

import feedline
import photos


class BadFiles(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-bad-"))
        self.data = self.folder / "data"
        self.files = photos.write_photos(self.data, 2000, size=(40, 40))
        self.bad = self.files[10:2000:50]  # 40 of them
        self.env = {"XDG_CACHE_HOME": str(self.folder / "cache")}

    def tearDown(self):
        shutil.rmtree(self.folder)

    def spoil(self):
        """Each in another way."""
        good = self.files[0].read_bytes()
        ways = [b"", b"\xff", good[:100], good[:len(good) // 2], b"GIF89a" + good, b"<html>not found</html>" * 20]
        for number, file in enumerate(self.bad):
            if number == 6:
                file.unlink()
                file.symlink_to("/no/such/file.jpg")
            elif number == 7:
                file.unlink()
                os.mkfifo(file)
            elif number == 8:
                at = good.index(b"\xff\xc0")
                file.write_bytes(good[:at + 5] + b"\xea\x60\xea\x60" + good[at + 9:])  # says 60000 x 60000
            else:
                file.write_bytes(ways[number % len(ways)])

    def train(self, *flags, epochs=2):
        summary = self.folder / "summary.json"
        return feedline.run(["train", "--train-data", self.data, "--image-size", 32, "--val-fraction", 0, "--epochs",
                             epochs, "--synthetic-step-ms", 0, "--summary", summary, *flags], env=self.env), summary

    def test_forty_bad_files_of_2000_are_replaced(self):
        self.spoil()
        result, file = self.train()
        self.assertEqual(result.code, 0, result.err)
        summary = json.loads(file.read_text())
        listed = 38  # a dangling link and a pipe are no files: they are not in the list of samples
        self.assertEqual(summary["bad_samples"], {"replaced": 2 * listed, "skipped": 0})
        self.assertEqual(summary["samples"], 2 * 1998)
        lines = [json.loads(line) for line in (self.folder / "bad_samples.jsonl").read_text().splitlines()]
        self.assertEqual(len(lines), listed, "each once, not once an epoch")
        self.assertEqual(result.err.count("Bad sample"), listed)
        told = {line["path"] for line in lines}
        self.assertEqual(told, {str(path) for path in self.bad if path.is_file()})
        self.assertTrue(any("60000 x 60000" in line["reason"] for line in lines))

    def test_the_same_replacements_in_every_run(self):
        self.spoil()
        digests = set()
        for flags in (["--num-workers", 1, "--cache", "none"], ["--num-workers", 4, "--cache", "decoded"],
                      ["--cache", "encoded", "--buffer-size", 3]):
            _, file = self.train(*flags)
            digests.add(json.loads(file.read_text())["sample_digest"])
        self.assertEqual(len(digests), 1)

    def test_skip_makes_batches_smaller(self):
        self.spoil()
        result, file = self.train("--bad-samples", "skip", epochs=1)
        self.assertEqual(result.code, 0, result.err)
        summary = json.loads(file.read_text())
        self.assertEqual(summary["bad_samples"], {"replaced": 0, "skipped": 38})
        self.assertEqual(summary["samples"], 1960)

    def test_abort_names_the_file(self):
        self.bad[0].write_bytes(b"")
        result, _ = self.train("--bad-samples", "abort")
        self.assertEqual(result.code, 4)
        self.assertIn(str(self.bad[0]), result.err)

    def test_too_many_bad_files_end_the_run(self):
        for file in self.files[::15]:
            file.write_bytes(b"")
        result, file = self.train()
        self.assertEqual(result.code, 4)
        self.assertIn("5 %", result.err)
        self.assertIn("feedline check", result.err)
        self.assertIn("5 %", json.loads(file.read_text())["exit"])

    def test_a_row_of_bad_files_ends_the_run(self):
        for file in self.files:
            file.write_bytes(b"")
        self.assertEqual(self.train()[0].code, 4)

    def test_files_deleted_while_training_are_replaced(self):
        result, file = self.train("--max-steps", 1)  # the index remembers them
        for path in self.bad:
            path.unlink()
        os.utime(self.data, (1, 1))
        result, file = self.train()
        self.assertEqual(result.code, 0, result.err)

    def test_check_lists_them(self):
        self.spoil()
        result = feedline.run(["check", self.data], env=self.env)
        self.assertEqual(result.code, 4)
        self.assertEqual(result.out.count(str(self.data)), 38)
        self.assertIn("38 of 1998 samples", result.err)


if __name__ == "__main__":
    unittest.main()
