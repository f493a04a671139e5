"""Everything a user can get wrong: one clear message, once, with the contract's exit code, in both modes."""

import gzip
import os
import pathlib
import shutil
import subprocess
import unittest

from feedline import PROGRAM, ProgramTest, run, write_idx


class BadInput(ProgramTest):
    def refuse(self, code, *texts, data=None, flags=(), layouts=(1, 2)):
        args = self.small(*flags, *([] if data is None else ["--train-data", data]))
        for ranks in layouts:
            with self.subTest(ranks=ranks):
                result = run(args, ranks=ranks, timeout=60)
                self.assertEqual(result.code, code, result.err)
                self.assertEqual(result.err.count("error:"), 1, result.err)
                for text in texts:
                    self.assertIn(str(text), result.err)
                self.assertNotIn("MPI_ABORT", result.err)
                self.assertNotIn("terminate called", result.err)

    def copy(self, name):
        folder = self.folder / name
        shutil.copytree(self.data, folder)
        return folder

    def test_missing_folder(self):
        self.refuse(4, self.folder / "nowhere", data=self.folder / "nowhere")

    def test_file_in_place_of_a_folder(self):
        self.refuse(4, "train-images-idx3-ubyte", data=self.data / "train-images-idx3-ubyte")

    def test_empty_folder(self):
        (self.folder / "empty").mkdir()
        self.refuse(4, "train-images-idx3-ubyte", data=self.folder / "empty")

    def test_unreadable_file(self):
        folder = self.copy("unreadable")
        (folder / "train-images-idx3-ubyte").unlink()
        (folder / "train-images-idx3-ubyte").mkdir()
        self.refuse(4, "train-images-idx3-ubyte", data=folder)

    def test_labels_missing(self):
        folder = self.copy("no-labels")
        (folder / "train-labels-idx1-ubyte").unlink()
        self.refuse(4, "train-labels-idx1-ubyte", data=folder)

    def test_truncated_gzip(self):
        folder = self.copy("truncated")
        plain = folder / "train-images-idx3-ubyte"
        packed = gzip.compress(plain.read_bytes())
        plain.unlink()
        (folder / "train-images-idx3-ubyte.gz").write_bytes(packed[: len(packed) // 2])
        self.refuse(4, "train-images-idx3-ubyte.gz", data=folder)

    def test_wrong_magic(self):
        folder = self.copy("magic")
        file = folder / "train-images-idx3-ubyte"
        file.write_bytes(b"PNG!" + file.read_bytes()[4:])
        self.refuse(4, file, data=folder)

    def test_count_disagrees_with_bytes(self):
        folder = self.copy("count")
        file = folder / "train-images-idx3-ubyte"
        file.write_bytes(file.read_bytes()[:-100])
        self.refuse(4, file, data=folder)

    def test_images_and_labels_differ(self):
        folder = self.copy("differ")
        write_idx(folder / "train-labels-idx1-ubyte", (999,), bytes(999))
        self.refuse(4, "1000", "999", data=folder)

    def test_batch_larger_than_the_data(self):
        self.refuse(2, "--batch-size 2000", "Give at most 1000, or leave it out", flags=("--batch-size", 2000))

    def test_training_that_diverges(self):
        self.refuse(2, "Training has diverged: from step", "learning rate", "lower --lr", flags=("--lr", "1e30"))

    def test_what_is_not_finite_is_never_saved(self):
        folder = self.folder / "diverged"
        flags = ("--checkpoint-dir", folder, "--resume", "auto")
        self.succeed(self.small(*flags))
        result = run(self.small(*flags, "--lr", "1e30", epochs=3))
        self.assertEqual(result.code, 2, result.err)
        self.assertIn("step-000000032-epoch-1, is finite", result.err)
        self.assertEqual([each.name for each in folder.glob("step-*")], ["step-000000032-epoch-1"])
        self.assertEqual(self.succeed(self.small(*flags, epochs=2)).summary["steps"], 64)

    def test_a_model_file_that_is_a_pipe(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        self.refuse(2, pipe, "is no file", flags=("--model", pipe))

    def test_a_pipe_in_a_checkpoint(self):
        folder = self.folder / "pipes"
        self.succeed(self.small("--checkpoint-dir", folder))
        saved = next(folder.glob("step-*"))
        parts = sorted(saved.iterdir())
        self.assertGreater(len(parts), 2)
        for part in parts:
            with self.subTest(part=part.name):
                aside = part.rename(self.folder / "aside")
                os.mkfifo(part)
                self.refuse(2, part, "is no regular file", flags=("--resume", saved), layouts=(1,))
                if part.name == "manifest.json":
                    self.refuse(2, part, "is no regular file", flags=("--checkpoint-dir", folder, "--resume", "auto"))
                    self.assertEqual(run(["evaluate", self.data, "--resume", saved], timeout=20).code, 2)
                part.unlink()
                aside.rename(part)

    def test_flags_of_a_pipe(self):
        flags = self.folder / "few.conf"
        flags.write_text("max-steps = 2\n")
        words = [PROGRAM, *map(str, self.small())]
        done = subprocess.run(["bash", "-c", f'exec "$@" --config <(sleep 0.5; cat {flags})', "piped", *words],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"\b2 steps")
        pipe = self.folder / "never"
        os.mkfifo(pipe)
        self.refuse(2, f"--config, {pipe}", "nothing has come for 10 s", flags=("--config", pipe), layouts=(1,))

    def test_dropped_batches_are_a_setting_of_the_checkpoint(self):
        folder = self.folder / "dropped"
        flags = ("--checkpoint-dir", folder, "--resume", "auto")
        result = self.succeed([*self.small(*flags), "--drop-last"])
        self.assertEqual((result.summary["steps"], result.summary["samples"]), (31, 992))
        self.refuse(2, "--drop-last was true, is false", flags=(*flags, "--epochs", 2))

    def test_buffer_that_does_not_fit(self):
        self.refuse(2, "--buffer-bytes", flags=("--buffer-bytes", "1K"))

    def test_model_that_is_no_torchscript(self):
        file = self.folder / "model.pt"
        file.write_bytes(b"not a model" * 100)
        self.refuse(2, "model.pt", flags=("--model", file))

    def test_flags_that_change_nothing(self):
        flags = ("--n-fft", 512, "--columns", "id,text", "--warmup-steps", 90, "--max-steps", 3)
        result = self.succeed(self.small(*flags))
        self.assertEqual(result.err.count("--n-fft 512, --columns id,text change nothing for pictures"), 1, result.err)
        self.assertIn("--warmup-steps 90 is more than the run's 3 steps", result.err)
        result = self.succeed(self.small("--warmup-steps", 3, "--max-steps", 3))
        self.assertNotIn("warning", result.err)

    def test_unknown_flag(self):
        self.refuse(2, "--bufer-size", "--buffer-size", flags=("--bufer-size", 3))

    def test_data_ranks_without_ranks(self):
        self.refuse(2, "--data-ranks is 2", "mpirun --bind-to none -np 3", flags=("--data-ranks", 2))

    def test_trace_that_cannot_be_written(self):
        self.refuse(2, "--trace", "nowhere/x.json", flags=("--trace", self.folder / "nowhere" / "x.json"))

    def test_unknown_subcommand(self):
        result = run(["tain"])
        self.assertEqual(result.code, 2)
        self.assertIn("train", result.err)

    def test_summary_that_cannot_be_written(self):
        result = run(self.small("--summary", "/proc/nowhere/summary.json"))
        self.assertEqual(result.code, 2, result.err)
        self.assertIn("/proc/nowhere", result.err)

    def test_help_is_said_once(self):
        result = run(["--help"], ranks=2)
        self.assertEqual(result.code, 0)
        self.assertEqual(result.out.count("--buffer-size"), run(["--help"]).out.count("--buffer-size"))


if __name__ == "__main__":
    unittest.main()
