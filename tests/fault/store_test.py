"""Checkpoints whose writer is killed, whose disk is full, or whose files are damaged."""

import os
import pathlib
import random
import shutil
import subprocess
import tempfile
import time
import unittest

from feedline import PROGRAM, ProgramTest, run

BIN = pathlib.Path(PROGRAM).parent
# Kills in the middle of saves; all of them: FEEDLINE_STORE_KILLS=1000.
KILLS = int(os.environ.get("FEEDLINE_STORE_KILLS", "60"))


def sound(folder):
    done = subprocess.run([BIN / "store_verify", *sorted(folder.glob("step-*"))], capture_output=True, text=True)
    return done.returncode == 0, done.stderr


class KilledWriter(unittest.TestCase):
    def test_every_checkpoint_is_whole_and_there_is_always_one(self):
        random.seed(11)
        with tempfile.TemporaryDirectory() as root:
            folder = pathlib.Path(root) / "checkpoints"
            newest = ""
            for kill in range(KILLS):
                process = subprocess.Popen([BIN / "store_loop", folder, str(random.choice([100, 20000, 3000000]))],
                                           stdout=subprocess.PIPE, text=True)
                first = process.stdout.readline().strip()  # on the disk, as it says
                time.sleep(random.uniform(0, 0.03))
                process.kill()
                said = [first, *process.stdout.read().split()]
                process.wait()
                process.stdout.close()
                whole, why = sound(folder)
                self.assertTrue(whole, f"kill {kill}: {why}")
                names = sorted(path.name for path in folder.glob("step-*"))
                self.assertTrue(names, f"kill {kill}: there is none")
                self.assertGreaterEqual(names[-1], max(said), "what was said to be on the disk is not there")
                self.assertGreater(names[-1], newest)
                newest = names[-1]
                for name in names:
                    data = (folder / name / "model.pt").read_bytes()
                    self.assertTrue(data.startswith(name.encode()), "the files of another checkpoint")
                if (folder / "best").is_symlink() and (folder / "best").exists():
                    self.assertTrue((folder / "best" / "manifest.json").exists())
            print(f"{KILLS} kills, {newest} is the last")
            # The next writer clears away what the killed one left.
            process = subprocess.Popen([BIN / "store_loop", folder, "100"], stdout=subprocess.PIPE, text=True)
            process.stdout.readline()
            process.kill()
            process.communicate()
            self.assertLessEqual(len(list(folder.glob(".feedline-tmp-*"))), 1)


class Damage(ProgramTest):
    """A run's own checkpoints, damaged in every way: refused by name, the one before is taken."""

    def setUp(self):
        self.checkpoints = self.folder / "checkpoints"
        shutil.rmtree(self.checkpoints, ignore_errors=True)
        self.args = self.small("--checkpoint-dir", self.checkpoints, epochs=2)
        self.succeed(self.args)
        self.newest = sorted(self.checkpoints.glob("step-*"))[-1]

    def resume(self):
        return run([*self.args, "--resume", "auto"])

    def test_each_region_each_truncation_an_empty_and_a_missing_file(self):
        for name in ("model.pt", "optimizer.pt", "state.json", "manifest.json"):
            file = self.newest / name
            good = file.read_bytes()
            size = len(good)
            damaged = {f"cut to {length}": good[:length] for length in (0, 1, size // 2, size - 1)}
            for at in (0, 7, size // 3, size // 2, size - 8, size - 1):
                damaged[f"bit in byte {at}"] = good[:at] + bytes([good[at] ^ 0x10]) + good[at + 1:]
            damaged["longer"] = good + b"\0"
            for what, content in damaged.items():
                with self.subTest(file=name, damage=what):
                    file.write_bytes(content)
                    done = subprocess.run([BIN / "store_verify", self.newest], capture_output=True, text=True)
                    self.assertEqual(done.returncode, 1)
                    self.assertIn(str(file), done.stderr)
            file.unlink()
            self.assertFalse(sound(self.checkpoints)[0])
            result = self.resume()  # with the file missing
            self.assertEqual(result.code, 0, result.err)
            self.assertIn(f"Passed over the checkpoint {self.newest.name}: {file}", result.err)
            self.assertIn("Going on from", result.err)
            self.assertTrue(sound(self.checkpoints)[0], "the damaged one is written anew")
            good = b""

    def test_given_by_path_it_is_refused(self):
        (self.newest / "model.pt").write_bytes(b"")
        result = run([*self.args, "--resume", self.newest])
        self.assertEqual(result.code, 2)
        self.assertIn(f"{self.newest / 'model.pt'} has 0 bytes", result.err)

    def test_none_that_is_sound_is_an_error_that_names_all(self):
        for checkpoint in self.checkpoints.glob("step-*"):
            (checkpoint / "manifest.json").unlink()
        result = self.resume()
        self.assertEqual(result.code, 2)
        self.assertEqual(result.err.count("Passed over the checkpoint"), 2)
        self.assertIn("is sound", result.err)

    def test_what_does_not_fit_is_refused_by_name(self):
        for extra, named in ((("--batch-size", "16"), "--batch-size was 32, is 16"),
                             (("--seed", "9"), "--seed was 0, is 9"),
                             (("--precision", "bf16"), "--precision was fp32, is bf16"),
                             (("--model-size", "small"), "the model was --model-size tiny, is --model-size small"),
                             (("--val-fraction", "0.5"), ""), (("--optimizer", "sgd"), "--optimizer was adam, is sgd")):
            if not named:
                continue
            args = [word for word in self.args]
            for flag, value in zip(extra[::2], extra[1::2]):
                if flag in args:
                    args[args.index(flag) + 1] = value
                else:
                    args += [flag, value]
            result = run([*args, "--resume", "auto"])
            self.assertEqual(result.code, 2, result.err)
            self.assertIn(named, result.err)
            self.assertIn("--resume-anyway", result.err)

    def test_other_data_is_refused_unless_told_otherwise(self):
        other = self.folder / "other"
        shutil.copytree(self.data, other, dirs_exist_ok=True)
        file = other / "train-images-idx3-ubyte"
        content = bytearray(file.read_bytes())
        content[5000] ^= 1
        file.write_bytes(content)
        args = [other if word == self.data else word for word in self.args]
        args[args.index("--epochs") + 1] = "3"
        result = run([*args, "--resume", "auto"])
        self.assertEqual(result.code, 2)
        self.assertIn("the data was 1000 training and 130 validation samples (fingerprint", result.err)
        result = run([*args, "--resume", "auto", "--resume-anyway"])
        self.assertEqual(result.code, 0, result.err)
        self.assertEqual(result.summary["steps"], 96)

    def test_an_earlier_run_is_not_overwritten(self):
        result = run(self.args)
        self.assertEqual(result.code, 2)
        self.assertIn("holds the checkpoints of an earlier run", result.err)


class FullDisk(ProgramTest):
    def test_a_full_disk_is_told_and_training_goes_on(self):
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("mounting a small tmpfs needs root")
        try:
            result = run(self.small("--checkpoint-dir", disk / "c", "--keep-checkpoints", "9", epochs=4))
        finally:
            kept = sound(disk / "c")
            left = list((disk / "c").glob(".feedline-tmp-*"))
            subprocess.run(["umount", disk], check=True)
        self.assertEqual(result.code, 1, result.err)
        self.assertIn("No space left on device. Training goes on", result.err)
        self.assertEqual(result.summary["steps"], 128)
        self.assertIn("checkpoints could not be written", result.summary["exit"])
        self.assertTrue(kept[0], kept[1])
        self.assertEqual(left, [])

    def test_a_save_that_fails_is_told_and_the_next_one_is_tried(self):
        folder = self.folder / "c"
        result = run(self.small("--checkpoint-dir", folder, epochs=3), env={"FEEDLINE_FAULT": "enospc@save=2"})
        self.assertEqual(result.code, 1, result.err)
        self.assertIn("1 of 3 checkpoints could not be written", result.err)
        self.assertEqual(len(list(folder.glob("step-*"))), 2)

    def test_a_best_that_is_a_folder_or_a_text_file_costs_nothing(self):
        folder = self.folder / "copied"
        args = self.small("--checkpoint-dir", folder, "--keep-checkpoints", "1")
        self.succeed(args)
        copy = self.folder / "copied2"
        shutil.copytree(folder, copy)  # with a folder where there was a link, as cp -rL does
        args[args.index("--checkpoint-dir") + 1] = copy
        args[args.index("--epochs") + 1] = "3"
        result = self.succeed([*args, "--resume", "auto"])
        self.assertEqual(result.code, 0, result.err)
        self.assertTrue((copy / "best").is_symlink())
        self.assertLessEqual(len(list(copy.glob("step-*"))), 2)
        name = os.readlink(copy / "best")
        (copy / "best").unlink()
        (copy / "best").write_text(name + "\n")  # as on a file system without links
        preview = run(["preview", "--train-data", self.data, "--output", self.folder / "p", "--resume", copy / "best"])
        self.assertEqual(preview.code, 0, preview.err)
        self.assertIn("--model-size tiny", preview.err)
        preview = run(["preview", "--train-data", self.data, "--output", self.folder / "p", "--resume", copy])
        self.assertEqual(preview.code, 0, preview.err)

    def test_a_folder_below_a_file_is_told_at_the_start(self):
        (self.folder / "plain").write_text("a file")
        for path in (self.folder / "plain", self.folder / "plain" / "below"):
            result = run(self.small("--checkpoint-dir", path))
            self.assertEqual(result.code, 2, result.err)
            self.assertIn("--checkpoint-dir", result.err)

    def test_a_folder_that_cannot_be_written_is_told_at_the_start(self):
        result = run(self.small("--checkpoint-dir", "/proc/nowhere"))
        self.assertEqual(result.code, 2, result.err)
        self.assertIn("--checkpoint-dir /proc/nowhere cannot be written", result.err)
        self.assertNotIn("epoch 1", result.err)


if __name__ == "__main__":
    unittest.main()
