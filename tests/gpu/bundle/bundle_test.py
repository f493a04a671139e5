"""The bundle runs where nothing that it should bring can be seen: in a mount namespace that hides what is installed."""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import unittest

from feedline import ProgramTest, environment

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "bundle.sh"
BUILD = os.environ.get("FEEDLINE_BUILD", "build/release")
LIBRARIES = pathlib.Path("/usr/lib/x86_64-linux-gnu")
HIDDEN_FOLDERS = [LIBRARIES / "openmpi", LIBRARIES / "pmix2", "/usr/share/openmpi", "/etc/openmpi", "/usr/share/datasets"]
HIDDEN_LIBRARIES = ["libmpi", "libopen-", "libmca_", "libpmix", "libhwloc", "libevent", "libmunge", "libboost", "libspdlog",
                    "libfmt", "libxxhash", "libsndfile", "libFLAC", "libvorbis", "libogg", "libopus", "libmpg123", "libmp3lame",
                    "libjpeg", "libspng", "libhwy", "libutf8proc"]

ways = [["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]]
NAMESPACE = next((way for way in ways if subprocess.run([*way, "true"], capture_output=True).returncode == 0), None)


def hide(empty):
    """Shell commands that hide what is installed: behind an empty folder, or a file that is no library or program."""
    folders = [str(folder) for folder in HIDDEN_FOLDERS if pathlib.Path(folder).is_dir()]
    files = [str(file) for name in HIDDEN_LIBRARIES for file in LIBRARIES.glob(name + "*.so*") if not file.is_symlink()]
    lines = [f"mount --bind {empty} {folder}" for folder in folders]
    files += [os.path.realpath(tool) for tool in map(shutil.which, ("ssh", "rsh")) if tool]
    return "\n".join(lines + [f"mount --bind /dev/null {shlex.quote(file)}" for file in files])


class Bundle(ProgramTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bundle = cls.folder / "packed"
        done = subprocess.run([SCRIPT, "--no-data", BUILD, cls.bundle], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        (cls.folder / "empty").mkdir()

    def elsewhere(self, *lines, code=0):
        """Runs them in the namespace, in another folder than the bundle's, with no GPU to be seen."""
        script = self.folder / "script.sh"
        script.write_text("\n".join(["set -e", hide(self.folder / "empty"), f"cd {self.folder / 'empty'}",
                                     "if ldd $1 2>&1 | grep -q 'not found\\|too short'; then echo hidden; fi", *lines]))
        env = environment(CUDA_VISIBLE_DEVICES="")
        for name in ("FEEDLINE_PROGRAM", "PYTHONPATH"):
            env.pop(name, None)
        done = subprocess.run([*NAMESPACE, "bash", script, self.bundle / "libexec/feedline"], capture_output=True, text=True,
                              env=env, timeout=120, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn("hidden", done.stdout)  # it is the bundle that runs, not what is installed
        return done

    def test_trains_alone_and_with_two_ranks(self):
        flags = shlex.join(map(str, self.small("--device", "cpu")))
        one, two = self.folder / "one.json", self.folder / "two.json"
        self.elsewhere(f"{self.bundle}/bin/feedline {flags} --summary {one}",
                       f"{self.bundle}/bin/mpirun --oversubscribe --bind-to none -np 2 {self.bundle}/bin/feedline {flags} "
                       f"--summary {two}")
        one, two = json.loads(one.read_text()), json.loads(two.read_text())
        self.assertEqual((one["mode"], two["mode"], two["transport"]), ("single", "multi", "shm"))
        self.assertEqual(two["loss_digest"], one["loss_digest"])

    def test_its_tests_are_skipped_without_a_gpu(self):
        out = self.folder / "out"
        self.elsewhere(f"{self.bundle}/run.sh --out {out}")
        report = (out / "report.md").read_text()
        names = [test["name"] for test in json.loads((self.bundle / "tests/tests.json").read_text())]
        self.assertIn("gpu.rate_test", names)
        self.assertIn("benchmark", names)
        for name in names:
            self.assertIn(f"| {name} | skipped |", report)

    def test_another_torch_is_refused(self):
        (self.bundle / "lib/torch").write_text("1.13.0\n")
        try:
            done = self.elsewhere(f"{self.bundle}/bin/feedline --help", code=1)
        finally:
            (self.bundle / "lib/torch").write_text("2.11.0\n")
        self.assertIn("but feedline was built for 1.13.0", done.stderr)

    def test_an_older_glibc_is_told(self):
        file = self.bundle / "lib/glibc"
        built_with = file.read_text()
        file.write_text("9.99\n")
        try:
            done = self.elsewhere(f"{self.bundle}/bin/feedline --help", code=1)
        finally:
            file.write_text(built_with)
        self.assertIn("these programs need 9.99 or newer", done.stderr)

    def test_a_folder_that_is_no_bundle_is_not_replaced(self):
        done = subprocess.run([SCRIPT, "--no-data", BUILD, self.data], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertTrue((self.data / "train-images-idx3-ubyte").exists())


if __name__ == "__main__":
    if NAMESPACE is None or not shutil.which("strip"):
        print("skipped: may not make a mount namespace")
        sys.exit(77)
    unittest.main()
