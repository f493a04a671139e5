"""A run that was killed or stopped anywhere and goes on has the losses of one that was not."""

import csv
import os
import random
import shutil
import unittest

from feedline import ProgramTest, run, write_split

# Kill points; all of them: FEEDLINE_KILL_POINTS=200.
KILL_POINTS = int(os.environ.get("FEEDLINE_KILL_POINTS", "12"))
DIGESTS = ("sample_digest", "loss_digest")


class Resume(ProgramTest):
    """Three epochs of 32 steps, of which every fifth is saved."""

    def flags(self, *extra):
        return self.small("--augment", "basic", "--seed", "5", "--checkpoint-every-steps", "5", *extra, epochs=3)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        whole = run(cls().small("--augment", "basic", "--seed", "5", epochs=3))
        cls.whole = whole.summary

    def new_folder(self, name):
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def assert_as_if_never_stopped(self, summary):
        for name in (*DIGESTS, "steps", "samples", "epochs", "loss", "val"):
            self.assertEqual(summary[name], self.whole[name], name)

    def finish(self, folder, ranks=1, *extra):
        return self.succeed(self.flags("--checkpoint-dir", folder, "--resume", "auto", *extra), ranks=ranks)

    def stop_after(self, folder, steps, ranks=1, *extra):
        """Runs so many steps, then is asked to stop from inside: the state on the disk is that of the last step."""
        return run(self.flags("--checkpoint-dir", folder, "--resume", "auto", *extra), ranks=ranks,
                   env={"FEEDLINE_FAULT": f"term:rank{ranks - 1}@batch={steps}"})

    def test_checkpoints_change_nothing(self):
        result = self.finish(self.new_folder("undisturbed"))
        self.assert_as_if_never_stopped(result.summary)
        self.assertGreater(result.summary["checkpoint_s"], 0)

    def test_again_and_again_on_any_layout(self):
        """Four stops, each time another mode, transport and number of workers."""
        folder = self.new_folder("layouts")
        ways = [(1, "--num-workers", "1"), (2, "--transport", "shm"), (2, "--transport", "mpi", "--num-workers", "3"),
                (1, "--buffer-size", "2")]
        for ranks, *extra in ways:
            result = self.stop_after(folder, 17, ranks, *extra)
            self.assertEqual(result.code, 75, result.err)
        result = self.finish(folder, 2)
        self.assertIn("Going on from", result.err)
        self.assert_as_if_never_stopped(result.summary)

    def history(self, file):
        """The rows without their times."""
        with open(file, newline="") as table:
            rows = list(csv.DictReader(table))
        for row in rows:
            self.assertGreater(float(row["seconds"]), 0)
            self.assertGreater(float(row["samples_per_s"]), 0)
            self.assertGreaterEqual(float(row["data_wait_s"]), 0)
        times = ("seconds", "samples_per_s", "data_wait_s")
        return [{name: value for name, value in row.items() if name not in times} for row in rows]

    def test_the_history_is_that_of_an_undisturbed_run(self):
        whole = self.new_folder("history")
        result = self.finish(whole)
        rows = self.history(whole / "history.csv")
        self.assertEqual(list(rows[0]), ["epoch", "steps", "samples", "train_loss", "learning_rate", "val_loss",
                                         "val_accuracy"])
        self.assertEqual([(row["epoch"], row["steps"], row["samples"]) for row in rows],
                         [(str(epoch), "32", "1000") for epoch in (1, 2, 3)])
        self.assertAlmostEqual(float(rows[-1]["val_loss"]), result.summary["val"]["loss"], places=5)

        stopped = self.new_folder("history-stopped")
        for steps, epochs, ranks in ((40, 1, 2), (20, 1, 1), (16, 2, 1)):
            self.assertEqual(self.stop_after(stopped, steps, ranks).code, 75)
            self.assertEqual(self.history(stopped / "history.csv"), rows[:epochs])
        with open(stopped / "history.csv", "a") as table:
            table.write("3,1,32,of a part that was not saved\n4,1")
        self.finish(stopped)
        self.assertEqual(self.history(stopped / "history.csv"), rows)

    def test_a_history_elsewhere(self):
        file = self.folder / "elsewhere.csv"
        self.succeed(self.small("--history", file, "--val-fraction", "0"))
        self.assertEqual(len(self.history(file)), 1)

    def test_a_history_that_cannot_be_written_ends_the_run_at_its_start(self):
        """As a summary does: before the data are opened, which here are not there."""
        for path, reason in ((self.folder / "none" / "h.csv", "No such file or directory"),
                             (self.folder, "it is a folder"), ("/dev/null", "it is a pipe or a device")):
            for ranks in (1, 2):
                with self.subTest(path=path, ranks=ranks):
                    result = run(["--train-data", self.folder / "nowhere", "--history", path], ranks)
                    self.assertEqual(result.code, 2, result.err)
                    self.assertIn(f"Cannot write the file of --history, {path}: {reason}", result.err)
                    self.assertEqual(result.err.count("error:"), 1, result.err)
                    self.assertNotIn("nowhere", result.err)

    def test_what_is_done_stays_done(self):
        folder = self.new_folder("done")
        self.finish(folder)
        for ranks in (1, 2):
            result = self.finish(folder, ranks)
            self.assertIn("Nothing is left to train", result.err)
            self.assert_as_if_never_stopped(result.summary)

    def test_order_ready_goes_on_too(self):
        folder = self.new_folder("ready")
        self.assertEqual(self.stop_after(folder, 40, 2, "--order", "ready").code, 75)
        self.assertEqual(self.finish(folder, 2, "--order", "ready").summary["steps"], 96)

    def test_accumulated_steps_are_never_cut(self):
        whole = self.succeed(self.small("--augment", "basic", "--seed", "5", "--grad-accum", "3", epochs=3))
        folder = self.new_folder("accumulation")
        for batches in (7, 20, 31):
            self.assertEqual(self.stop_after(folder, batches, 1, "--grad-accum", "3").code, 75)
        result = self.finish(folder, 1, "--grad-accum", "3")
        for name in DIGESTS:
            self.assertEqual(result.summary[name], whole.summary[name])

    def test_dropped_batches_stay_dropped(self):
        """Nine pictures, eight of them a step: which one is left out changes from epoch to epoch, not by a stop."""
        data = self.folder / "nine"
        data.mkdir()
        write_split(data, "train", 9)
        write_split(data, "t10k", 9)
        flags = self.small("--train-data", data, "--batch-size", 8, "--drop-last", epochs=6)
        whole = self.succeed(flags).summary
        self.assertEqual((whole["epochs"], whole["steps"], whole["samples"]), (6, 6, 48))
        shorter = self.succeed(flags + ["--max-steps", 3]).summary
        self.assertEqual((shorter["epochs"], shorter["samples"]), (3, 24))
        kept = ["--checkpoint-dir", self.new_folder("dropped"), "--resume", "auto"]
        self.assertEqual(run(flags + kept, env={"FEEDLINE_FAULT": "term:rank0@batch=5"}).code, 75)
        for ranks, extra in ((2, []), (3, ["--data-ranks", 2])):
            summary = self.succeed(flags + kept + extra, ranks=ranks).summary
            for name in (*DIGESTS, "steps", "samples", "epochs", "loss", "val"):
                self.assertEqual(summary[name], whole[name], name)
        alone = self.succeed(flags + ["--data-ranks", 2], ranks=3).summary
        self.assertEqual(alone["loss_digest"], whole["loss_digest"])
        (folder := self.folder / "seven").mkdir()
        write_split(folder, "train", 7)
        result = run(self.small("--train-data", folder, "--drop-last", "--batch-size", 8))
        self.assertEqual(result.code, 2, result.err)

    def test_killed_anywhere(self):
        """Both ranks, both modes, at batches drawn at random; what is killed goes on where the last checkpoint was."""
        random.seed(7)
        ends, folder = 0, self.new_folder("killed")
        for _ in range(KILL_POINTS):
            ranks, victim = random.choice([(1, 0), (2, 0), (2, 1)])
            batch = random.randrange(1, 60)
            result = run(self.flags("--checkpoint-dir", folder, "--resume", "auto"), ranks=ranks,
                         env={"FEEDLINE_FAULT": f"kill:rank{victim}@batch={batch}"})
            if result.code == 0:  # it was done before
                self.assert_as_if_never_stopped(result.summary)
                ends, folder = ends + 1, self.new_folder("killed")
        self.assert_as_if_never_stopped(self.finish(folder).summary)
        print(f"{KILL_POINTS} kill points, {ends + 1} runs came to their end")


if __name__ == "__main__":
    unittest.main()
