"""A program outside the tree finds the installed libraries and reads a data set with them."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from feedline import write_split

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = os.environ["FEEDLINE_BUILD"]


def run(*words):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, timeout=300).stdout


class Package(unittest.TestCase):
    def test_the_example_is_built_with_find_package_and_counts_every_sample(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            try:
                run("cmake", "--install", BUILD, "--prefix", folder / "prefix", "--component", "development")
                run("cmake", "-S", ROOT / "examples" / "cpp", "-B", folder / "build", "-G", "Ninja",
                    f"-DCMAKE_PREFIX_PATH={folder / 'prefix'}")
                run("cmake", "--build", folder / "build")
            except subprocess.CalledProcessError as error:
                self.fail(error.stdout + error.stderr)
            data = folder / "data"
            data.mkdir()
            write_split(data, "train", 70)
            write_split(data, "t10k", 20)
            out = run(folder / "build" / "count_samples", data, 2)
        self.assertIn("epoch 0 is over", out)
        self.assertIn(f"{2 * 70} samples, sum of ids {2 * sum(range(70))}", out)


if __name__ == "__main__":
    unittest.main()
