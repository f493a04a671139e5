"""Both modes as a user meets them: messages, summary, transports, more ranks than there is work for."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from feedline import PROGRAM, ProgramTest, command, environment, run

KEYS = ["mode", "world", "devices", "transport", "task", "model", "parameters", "epochs", "steps", "samples", "startup_s",
        "first_batch_s", "wall_s", "step_s", "data_wait_s", "val_s", "checkpoint_s", "busy", "samples_per_s", "input", "link",
        "bad_samples", "loss", "val", "sample_digest", "loss_digest", "peak_rss_bytes", "exit"]


class Modes(ProgramTest):
    def test_single_rank(self):
        result = self.succeed(self.small("--device", "cpu", "--augment", "none", epochs=2))
        self.assertIn("🚀 Intelligent GPU Pipeline: Single-GPU Buffered Mode\n   - Buffer Size: 50\n"
                      "   - Smart Prefetching: Enabled\n   - Prefetching to /CPU:0 with buffer_size=50\n", result.out)
        self.assertEqual(list(result.summary), KEYS)
        self.assertEqual(result.summary["mode"], "single")
        self.assertEqual(result.summary["transport"], "local")
        self.assertEqual(result.summary["steps"], 2 * 32)
        self.assertEqual(result.summary["samples"], 2000)
        self.assertGreater(result.summary["val"]["accuracy"], 0.5)

    def test_two_ranks(self):
        result = self.succeed(self.small("--device", "cpu", "--model-start-delay", "0.5"), ranks=2)
        lines = result.out.replace("\r", "").split("\n")
        wanted = ["🚀 Intelligent GPU Pipeline: Multi-GPU Mode", "   - Data Processing GPU: CPU",
                  "   - Model Training GPU: CPU", "   - Prefetching to /CPU:0 with buffer_size=50",
                  "🕐 Multi-GPU Mode: Waiting 0.5s for data pipeline to warm up...", "✅ Model training starting now"]
        self.assertEqual([line for line in lines if line in wanted], wanted)
        self.assertEqual(result.summary["mode"], "multi")
        self.assertEqual(result.summary["transport"], "shm")
        self.assertEqual(result.summary["world"], {"data_ranks": 1, "model_ranks": 1, "nodes": 1})
        self.assertGreater(result.summary["startup_s"], 0.5)

    def test_buffer_takes_what_it_says(self):
        summary = self.succeed(self.small("--buffer-size", 50)).summary
        slot = summary["input"]["buffer_bytes"] / summary["input"]["buffer_batches"]
        payload = 32 * (12 * 12 + 8)
        self.assertEqual(summary["input"]["buffer_batches"], 50)
        self.assertGreater(slot, payload)
        self.assertLess(slot, payload + 4096)  # header, sample ids, alignment

    def test_small_memory_gets_a_smaller_buffer_and_a_sentence(self):
        result = self.succeed(self.small("--buffer-bytes", "100K"))
        self.assertLess(result.summary["input"]["buffer_batches"], 50)
        self.assertLessEqual(result.summary["input"]["buffer_bytes"], 100 * 1024)
        self.assertIn("--buffer-bytes allows 100.0 KiB", result.err)
        self.assertIn(f"buffer_size={result.summary['input']['buffer_batches']}\n", result.out)

    def test_address_space_limit_gets_a_smaller_buffer(self):
        # Large batches, and an address space that leaves little beside the program itself.
        flags = " ".join(map(str, command(self.small("--batch-size", 1000, "--buffer-size", 20000, "--synthetic-step-ms", 0))))
        done = subprocess.run(["bash", "-c", f"ulimit -v 4000000; exec {flags}"], capture_output=True, text=True, env=environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not the 20000 of --buffer-size", done.stderr)

    def test_three_ranks_are_refused_once(self):
        result = run(self.small(), ranks=3)
        self.assertEqual(result.code, 2)
        self.assertEqual(result.err.count("error:"), 1, result.err)

    def test_both_gpu_flags_without_gpus(self):
        for ranks in (1, 2):
            result = run(self.small("--data-gpu", 0, "--model-gpu", 1), ranks=ranks)
            self.assertEqual(result.code, 3)
            self.assertEqual(result.err.count("Insufficient GPUs for Multi-GPU Mode"), 1, result.err)

    def test_separate_hosts_use_mpi(self):
        # Two host names on this machine: the launcher's "remote shell" starts each daemon under a name of its own.
        if subprocess.run(["unshare", "--uts", "true"], capture_output=True).returncode != 0:
            self.skipTest("may not make a host name of its own")
        agent = self.folder / "agent.sh"
        agent.write_text('#!/bin/sh\nhost=$1; shift\nexec unshare --uts sh -c "hostname $host; $*"\n')
        agent.chmod(0o755)
        launcher = ["--host", "node-a:1,node-b:1", "--mca", "plm_rsh_agent", agent, "--mca", "btl_tcp_if_include", "lo",
                    "--mca", "oob_tcp_if_include", "lo", "--map-by", "node"]
        alone = self.succeed(self.small())
        result = self.succeed(self.small(), ranks=2, launcher=list(map(str, launcher)))
        self.assertEqual(result.summary["transport"], "mpi")
        self.assertEqual(result.summary["world"]["nodes"], 2)
        self.assertEqual(result.summary["loss_digest"], alone.summary["loss_digest"])
        refused = run(self.small("--transport", "shm"), ranks=2, launcher=list(map(str, launcher)))
        self.assertEqual(refused.code, 2)
        self.assertIn("--transport shm needs", refused.err)

    def test_default_binding_is_released(self):
        # Without --bind-to none Open MPI gives each of two ranks one core.
        words = ["mpirun", "-np", "2", PROGRAM, *map(str, self.small())]
        done = subprocess.run(words, capture_output=True, text=True, env=environment(), timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        if len(os.sched_getaffinity(0)) > 1:
            self.assertIn("bound", done.stderr)

    def test_max_steps_ends_with_a_validation(self):
        summary = self.succeed(self.small("--max-steps", 7, epochs=3), ranks=2).summary
        self.assertEqual(summary["steps"], 7)
        self.assertIsNotNone(summary["val"]["loss"])

    def test_validation_share(self):
        only_train = self.folder / "only-train"
        only_train.mkdir(exist_ok=True)
        for file in self.data.glob("train-*"):
            if not (only_train / file.name).exists():
                os.link(file, only_train / file.name)
        flags = self.small("--val-fraction", "0.25", "--train-data", only_train)
        self.assertEqual(self.succeed(flags).summary["samples"], 750)

    def test_config_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write(f"train-data = {self.data}\nmodel-size = tiny  # a comment\nepochs = 3\nbatch-size = 32\n")
            file.flush()
            summary_file = self.folder / "from-config.json"
            result = run(["--config", file.name, "--epochs", 1, "--summary", summary_file])
            self.assertEqual(result.code, 0, result.err)
            self.assertEqual(json.loads(summary_file.read_text())["epochs"], 1)

    def test_the_guides_examples(self):
        base = ["--train-data", self.data, "--max-steps", 2, "--model-start-delay", 0]
        self.succeed([*base, "--buffer-size", 50, "--batch-size", 32, "--model-size", "small", "--epochs", 100])
        self.succeed([*base, "--buffer-size", 25, "--batch-size", 16, "--grad-accum", 4, "--num-workers", 4, "--model-size", "tiny"])
        production = ["--data-gpu", 0, "--model-gpu", 1, "--buffer-size", 100, "--batch-size", 64, "--num-workers", 16, "--epochs", 500]
        self.assertIn(run([*base, *production], ranks=2).code, (0, 3))  # 3 where there are no two GPUs


if __name__ == "__main__":
    unittest.main()
