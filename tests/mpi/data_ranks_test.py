"""Several ranks that prepare data (--data-ranks): the same batches, and what becomes of a run that loses one."""

import json
import os
import signal
import subprocess
import unittest

import speech_files
from feedline import ProgramTest, command, environment, run, write_split
from processes import kill_a_rank, ranks_of

DIGESTS = ("sample_digest", "loss_digest", "steps", "samples")
RECOVERY = ("--enable-recovery",)


class DataRanks(ProgramTest):
    def flags(self, *extra, epochs=2):
        return self.small("--device", "cpu", *extra, epochs=epochs)

    def over(self, data_ranks, *extra, code=0, fault=None, launcher=()):
        result = run(self.flags("--data-ranks", data_ranks, *extra), ranks=data_ranks + 1, launcher=launcher,
                     env={"FEEDLINE_FAULT": fault} if fault else {})
        self.assertEqual(result.code, code, result.err + result.out)
        return result

    def assert_same(self, summary, other):
        for key in DIGESTS:
            self.assertEqual(summary[key], other[key], key)

    def alone(self):
        return self.succeed(self.flags()).summary

    def test_the_same_bits_for_any_number(self):
        alone = self.alone()
        for ranks, transport in ((1, "auto"), (2, "shm"), (2, "mpi"), (3, "auto")):
            with self.subTest(ranks=ranks, transport=transport):
                result = self.over(ranks, "--transport", transport)
                self.assert_same(result.summary, alone)
                self.assertEqual(result.summary["world"], {"data_ranks": ranks, "model_ranks": 1, "nodes": 1})
                self.assertEqual(result.summary["val"], alone["val"])
                self.assertEqual(result.summary["exit"], "done")

    def test_shapes_and_orders(self):
        texts = self.folder / "texts"
        speech_files.write_speech(texts, 72)
        flags = ["--train-data", texts, "--batch-size", 8, "--epochs", 2, "--max-shapes", 3, "--model-size", "tiny",
                 "--train-threads", 1, "--model-start-delay", 0]
        alone = self.succeed(flags).summary
        self.assert_same(self.succeed([*flags, "--data-ranks", 2], ranks=3).summary, alone)
        ready = self.over(2, "--order", "ready").summary
        self.assertEqual(ready["sample_digest"], self.alone()["sample_digest"])

    def test_the_buffer_is_shared_out(self):
        one, two = (self.over(ranks, "--buffer-size", 30, "--synthetic-step-ms", 0).summary for ranks in (1, 2))
        self.assertEqual(two["input"]["buffer_batches"], 30)
        self.assertEqual(two["input"]["buffer_bytes"], one["input"]["buffer_bytes"])

    def test_a_damaged_batch_is_sent_again(self):
        for transport in ("shm", "mpi"):
            result = self.over(2, "--transport", transport, fault="flip:batch=7")
            self.assertIn("It is asked for once more", result.err)
            self.assert_same(result.summary, self.alone())

    def test_a_lost_data_ranks_batches_are_prepared_by_the_rank_that_trains(self):
        alone = self.alone()
        for victim in (0, 1):
            for fault in (f"kill:rank{victim}@batch=3", f"kill:rank{victim}@batch=20"):
                with self.subTest(fault=fault):
                    result = self.over(2, "--buffer-size", 8, fault=fault, launcher=RECOVERY)
                    self.assertIn("prepares what that one would have", result.err)
                    self.assert_same(result.summary, alone)

    def test_fewer_batches_than_ranks_and_rings_of_one_slot(self):
        flags = ["--max-steps", 1, "--val-fraction", 0, "--buffer-size", 1]
        alone = self.succeed(self.flags(*flags)).summary
        self.assert_same(self.over(4, *flags).summary, alone)
        self.assert_same(self.over(3, "--buffer-size", 2).summary, self.alone())

    def test_both_are_lost_in_the_start_delay(self):
        args = self.flags("--data-ranks", 2, "--model-start-delay", 2, "--summary", self.folder / "delay.json")
        process = subprocess.Popen(command(args, ranks=3, launcher=RECOVERY), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, stdin=subprocess.DEVNULL, env=environment())
        try:
            while "Waiting 2.0s" not in process.stdout.readline():
                self.assertIsNone(process.poll())
            for rank, pid in ranks_of(process.pid).items():
                if rank != 2:
                    os.kill(pid, signal.SIGKILL)
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
        summary = json.loads((self.folder / "delay.json").read_text())
        self.assertEqual(summary["exit"], "done", err)
        self.assert_same(summary, self.alone())

    def test_one_that_hangs_is_found_by_the_rank_that_trains(self):
        """The other data rank waits as long as that one, and must neither accuse nor end it."""
        for launcher in ((), RECOVERY):
            with self.subTest(launcher=launcher):
                folder = self.folder / f"hang-{len(launcher)}"
                result = run(self.flags("--data-ranks", 2, "--buffer-size", 4, "--hang-timeout", 3, "--checkpoint-dir", folder,
                                        "--on-data-rank-loss", "stop"), ranks=3, launcher=launcher,
                             env={"FEEDLINE_FAULT": "stop:rank1@batch=9"})
                self.assertIn("Rank 1 (data) hangs", result.summary["exit"], result.err)
                self.assertNotIn("Rank 2 (model) hangs", result.err)
                self.assertTrue(list(folder.glob("step-*/manifest.json")), result.err)

    def test_a_model_on_a_gpu(self):
        one = {"FEEDLINE_STAND_IN_GPUS": "1"}
        flags = ["--device", "cuda", "--synthetic-step-ms", 1, "--data-ranks", 2]
        summary = self.succeed(self.small(*flags, epochs=2), ranks=3, env=one).summary
        self.assertEqual(summary["devices"], {"data": "cpu", "model": "cuda:0"})
        self.assertEqual(summary["sample_digest"], self.alone()["sample_digest"])
        self.assertGreater(summary["input"]["occupancy_mean"], 0.3)

    def test_two_lost_data_ranks(self):
        result = self.over(3, "--buffer-size", 6, fault="kill:rank0@batch=5;kill:rank2@batch=9", launcher=RECOVERY)
        self.assertEqual(result.err.count("prepares what that one would have"), 2, result.err)
        self.assert_same(result.summary, self.alone())

    def test_where_nobody_may_take_over_the_run_ends_and_goes_on_later(self):
        folder = self.folder / "checkpoints"
        flags = self.flags("--data-ranks", 2, "--checkpoint-dir", folder, "--resume", "auto", "--transport", "mpi")
        ended = run(flags, ranks=3, launcher=RECOVERY, env={"FEEDLINE_FAULT": "kill:rank1@batch=10"})
        self.assertIn("rank 1", ended.summary["exit"], ended.err)
        # With another number of data ranks: a batch depends on its number alone.
        self.assert_same(self.succeed(self.flags("--checkpoint-dir", folder, "--resume", "auto")).summary, self.alone())

    def test_stopped_by_any_rank_and_gone_on_with(self):
        for rank in (0, 1, 2):
            with self.subTest(rank=rank):
                folder = self.folder / f"stopped-{rank}"
                flags = self.flags("--data-ranks", 2, "--checkpoint-dir", folder, "--resume", "auto", "--buffer-size", 4)
                stopped = run(flags, ranks=3, env={"FEEDLINE_FAULT": f"term:rank{rank}@batch=12"})
                self.assertEqual(stopped.code, 75, stopped.err)
                self.assertEqual(stopped.summary["exit"], "stopped")
                self.assert_same(self.succeed(flags, ranks=3).summary, self.alone())

    def test_a_dead_rank_ends_the_others(self):
        for victim in (0, 1, 2):
            with self.subTest(victim=victim):
                args = self.flags("--data-ranks", 2, "--synthetic-step-ms", 2, epochs=5000)
                seconds, err = kill_a_rank(command(args, ranks=3), victim, environment(), ranks=3)
                self.assertLess(seconds, 5, err)
                self.assertIn(f"Lost rank {victim}", err)

    def test_other_data_is_refused(self):
        # Each rank is started where its own folder of that name is.
        folders = [self.folder / f"place-{rank}" for rank in range(3)]
        for rank, folder in enumerate(folders):
            (folder / "data").mkdir(parents=True)
            write_split(folder / "data", "train", 300 + 10 * (rank == 1), seed=1)
            write_split(folder / "data", "t10k", 50, seed=2)
        places = " ".join(f"'{folder}'" for folder in folders)
        script = self.folder / "in_place.sh"
        script.write_text(f'#!/bin/bash\nplaces=({places})\ncd "${{places[$OMPI_COMM_WORLD_RANK]}}" && exec "$@"\n')
        script.chmod(0o755)
        words = command(["--train-data", "data", "--batch-size", 32, "--epochs", 1, "--data-ranks", 2], ranks=3)
        words.insert(words.index("3") + 1, str(script))
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, env=environment(), stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("Rank 1 sees other data than rank 0: 310 training samples instead of 300", done.stderr)
        self.assertEqual(done.stderr.count("error:"), 1, done.stderr)

    def test_bad_samples_are_listed_by_each(self):
        sounds = self.folder / "sounds"
        speech_files.write_classes(sounds, 60)
        for bad in ("a/0000.wav", "b/0001.wav", "c/0002.wav"):
            (sounds / bad).write_bytes(b"no sound")
        flags = ["--train-data", sounds, "--batch-size", 4, "--epochs", 2, "--model-size", "tiny", "--train-threads", 1,
                 "--model-start-delay", 0, "--max-bad", 20]
        lists = {}
        for ranks in (0, 2):
            place = self.folder / f"lists-{ranks}"
            place.mkdir()
            extra = ["--data-ranks", ranks] if ranks else []
            run([*flags, *extra, "--summary", place / "summary.json"], ranks=ranks + 1)
            self.assertEqual(json.loads((place / "summary.json").read_text())["exit"], "done")
            lists[ranks] = {json.loads(line)["path"] for file in place.glob("bad_samples*.jsonl")
                            for line in file.read_text().splitlines()}
        self.assertEqual(lists[0], lists[2])
        self.assertEqual(len(lists[0]), 3)

    def test_the_bad_samples_of_all_count_together(self):
        sounds = self.folder / "bad-sounds"
        speech_files.write_classes(sounds, 60)
        for bad in sorted(sounds.glob("*/*.wav"))[::12]:  # five, 8 %
            bad.write_bytes(b"no sound")
        for ranks in (1, 2):
            result = run(["--train-data", sounds, "--batch-size", 4, "--epochs", 1, "--synthetic-step-ms", 1,
                          "--model-start-delay", 0, "--data-ranks", ranks], ranks=ranks + 1)
            self.assertEqual(result.code, 4, result.err)
            self.assertIn("More than 5 % of the samples cannot be used", result.err)

    def test_timeline_of_all(self):
        file = self.folder / "trace.json"
        self.over(2, "--trace", file)
        names = [event["args"]["name"] for event in json.loads(file.read_text())["traceEvents"]
                 if event["name"] == "process_name"]
        self.assertEqual(sorted(names), ["rank 0 (data)", "rank 1 (data)", "rank 2 (model)"])


if __name__ == "__main__":
    unittest.main()
