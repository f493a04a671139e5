"""Metadata as other tools write it, run for real: which texts are trained on, and what is said of it."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest

import feedline
import speech_files

WORDS = "the quick brown fox jumps over a lazy dog while seven wizards mix black quartz".split()
PERSIAN = ["سلام دوست من", "اين يک کتاب است", "هوا خوب است", "من به خانه رفتم"]


class Metadata(unittest.TestCase):
    COUNT = 12

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-metadata-"))
        cls.env = {"XDG_CACHE_HOME": str(cls.folder / "cache")}
        cls.data = cls.folder / "data"
        speech_files.write_speech(cls.data, cls.COUNT, longest=20)
        for path in sorted((cls.data / "wavs").iterdir()):
            speech_files.write_wav(path, [0.3, -0.2] * 8000)
        cls.names = [f"rec{i:04}" for i in range(cls.COUNT)]
        cls.texts = [" ".join(WORDS[(i + k) % len(WORDS)] for k in range(4)) for i in range(cls.COUNT)]

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def write(self, line, first="", end="\n", encoding="utf-8"):
        """A line of each recording's number, name and text."""
        lines = [line(i, name, text) for i, (name, text) in enumerate(zip(self.names, self.texts))]
        (self.data / "metadata.csv").write_bytes(end.join([*([first] if first else []), *lines, ""]).encode(encoding))

    def feedline(self, command, *flags, code=0, ranks=1):
        data = [self.data] if command == "check" else ["--train-data", self.data]
        result = feedline.run([command, *data, *flags], ranks=ranks, env=self.env)
        self.assertEqual(result.code, code, result.err + result.out)
        return result.err

    def read_texts(self, *flags):
        """By name, as preview's batch has them."""
        output = self.folder / "preview"
        shutil.rmtree(output, ignore_errors=True)
        told = self.feedline("preview", "--output", output, "--val-fraction", 0, "--batch-size", self.COUNT, "--max-steps", 1,
                             "--max-shapes", 1, *flags)
        samples = json.loads((output / "batch_0.json").read_text())["samples"]
        return {pathlib.Path(sample["path"]).stem: sample["text"] for sample in samples}, told

    def assert_reads(self, expected, *flags):
        texts, told = self.read_texts(*flags)
        self.assertTrue(texts)
        for name, text in texts.items():
            self.assertEqual(text, expected[self.names.index(name)], told)
        self.assertIn("Texts of ", told)
        self.assertIn(f'"{expected[0]}"', told)
        return told

    def test_the_text_is_found_among_other_columns(self):
        for last in ("0", "allison", "1.27"):
            self.write(lambda i, name, text: f"{name}.wav|{text}|{last}")
            self.assert_reads(self.texts)
        self.write(lambda i, name, text: f"{name}|{i % 3}|en|{text}")
        self.assert_reads(self.texts)
        self.write(lambda i, name, text: f"{name}|RAW 12|twelve {text}|")
        self.assert_reads([f"twelve {text}" for text in self.texts])
        self.write(lambda i, name, text: f"wavs/{name}.wav|{text}|coqui", first="audio_path|transcript|speaker")
        self.assert_reads(self.texts)
        self.assert_reads(self.texts, "--columns", "id,text,speaker")
        self.write(lambda i, name, text: f'wavs/{name}.wav,"{text}, ""yes"""', first="file_name,transcription")
        self.assert_reads([f'{text}, "yes"' for text in self.texts])
        self.write(lambda i, name, text: f"{name}|{text}", end="\r")
        self.assert_reads(self.texts)

    def test_what_cannot_be_told_is_refused_with_the_flag_that_tells(self):
        self.write(lambda i, name, text: f"{name}|{i}")
        self.assertIn("--columns id,text", self.feedline("train", code=4))
        self.write(lambda i, name, text: f"{name}|{text}|ein ganz anderer Satz mit der Nummer {i}")
        told = self.feedline("check", code=4)
        self.assertIn("--columns id,text for", told)
        self.assertIn("--columns id,-,text for", told)

    def test_texts_are_shown_by_every_command(self):
        self.write(lambda i, name, text: f"{name}|{text}")
        shown = "Texts of " + str(self.data / "metadata.csv") + " (column 2): " + ", ".join(
            f'{name} "{text}"' for name, text in list(zip(self.names, self.texts))[:3])
        flags = ("--synthetic-step-ms", 0, "--batch-size", 4, "--max-steps", 1)
        self.assertIn(shown, self.feedline("check"))
        self.assertEqual(self.feedline("train", *flags, ranks=2).count(shown), 1)
        self.assertIn(shown, self.feedline("train", *flags))

    def test_metadata_that_is_no_file_ends_with_its_path(self):
        metadata = self.data / "metadata.csv"
        metadata.unlink(missing_ok=True)
        os.mkfifo(metadata)
        try:
            self.assertIn(f"{metadata} cannot be read: it is no file", self.feedline("check", code=4))
        finally:
            metadata.unlink()

    def test_encodings_are_offered_and_read(self):
        texts = [f"{PERSIAN[i % 4]} {i}" for i in range(self.COUNT)]
        self.write(lambda i, name, text: f"{name}|{texts[i]}", encoding="cp1256")
        told = self.feedline("check", code=4)
        self.assertIn('"سلام" in windows-1256', told)
        self.assertIn("--text-encoding windows-1256", told)
        persian = [text.replace("ي", "ی") for text in texts]
        self.assert_reads(persian, "--text-encoding", "windows-1256", "--lang", "fa")
        self.assertIn("fa", self.feedline("check", "--lang", "de", code=2))
        self.assertIn("windows-1258", self.feedline("check", "--text-encoding", "klingon", code=2))

    def test_recordings_named_by_other_paths(self):
        self.write(lambda i, name, text: f"{self.data}/wavs/{name}.wav|{text}")
        self.assertNotIn("another place", self.assert_reads(self.texts))
        for prefix in ("/home/other/set/wavs/", "C:\\data\\", "DUMMY1/"):
            self.write(lambda i, name, text: f"{prefix}{name}.wav|{text}")
            self.assertIn("12 recordings are named by paths of another place", self.assert_reads(self.texts))

    def test_one_recording_counts_once(self):
        self.write(lambda i, name, text: f"{name}|{text}" + (f"\nwavs/{name}.wav|another text" if i < 5 else ""))
        told = self.assert_reads(self.texts)
        self.assertIn("left out 5 lines with the recording of another line (line 2: wavs/rec0000.wav", told)
        self.assertIn("Their texts differ", told)
        self.assertIn(f"{self.COUNT} recordings", told)


if __name__ == "__main__":
    unittest.main()
