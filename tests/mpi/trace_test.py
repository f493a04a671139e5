"""--trace: the timeline of all ranks is there, whole, and tells what the summary tells."""

import json
import pathlib
import unittest

from feedline import ProgramTest, run
from photos import write_photos

SAMPLES, VALIDATION, BATCH = 1000, 130, 32
BATCHES = -(-SAMPLES // BATCH) + -(-VALIDATION // BATCH)
STEP, STALL, TAKE = "step", "STALL: no batch is ready", "take a batch"


class Timeline:
    """A file of --trace as Perfetto sees it."""

    def __init__(self, path):
        self.file = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        self.events = self.file["traceEvents"]
        self.processes = {event["pid"]: event["args"]["name"] for event in self.events if event["name"] == "process_name"}
        self.lanes = {(event["pid"], event["tid"]): event["args"]["name"]
                      for event in self.events if event["name"] == "thread_name"}
        self.spans = [event for event in self.events if event["ph"] == "X"]

    def named(self, name, pid=None):
        return [span for span in self.spans if span["name"] == name and pid in (None, span["pid"])]

    def seconds(self, name):
        return sum(span["dur"] for span in self.named(name)) * 1e-6


class Trace(ProgramTest):
    def traced(self, *extra, ranks=1, launcher=(), **kwargs):
        file = self.folder / "trace.json"
        file.unlink(missing_ok=True)
        result = run(self.small("--trace", file, *extra), ranks=ranks, launcher=launcher, **kwargs)
        self.assertTrue(file.exists(), result.err)
        timeline = Timeline(file)
        self.check_form(timeline)
        return result, timeline

    def check_form(self, timeline):
        """What every file must be, whatever was run."""
        for event in timeline.events:
            self.assertGreaterEqual(event.get("ts", 0), 0, event)
            self.assertGreaterEqual(event.get("dur", 0), 0, event)
            self.assertIn(event["pid"], timeline.processes)
            if event["ph"] == "X":
                self.assertIn((event["pid"], event["tid"]), timeline.lanes)
        for lane in timeline.lanes:
            open_ends, last = [], 0
            for span in (span for span in timeline.spans if (span["pid"], span["tid"]) == lane):
                begin, end = span["ts"], span["ts"] + span["dur"]
                self.assertGreaterEqual(begin, last, f"{span} comes too late in {timeline.lanes[lane]}")
                last = begin
                while open_ends and open_ends[-1] <= begin:
                    open_ends.pop()
                if open_ends:
                    self.assertLessEqual(end, open_ends[-1], f"{span} overlaps another of {timeline.lanes[lane]}")
                open_ends.append(end)

    def check_run(self, summary, timeline, model_pid):
        """A run of one epoch to its end."""
        samples = timeline.named("sample", pid=0)
        self.assertEqual(len(samples), SAMPLES + VALIDATION)
        self.assertTrue(all(0 <= span["args"]["batch"] < BATCHES for span in samples))
        self.assertEqual(len({(span["args"]["sample"], span["args"]["batch"]) for span in samples}), SAMPLES + VALIDATION)
        self.assertEqual(len(timeline.named("publish", pid=0)), BATCHES)
        steps = timeline.named(STEP, pid=model_pid)
        self.assertEqual(len(steps), summary["steps"])
        self.assertEqual(sum(span["args"]["samples"] for span in steps), summary["samples"])
        for part in ("forward and backward", "optimizer"):
            self.assertEqual(len(timeline.named(part, pid=model_pid)), summary["steps"])
        taken = timeline.named(TAKE, pid=model_pid) + timeline.named(STALL, pid=model_pid)
        self.assertEqual(sorted(span["args"]["batch"] for span in taken), list(range(BATCHES)))
        self.assertEqual(len(timeline.named("validation", pid=model_pid)), BATCHES - summary["steps"])
        for phase in ("load the program", "open the data", "connect"):
            self.assertEqual({span["pid"] for span in timeline.named(phase)}, {0, model_pid}, phase)
        self.assertEqual([span["pid"] for span in timeline.named("build the model")], [model_pid])
        # Clocks are read a moment apart.
        self.assertAlmostEqual(timeline.seconds(STEP), summary["step_s"], delta=0.05 + 0.2 * summary["step_s"])
        gauges = {event["name"] for event in timeline.events if event["ph"] == "C"}
        self.assertEqual(gauges, {"batches in the ring", "batches ready to train on"})
        self.assertEqual(timeline.file["otherData"]["exit"], "done")

    def test_one_rank(self):
        plain = self.succeed(self.small())
        result, timeline = self.traced()
        self.assertEqual(result.code, 0, result.err)
        self.assertIn("ui.perfetto.dev", result.err)
        self.assertEqual(timeline.processes, {0: "rank 0 (data and model)"})
        self.check_run(result.summary, timeline, model_pid=0)
        for digest in ("loss_digest", "sample_digest"):
            self.assertEqual(result.summary[digest], plain.summary[digest])

    def test_two_ranks(self):
        plain = self.succeed(self.small())
        for transport in ("shm", "mpi"):
            with self.subTest(transport=transport):
                result, timeline = self.traced("--transport", transport, "--model-start-delay", "0.2", ranks=2)
                self.assertEqual(result.code, 0, result.err)
                self.assertEqual(timeline.processes, {0: "rank 0 (data)", 1: "rank 1 (model)"})
                self.check_run(result.summary, timeline, model_pid=1)
                self.assertEqual(len(timeline.named("start delay", pid=1)), 1)
                # One clock: a batch is used after its first sample was begun.
                begun = {}
                for span in timeline.named("sample"):
                    batch = span["args"]["batch"]
                    begun[batch] = min(span["ts"], begun.get(batch, span["ts"]))
                for span in timeline.named(STEP):
                    self.assertGreater(span["ts"], begun[span["args"]["batch"]])
                for digest in ("loss_digest", "sample_digest"):
                    self.assertEqual(result.summary[digest], plain.summary[digest])

    def test_stages_of_pictures(self):
        photos = self.folder / "photos"
        write_photos(photos, 60)
        result, timeline = self.traced("--train-data", photos, "--image-size", 32, "--batch-size", 8, "--max-steps", 2,
                                       "--synthetic-step-ms", 1)
        self.assertEqual(result.code, 0, result.err)
        samples = timeline.named("sample")
        for stage in ("read", "decode", "transform"):
            self.assertEqual(len(timeline.named(stage)), len(samples), stage)
        self.assertLessEqual(sum(map(timeline.seconds, ("read", "decode", "transform"))), timeline.seconds("sample") + 1e-9)

    def test_slow_training_fills_the_ring_and_a_slow_input_stalls(self):
        _, timeline = self.traced("--synthetic-step-ms", 20, "--buffer-size", 2, "--max-steps", 20)
        self.assertGreater(timeline.seconds("wait for a free slot"), timeline.seconds(STALL))
        _, timeline = self.traced("--synthetic-step-ms", 0, "--max-steps", 5, env={"FEEDLINE_FAULT": "slow-read:5ms"})
        self.assertGreater(len(timeline.named(STALL)), 0)

    def test_checkpoints(self):
        result, timeline = self.traced("--checkpoint-dir", self.folder / "checkpoints", "--checkpoint-every-steps", 10)
        self.assertEqual(result.code, 0, result.err)
        writes = timeline.named("write a checkpoint")
        self.assertGreater(len(writes), 0)
        self.assertEqual({timeline.lanes[span["pid"], span["tid"]] for span in writes}, {"checkpoint writer"})
        self.assertEqual(len(timeline.named("checkpoint: training stands still")), len(writes))

    def test_odd_names(self):
        odd = self.folder / 'a "quoted" \\ name\n'
        odd.symlink_to(self.data)
        file = self.folder / "odd \\ \"trace\".json"
        result = run(self.small("--train-data", odd, "--trace", file, "--max-steps", 2))
        self.assertEqual(result.code, 0, result.err)
        self.assertIn(str(odd), Timeline(file).file["otherData"]["flags"])

    def test_is_written_when_the_run_is_stopped(self):
        for ranks, fault in ((1, "term:rank0@batch=20"), (2, "term:rank1@batch=20"), (2, "term:rank0@batch=60")):
            with self.subTest(ranks=ranks, fault=fault):
                result, timeline = self.traced("--synthetic-step-ms", 1, "--epochs", 1000, ranks=ranks,
                                               env={"FEEDLINE_FAULT": fault})
                self.assertEqual(result.code, 75, result.err)
                self.assertEqual(len(timeline.processes), ranks)
                self.assertEqual(len(timeline.named(STEP)), result.summary["steps"])
                self.assertGreater(len(timeline.named("sample", pid=0)), 0)
                self.assertEqual(timeline.file["otherData"]["exit"], "stopped")

    def test_is_written_when_the_run_fails(self):
        for ranks in (1, 2):
            result, timeline = self.traced("--train-data", self.folder / "nowhere", ranks=ranks)
            self.assertEqual(result.code, 4, result.err)
            self.assertEqual(len(timeline.processes), ranks)
            self.assertEqual(len(timeline.named("open the data")), ranks)
            self.assertIn("nowhere", timeline.file["otherData"]["exit"])

    def test_a_lost_rank_is_shown_as_missing(self):
        result, timeline = self.traced(ranks=2, launcher=["--enable-recovery"],
                                       env={"FEEDLINE_FAULT": "kill:rank0@batch=10"})
        self.assertIsNotNone(result.summary, result.err)
        self.assertEqual(result.summary["exit"], "done", result.err)
        self.assertEqual(timeline.processes, {0: "rank 0 (data)", 1: "rank 1 (model)"})
        self.assertEqual([span for span in timeline.spans if span["pid"] == 0], [])
        notes = [event["name"] for event in timeline.events if event["ph"] == "i" and event["pid"] == 0]
        self.assertEqual(len(notes), 1)
        self.assertIn("it was lost", notes[0])
        self.assertGreater(len(timeline.named("sample", pid=1)), 0)  # of those who took over


if __name__ == "__main__":
    unittest.main()
