"""Batches from the data rank's GPU to the model rank's by NCCL; here both ranks share one GPU, over sockets."""

import unittest

import gpu
import speech_files
from feedline import ProgramTest, command, environment
from processes import kill_a_rank

SHARED = ["--transport", "nccl", "--share-gpu"]


class Nccl(ProgramTest):
    def test_the_same_training_as_in_one_process(self):
        alone = self.succeed(self.small("--device", "cuda", epochs=2)).summary
        shared = self.succeed(self.small(*SHARED, epochs=2), ranks=2, timeout=200).summary
        self.assertEqual(shared["transport"], "nccl")
        self.assertEqual(shared["sample_digest"], alone["sample_digest"])
        self.assertAlmostEqual(shared["loss"]["last"], alone["loss"]["last"], delta=1e-3)
        gpu.figure("loss bits, NCCL between two ranks on one GPU, beside one rank",
                   "the same" if shared["loss_digest"] == alone["loss_digest"] else "others")

    def test_spectrograms_by_the_data_ranks_gpu(self):
        sounds = self.folder / "sounds"
        speech_files.write_classes(sounds, 90)
        flags = ["--train-data", sounds, "--model-size", "tiny", "--batch-size", 8, "--epochs", 3, "--augment", "strong",
                 "--model-start-delay", 0, *SHARED]
        by_gpu, by_cpu = (self.succeed([*flags, "--mel-device", kind], ranks=2, timeout=120) for kind in ("gpu", "cpu"))
        self.assertIn("Spectrograms are made by cuda", by_gpu.err)
        self.assertEqual(by_gpu.summary["sample_digest"], by_cpu.summary["sample_digest"])
        first, last = (abs(by_gpu.summary["loss"][which] - by_cpu.summary["loss"][which]) for which in ("first", "last"))
        gpu.figure("spectrograms by the data rank's GPU: first and last loss differ from those with the CPU's by",
                   f"{first:.1e}, {last:.1e}")
        self.assertLess(first, 1e-3)
        self.assertLess(last, 1e-2)

    def test_the_data_rank_is_killed_while_batches_stream(self):
        code = self.folder / "exit-code"
        words = command(self.small(*SHARED, epochs=100000), ranks=2)
        seconds, err = kill_a_rank(words, 0, environment(FEEDLINE_EXIT_CODE_FILE=str(code)), after=2)
        gpu.figure("the data rank is killed while batches stream by NCCL: the model rank ends after", f"{seconds:.2f} s")
        self.assertLess(seconds, 5.0, err)
        self.assertEqual(code.read_text().strip(), "5", err)
        self.assertIn("Lost rank 0", err)


if __name__ == "__main__":
    gpu.main()
