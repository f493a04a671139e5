"""A checkpoint is complete by itself: evaluate, predict, and the example of docs/checkpoints.md in Python."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import feedline
import photos
import speech_files

ROOT = pathlib.Path(__file__).resolve().parents[2]
SMALL = ["--model-size", "tiny", "--batch-size", "8", "--train-threads", "1"]


def python_with_torch():
    """A Python that can import torch, or none."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "feedline"
    for python in [os.environ.get("FEEDLINE_TORCH", ""), *sorted(cache.glob("torch-*/bin/python"))]:
        if python and subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0:
            return python
    return None


class TrainedModelTest(feedline.ProgramTest):
    def trained(self, data, *flags):
        """The folder of checkpoints of a short run."""
        folder = self.folder / f"runs-{len(list(self.folder.iterdir()))}"
        result = feedline.run(["--train-data", data, "--checkpoint-dir", folder, "--epochs", "2", *SMALL, *flags])
        self.assertEqual(result.code, 0, result.err)
        return folder

    def evaluated(self, *args):
        result = feedline.run(["evaluate", *args])
        self.assertEqual(result.code, 0, result.err)
        return json.loads(result.out)

    def check_held_out(self, runs):
        """What evaluate says of each checkpoint is, to the bit, what training said."""
        checkpoints = sorted(runs.glob("step-*-epoch-*"))
        self.assertEqual(len(checkpoints), 2)
        for checkpoint in checkpoints:
            val = json.loads((checkpoint / "state.json").read_text())["run"]["val"]
            found = self.evaluated("--resume", checkpoint)
            self.assertEqual(found["loss"], val["loss"])
            for name, value in val["metrics"].items():
                self.assertEqual(found[name], value, name)

    def predicted(self, runs, *inputs, code=0):
        result = feedline.run(["predict", *inputs, "--resume", runs])
        self.assertEqual(result.code, code, result.err)
        return [json.loads(line) for line in result.out.splitlines()]

    def pictures(self):
        """A folder of two classes, which tiny pictures tell apart by colour."""
        data = self.folder / "pictures"
        if not data.exists():
            photos.write_photos(data, classes=2, count=24)
        return data

    def test_evaluate_gives_the_figures_of_training(self):
        self.check_held_out(self.trained(self.data))
        self.check_held_out(self.trained(self.pictures(), "--image-size", "32", "--val-fraction", "0.3"))
        clips, speech = self.folder / "clips", self.folder / "speech"
        speech_files.write_classes(clips, 24)
        self.check_held_out(self.trained(clips, "--clip-seconds", "0.5", "--val-fraction", "0.3"))
        speech_files.write_speech(speech, 24)
        self.check_held_out(self.trained(speech, "--val-fraction", "0.3"))

    def test_other_labelled_data_needs_the_checkpoint_alone(self):
        data = self.folder / "moved"
        shutil.copytree(self.pictures(), data)
        runs = self.trained(data, "--image-size", "32", "--val-fraction", "0.3")
        test = self.folder / "test"
        shutil.copytree(data, test)
        first, second = sorted(folder.name for folder in test.iterdir())
        shutil.rmtree(test / first)  # labels are by name: the second class stays label 1
        (self.folder / "moved").rename(self.folder / "gone")
        found = self.evaluated(test, "--resume", runs)
        rows = self.predicted(runs, test)
        self.assertEqual(found["samples"], len(rows))
        right = sum(row["class"] == second for row in rows)
        self.assertAlmostEqual(found["accuracy"], right / len(rows))
        self.assertTrue(all(row["label"] == (row["class"] == second) for row in rows))
        (test / second).rename(test / "cow")
        refused = feedline.run(["evaluate", "--val-data", test, "--resume", runs])
        self.assertEqual(refused.code, 4)
        self.assertIn("has a class 'cow' that the model was not trained on", refused.err)
        refused = feedline.run(["evaluate", "--resume", runs])
        self.assertEqual(refused.code, 4, refused.err)

    def test_changed_training_data_is_not_taken_for_what_was_held_out(self):
        data = self.folder / "changing"
        shutil.copytree(self.pictures(), data)
        runs = self.trained(data, "--image-size", "32")
        next(data.rglob("*.jpg")).unlink()
        refused = feedline.run(["evaluate", "--resume", runs])
        self.assertEqual(refused.code, 4, refused.err)
        self.assertIn("--val-data", refused.err)

    def test_files_that_cannot_be_read_are_named_and_the_others_predicted(self):
        runs = self.trained(self.pictures(), "--image-size", "32")
        good = sorted(self.pictures().rglob("*.jpg"))[:3]
        bad = self.folder / "bad.jpg"
        bad.write_bytes(b"no picture")
        rows = self.predicted(runs, good[0], bad, self.folder / "none.jpg", *good[1:], code=4)
        self.assertEqual([row["path"] for row in rows],
                         [str(path) for path in [good[0], bad, self.folder / "none.jpg", *good[1:]]])
        self.assertIn("neither JPEG nor PNG", rows[1]["error"])
        self.assertIn("No such file", rows[2]["error"])
        alone = self.predicted(runs, *good)
        self.assertEqual([rows[0], *rows[3:]], alone)  # nothing of a bad one reaches another

    def test_flags_that_contradict_the_checkpoint_are_refused(self):
        runs = self.trained(self.pictures(), "--image-size", "32")
        for flags in ["--image-size", "64"], ["--task", "audio"], ["--n-mels", "40"], ["--synthetic-step-ms", "1"]:
            for command in ["evaluate"], ["evaluate", self.pictures()], ["predict", self.pictures()]:
                result = feedline.run([*command, "--resume", runs, *flags])
                self.assertEqual(result.code, 2, (command, flags, result.err))
                self.assertIn(flags[0], result.err)
        same = self.evaluated("--resume", runs, "--image-size", "32", "--batch-size", "100000")
        self.assertEqual(same["samples"], 2)

    def test_pictures_that_were_exchanged_are_told(self):
        data = self.folder / "exchanged"
        shutil.copytree(self.pictures(), data)
        runs = self.trained(data, "--image-size", "32")
        self.assertNotIn("not what they were", feedline.run(["evaluate", "--resume", runs]).err)
        first, second = sorted(data.iterdir())
        for one, other in zip(sorted(first.iterdir()), sorted(second.iterdir())):
            bytes_of_one = one.read_bytes()
            one.write_bytes(other.read_bytes())
            other.write_bytes(bytes_of_one)
        self.assertIn("not what they were", feedline.run(["evaluate", "--resume", runs]).err)

    def test_output_that_is_lost_is_a_failure(self):
        runs = self.trained(self.pictures(), "--image-size", "32")
        for args in ["predict", self.pictures()], ["evaluate"]:
            with open("/dev/full", "w") as full:
                done = subprocess.run(feedline.command([*args, "--resume", runs]), stdout=full, stderr=subprocess.PIPE,
                                      text=True, env=feedline.environment())
            self.assertEqual(done.returncode, 1)
            self.assertIn("cannot be written to stdout", done.stderr)

    def test_paths_that_are_no_utf8_stay_apart(self):
        runs = self.trained(self.pictures(), "--image-size", "32")
        place = self.folder / "bytes"
        (place / ".hidden").mkdir(parents=True)
        good = next(self.pictures().rglob("*.jpg")).read_bytes()
        for name in b"x\xff.jpg", b"x\xfe.jpg", b".hidden/y.jpg":
            pathlib.Path(os.fsdecode(os.fsencode(place) + b"/" + name)).write_bytes(good)
        names = [pathlib.Path(row["path"]).name for row in self.predicted(runs, place)]
        self.assertEqual(names, ["x\\xfe.jpg", "x\\xff.jpg"])

    def test_what_cannot_be_used_is_refused(self):
        runs = self.trained(self.data)
        for args, code, words in [
                (["evaluate"], 2, "--resume is missing"),
                (["predict", "--resume", runs], 2, "predict needs files"),
                (["predict", "a.png", "--resume", runs], 4, "trained on IDX files"),
                (["evaluate", "--resume", self.folder / "none"], 2, "there is no checkpoint"),
                (["evaluate", "--resume", runs, "--summary", "s.json"], 2, "is for `feedline train`"),
                (["evaluate", self.pictures(), "--resume", runs], 4, "has no IDX files")]:
            result = feedline.run(args)
            self.assertEqual(result.code, code, result.err)
            self.assertIn(words, result.err)
        timed = self.trained(self.data, "--synthetic-step-ms", "0")
        self.assertIn("holds no model", feedline.run(["evaluate", "--resume", timed]).err)

    def test_the_example_of_the_docs(self):
        python = python_with_torch()
        if python is None:
            self.skipTest("no Python here has a torch that can be imported")
        example = re.search(r"```python\n(.*?)```", (ROOT / "docs/checkpoints.md").read_text(), re.S).group(1)
        runs = self.trained(self.pictures(), "--image-size", "32")
        place = self.folder / "example"
        place.mkdir()
        (place / "checkpoint").symlink_to(sorted(runs.glob("step-*"))[-1])
        result = feedline.run(["preview", "--train-data", self.pictures(), "--image-size", "32", "--augment", "none",
                               "--batch-size", "8", "--max-steps", "1", "--output", place / "batches"])
        self.assertEqual(result.code, 0, result.err)
        shown = json.loads((place / "batches" / "batch_0.json").read_text())["samples"]
        ran = subprocess.run([python, "-c", example], cwd=place, capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        rows = self.predicted(place / "checkpoint", *[sample["path"] for sample in shown])
        lines = ran.stdout.split("\n")[:-1]
        self.assertEqual(len(lines), len(rows))
        for line, row in zip(lines, rows):
            name, probability = line.rsplit(" ", 1)
            self.assertEqual(name, row["class"])
            self.assertAlmostEqual(float(probability), row["probability"], places=4)


if __name__ == "__main__":
    unittest.main()
