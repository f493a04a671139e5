"""Whole runs over stand-ins for GPUs: the modes that use GPUs from end to end, where there are none."""

import json
import os
import unittest

import speech_files
from feedline import ProgramTest, command, environment, run
from processes import kill_a_rank

TWO = {"FEEDLINE_STAND_IN_GPUS": "2"}
ONE = {"FEEDLINE_STAND_IN_GPUS": "1"}
RECOVERY = ("--enable-recovery",)


class StandIns(ProgramTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.texts, cls.sounds = cls.folder / "texts", cls.folder / "sounds"
        speech_files.write_speech(cls.texts, 72)
        speech_files.write_classes(cls.sounds, 60)
        os.environ["XDG_CACHE_HOME"] = str(cls.folder / "cache")

    def flags(self, *extra, epochs=3):
        return self.small("--device", "cuda", "--synthetic-step-ms", 1, *extra, epochs=epochs)

    def plain(self):
        """The same run without GPUs."""
        return self.succeed(self.small("--device", "cpu", "--synthetic-step-ms", 0, epochs=3)).summary

    def same_samples(self, summary):
        plain = self.plain()
        self.assertEqual(summary["sample_digest"], plain["sample_digest"])
        self.assertEqual(summary["steps"], plain["steps"])

    def test_two_gpus(self):
        result = self.succeed(self.flags(), ranks=2, env=TWO)
        self.assertEqual(result.summary["transport"], "nccl")
        self.assertEqual(result.summary["devices"], {"data": "cuda:1", "model": "cuda:0"})
        self.assertIn("   - Data Processing GPU: 1\n   - Model Training GPU: 0\n", result.out)
        self.assertRegex(result.out, r"Link .*copied to the GPU in .*, sent in ")
        self.assertGreater(result.summary["link"]["bytes"], 3 * 1000 * 12 * 12)
        self.same_samples(result.summary)

    def test_one_gpu(self):
        result = self.succeed(self.flags(), env=ONE)
        self.assertEqual(result.summary["transport"], "local")
        self.assertEqual(result.summary["devices"], {"data": "cpu", "model": "cuda:0"})
        self.assertRegex(result.out, r"buffers on the GPU \d")
        self.same_samples(result.summary)

    def test_one_gpu_and_two_ranks(self):
        summary = self.succeed(self.flags(), ranks=2, env=ONE).summary
        self.assertEqual(summary["transport"], "shm")
        self.assertEqual(summary["devices"], {"data": "cpu", "model": "cuda:0"})
        self.same_samples(summary)

    def test_two_ranks_on_one_gpu(self):
        result = self.succeed(self.flags("--share-gpu", "--data-gpu", 0, "--model-gpu", 0), ranks=2, env=ONE)
        self.assertEqual(result.summary["transport"], "nccl")
        self.assertIn("Both ranks use GPU 0", result.err)
        self.same_samples(result.summary)
        refused = run(self.flags("--data-gpu", 0, "--model-gpu", 0), ranks=2, env=ONE)
        self.assertEqual(refused.code, 3)
        self.assertIn("Insufficient GPUs for Multi-GPU Mode", refused.err)

    def test_a_damaged_batch_is_sent_again(self):
        result = self.succeed(self.flags(), ranks=2, env={**TWO, "FEEDLINE_FAULT": "flip:batch=20"})
        self.assertIn("damaged", result.err)
        self.same_samples(result.summary)

    def test_the_rank_that_trains_goes_on_alone(self):
        result = self.succeed(self.flags(), ranks=2, launcher=RECOVERY, env={**TWO, "FEEDLINE_FAULT": "kill:rank0@batch=40"})
        self.assertIn("goes on alone", result.err)
        self.same_samples(result.summary)

    def test_stopped_and_resumed(self):
        folder = self.folder / "checkpoints"
        flags = self.flags("--checkpoint-dir", folder, "--resume", "auto")
        stopped = run(flags, ranks=2, launcher=RECOVERY, env={**TWO, "FEEDLINE_FAULT": "term:rank1@batch=40"})
        self.assertEqual(stopped.summary["exit"], "stopped", stopped.err)
        self.same_samples(self.succeed(flags, ranks=2, env=TWO).summary)

    def test_a_dead_rank_ends_the_other(self):
        for victim in (0, 1):
            with self.subTest(victim=victim):
                seconds, err = kill_a_rank(command(self.flags(epochs=5000), ranks=2), victim, environment(**TWO))
                self.assertLess(seconds, 5, err)
                self.assertIn(f"Lost rank {victim}", err)

    def recordings(self, data, *flags, code=0, **how):
        args = ["--train-data", data, "--batch-size", 8, "--epochs", 3, "--model-start-delay", 0, "--device", "cuda",
                "--synthetic-step-ms", 1, *flags]
        result = run(args, ranks=2, **how)
        self.assertEqual(result.code, code, result.err + result.out)
        return result

    def test_the_data_gpu_makes_spectrograms(self):
        for data in (self.texts, self.sounds):
            with self.subTest(data=data.name):
                by_gpu, by_cpu = (self.recordings(data, "--mel-device", kind, env=TWO) for kind in ("auto", "cpu"))
                self.assertIn("Spectrograms are made by cuda:1", by_gpu.err)
                self.assertNotIn("Spectrograms are made", by_cpu.err)
                for key in ("sample_digest", "steps"):
                    self.assertEqual(by_gpu.summary[key], by_cpu.summary[key])
                self.assertEqual(by_gpu.summary["link"]["bytes"], by_cpu.summary["link"]["bytes"])

    def test_spectrograms_of_a_gpu_survive_damage_and_loss(self):
        wanted = self.recordings(self.sounds, "--augment", "strong", env=TWO).summary["sample_digest"]
        for fault in ("flip:batch=5", "kill:rank0@batch=9"):
            with self.subTest(fault=fault):
                result = self.recordings(self.sounds, "--augment", "strong", launcher=RECOVERY, env={**TWO, "FEEDLINE_FAULT": fault})
                self.assertIn("damaged" if "flip" in fault else "goes on alone", result.err)
                self.assertEqual(result.summary["sample_digest"], wanted)

    def test_spectrograms_by_a_gpu_that_is_not_there(self):
        result = self.recordings(self.sounds, "--mel-device", "gpu", code=2, env=ONE)
        self.assertIn("--mel-device gpu needs a GPU that prepares data", result.err)
        self.assertEqual(result.err.count("error:"), 1, result.err)

    def test_timeline_of_two_gpus(self):
        file = self.folder / "trace.json"
        self.succeed(self.flags("--trace", file), ranks=2, env=TWO)
        names = {event.get("args", {}).get("name") for event in json.loads(file.read_text())["traceEvents"]}
        for lane in ("copies to the GPU", "transfers between the GPUs"):
            self.assertIn(lane, names)

    def test_a_model_is_not_trained_on_a_stand_in(self):
        result = run(self.small("--device", "cuda"), env=ONE)
        self.assertEqual(result.code, 2, result.err)
        self.assertIn("give --synthetic-step-ms", result.err)

    def test_a_number_that_is_none(self):
        result = run(self.small(), env={"FEEDLINE_STAND_IN_GPUS": "many"})
        self.assertEqual(result.code, 2)
        self.assertIn("FEEDLINE_STAND_IN_GPUS is 'many'", result.err)


if __name__ == "__main__":
    unittest.main()
