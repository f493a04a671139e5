"""Pictures of all kinds in one folder, some of them damaged: the same bits in every run, and what `check` says of them."""

import pathlib
import shutil
import tempfile
import unittest

import feedline
import photos

CORPUS = pathlib.Path(__file__).resolve().parents[1] / "fuzz" / "corpus"
LARGE = {"huge.jpg", "arithmetic_flat.jpg"}  # they only take time


class MixedPictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-mixed-"))
        cls.env = {"XDG_CACHE_HOME": str(cls.folder / "cache")}
        cls.data = cls.folder / "data"
        cls.photos = photos.write_photos(cls.data, 60)  # with Huffman tables of their own
        for file in CORPUS.iterdir():
            if file.name not in LARGE:
                for number, photo in enumerate(cls.photos[:2]):
                    shutil.copy(file, photo.parent / f"{number}{file.name}")
        plain = cls.photos[0].read_bytes()
        quantisation = plain.index(b"\xff\xdb")
        for photo in cls.photos[:4]:
            (photo.parent / f"{photo.stem}_part.jpg").write_bytes(plain[:quantisation] + plain[quantisation + 69:])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def train(self, *flags):
        result = feedline.run(
            ["train", "--train-data", self.data, "--image-size", 32, "--batch-size", 16, "--model-size", "tiny",
             "--epochs", 2, "--train-threads", 1, "--max-bad", 50, *flags], env=self.env)
        self.assertEqual(result.code, 0, result.err + result.out)
        return result.summary

    def test_the_same_bits_in_every_run(self):
        first = self.train("--num-workers", 1, "--cache", "none")
        self.assertNotEqual(first["loss_digest"], "0" * 16)
        self.assertGreater(first["bad_samples"]["replaced"], 0)
        for flags in (["--num-workers", 2], ["--num-workers", 3, "--cache", "decoded"], ["--cache", "encoded"],
                      ["--num-workers", 2, "--isolate-decoders"]):
            other = self.train(*flags)
            for key in ("sample_digest", "loss_digest", "bad_samples"):
                self.assertEqual(other[key], first[key], flags)

    def test_check_lists_the_bad_and_the_damaged(self):
        result = feedline.run(["check", self.data], env=self.env)
        self.assertEqual(result.code, 4, result.err)
        lines = result.out.splitlines()
        for name, words in (("first_scan.jpg", "damaged, but used: its last scans are missing"),
                            ("cut_marked.jpg", "damaged, but used: Corrupt JPEG data: premature end of data segment"),
                            ("gap.png", "damaged, but used: its pixels are interrupted"),
                            ("_part.jpg", "it has no quantisation table 0"), ("cut.jpg", "it ends early")):
            found = [line for line in lines if name in line]
            self.assertGreater(len(found), 1, name)
            for line in found:
                self.assertIn(words, line)
        for name in ("without_huffman.jpg", "empty_exif.png", "xmp.jpg", "packed_profile.png"):
            self.assertNotIn(name, result.out, "nothing is wrong with it")

    def test_damaged_ones_alone_are_no_failure(self):
        data = self.folder / "damaged"
        for name in ("first_scan.jpg", "without_huffman.jpg"):
            for label in "ab":
                (data / label).mkdir(parents=True, exist_ok=True)
                shutil.copy(CORPUS / name, data / label)
        result = feedline.run(["check", data], env=self.env)
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("All 4 samples can be used; 2 of them are damaged", result.out)


if __name__ == "__main__":
    unittest.main()
