#!/usr/bin/env python3
"""The examples run on the real server, and the one with checkpoints survives a kill. Needs FEEDLINE_PROGRAM."""

import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import HERE, REAL_PROGRAM, environment, wait_until

sys.path.append(str(HERE.parent / "support"))
from photos import write_photos  # noqa: E402

EXAMPLES = HERE.parent.parent / "examples" / "python"


def needs(module):
    return unittest.skipUnless(importlib.util.find_spec(module), f"needs {module}")


@unittest.skipUnless(REAL_PROGRAM, "needs FEEDLINE_PROGRAM")
class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="feedline-test-"))
        write_photos(cls.folder / "photos", 160, 3, 1, (64, 48))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def start(self, example, *words):
        return subprocess.Popen(
            [sys.executable, EXAMPLES / example, self.folder / "photos", "--image-size", "32", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment(FEEDLINE_PROGRAM=os.path.abspath(REAL_PROGRAM), OMP_NUM_THREADS="1"))

    def run_example(self, *words):
        """Returns the lines that the example prints."""
        with self.start(*words) as process:
            out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, err)
        return out.splitlines()

    @needs("numpy")
    def test_numpy_loop(self):
        lines = self.run_example("numpy_loop.py", "--epochs", "2")
        self.assertEqual([line.split(":")[0] for line in lines[:2]], ["epoch 0", "epoch 1"])

    @needs("torch")
    def test_image_folder_killed_and_started_again_ends_as_if_undisturbed(self):
        words = ["image_folder.py", "--batch-size", "8", "--epochs", "3"]
        undisturbed = self.run_example(*words)
        self.assertEqual(len(undisturbed), 4)
        file = self.folder / "checkpoint"
        words += ["--checkpoint", str(file), "--checkpoint-seconds", "0"]
        with self.start(*words) as process:
            self.assertTrue(wait_until(file.exists, 60))
            process.kill()
            process.communicate()
        self.assertEqual(self.run_example(*words)[1:3], undisturbed[1:3])


if __name__ == "__main__":
    unittest.main()
