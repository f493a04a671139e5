"""Real data: the tiny model learns Fashion-MNIST in two epochs, in both modes, with the same bits."""

import unittest

from feedline import FASHION_MNIST, run


@unittest.skipUnless(FASHION_MNIST.exists(), "dataset-fashion-mnist is not installed")
class FashionMnist(unittest.TestCase):
    def train(self, **kwargs):
        result = run(["--train-data", FASHION_MNIST, "--model-size", "tiny", "--epochs", "2"], timeout=280, **kwargs)
        self.assertEqual(result.code, 0, result.err)
        return result.summary

    def test_both_modes(self):
        alone, together = self.train(), self.train(ranks=2)
        print(f"validation accuracy {alone['val']['accuracy']:.4f} alone, {together['val']['accuracy']:.4f} with two ranks")
        for summary in (alone, together):
            self.assertGreaterEqual(summary["val"]["accuracy"], 0.88)
            self.assertEqual(summary["samples"], 120000)
        self.assertEqual(alone["loss_digest"], together["loss_digest"])
        self.assertEqual(alone["sample_digest"], together["sample_digest"])


if __name__ == "__main__":
    unittest.main()
