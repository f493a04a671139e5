"""The same losses and samples whatever the mode, the transport, the number of workers and the buffer."""

import unittest

from feedline import ProgramTest


class Digests(ProgramTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reference = None

    def digests(self, *flags, **kwargs):
        summary = self.succeed(self.small(*flags, epochs=2), **kwargs).summary
        return summary["loss_digest"], summary["sample_digest"]

    def expected(self):
        if Digests.reference is None:
            Digests.reference = self.digests()
        return Digests.reference

    def test_two_ranks_over_shared_memory(self):
        self.assertEqual(self.digests("--transport", "shm", ranks=2), self.expected())

    def test_two_ranks_over_mpi(self):
        self.assertEqual(self.digests("--transport", "mpi", ranks=2), self.expected())

    def test_any_number_of_workers(self):
        for workers in (1, 2, 5):
            with self.subTest(workers=workers):
                self.assertEqual(self.digests("--num-workers", workers), self.expected())
                self.assertEqual(self.digests("--num-workers", workers, ranks=2), self.expected())

    def test_any_buffer(self):
        for size in (1, 4, 50):
            with self.subTest(buffer_size=size):
                self.assertEqual(self.digests("--buffer-size", size), self.expected())
                self.assertEqual(self.digests("--buffer-size", size, "--transport", "mpi", ranks=2), self.expected())

    def test_another_seed_gives_others(self):
        loss, samples = self.digests("--seed", 1)
        self.assertNotEqual(loss, self.expected()[0])
        # Every epoch shows every sample, whatever the seed: only the order differs.
        self.assertEqual(samples, self.expected()[1])

    def test_gradient_accumulation_sees_the_same_samples(self):
        loss, samples = self.digests("--batch-size", 16, "--grad-accum", 2)
        self.assertEqual(samples, self.expected()[1])
        self.assertNotEqual(loss, self.expected()[0])  # the bits differ, the values do not: see the unit test


if __name__ == "__main__":
    unittest.main()
