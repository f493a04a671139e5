"""Training on the GPU sees the samples that training on the CPU sees, and has its losses."""

import unittest

import gpu
from feedline import FASHION_MNIST, ProgramTest
from photos import write_photos

STEPS = (1, 10, 25, 50)
TOLERANCE = 1e-3


class SameAsCpu(ProgramTest):
    def summary(self, *flags, **kwargs):
        return self.succeed(self.small(*flags), **kwargs).summary

    def check_digests(self, *flags):
        cpu = self.summary(*flags, "--device", "cpu")
        self.assertEqual(cpu["devices"]["model"], "cpu")
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                cuda = self.summary(*flags, "--device", "cuda", ranks=ranks)
                self.assertTrue(cuda["devices"]["model"].startswith("cuda"), cuda["devices"])
                self.assertEqual(cuda["sample_digest"], cpu["sample_digest"])

    def test_samples_of_idx_files(self):
        self.check_digests()

    def test_samples_of_photographs(self):
        photos = self.folder / "photos"
        if not photos.exists():
            write_photos(photos, 200)
        self.check_digests("--train-data", photos, "--image-size", "64")

    def check_losses(self, size, *precision):
        worst = 0.0
        for steps in STEPS:
            flags = ["--train-data", FASHION_MNIST, "--model-size", size, "--batch-size", "64", "--max-steps", steps,
                     *precision]
            cpu = self.succeed([*flags, "--device", "cpu"], timeout=300).summary["loss"]
            cuda = self.succeed([*flags, "--device", "cuda"]).summary["loss"]
            worst = max(worst, abs(cpu["first"] - cuda["first"]), abs(cpu["last"] - cuda["last"]))
            self.assertLess(worst, TOLERANCE, f"after {steps} steps: {cpu} on the CPU, {cuda} on the GPU")
        gpu.figure(f"greatest difference of the loss from the CPU's, --model-size {size}, steps {STEPS}", f"{worst:.2e}")

    def test_losses_of_the_tiny_model(self):
        self.check_losses("tiny")

    def test_losses_of_the_small_model(self):
        self.check_losses("small")

    def test_the_same_losses_again(self):
        """In both modes, and when repeated: to the last bit only where cuDNN's algorithms are deterministic."""
        first = self.summary("--device", "cuda")
        for name, ranks in (("repeated", 1), ("two ranks", 2)):
            again = self.summary("--device", "cuda", ranks=ranks)
            self.assertAlmostEqual(again["loss"]["last"], first["loss"]["last"], delta=TOLERANCE)
            gpu.figure(f"loss bits on the GPU, {name}",
                       "the same" if again["loss_digest"] == first["loss_digest"] else "others")


if __name__ == "__main__":
    gpu.main()
