"""What ten runs of all kinds come to, as JSON: before and after a change that must change nothing, the same.

    FEEDLINE_PROGRAM=build/release/bin/feedline PYTHONPATH=tests/support python3 tests/tools/ten_runs.py > before.json

Every task, one rank and two, three transports, several data ranks, and a run that was interrupted and resumed.
"""

import json
import pathlib
import sys
import tempfile

import feedline
import photos
import speech_files

COMMON = ["--model-size", "tiny", "--batch-size", "8", "--train-threads", "1", "--model-start-delay", "0",
          "--val-fraction", "0.25", "--epochs", "2"]


def make_data(root):
    idx, pictures, sounds, speech = (root / name for name in ("idx", "pictures", "sounds", "speech"))
    idx.mkdir()
    feedline.write_split(idx, "train", 200, seed=1)
    feedline.write_split(idx, "t10k", 40, seed=2)
    photos.write_photos(pictures, 48)
    speech_files.write_classes(sounds, 36)
    speech_files.write_speech(speech, 40)
    return {"idx": [idx], "pictures": [pictures, "--image-size", "64"], "sounds": [sounds, "--clip-seconds", "0.5"],
            "speech": [speech]}


def come_to(data, *flags, ranks=1):
    """What must not change of a run's summary."""
    result = feedline.run(["--train-data", *data, *COMMON, *flags], ranks=ranks, timeout=300)
    if result.code != 0:
        sys.exit(f"{flags} ended with {result.code}: {result.err}")
    summary = result.summary
    kept = ("sample_digest", "loss_digest", "steps", "samples", "first_loss", "last_loss", "val_loss", "val", "transport",
            "parameters", "exit")
    return {key: summary[key] for key in kept if key in summary} | {"keys": sorted(summary)}


def resumed(data, folder):
    come_to(data, "--checkpoint-dir", folder, "--max-steps", "3")
    return come_to(data, "--checkpoint-dir", folder, "--resume", "auto")


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        data = make_data(root)
        runs = {
            "idx, one rank": come_to(data["idx"]),
            "idx, shm": come_to(data["idx"], "--transport", "shm", ranks=2),
            "idx, mpi": come_to(data["idx"], "--transport", "mpi", ranks=2),
            "idx, resumed": resumed(data["idx"], root / "checkpoints"),
            "pictures, one rank": come_to(data["pictures"]),
            "pictures, strong, shm": come_to(data["pictures"], "--augment", "strong", ranks=2),
            "pictures, two data ranks": come_to(data["pictures"], "--data-ranks", "2", ranks=3),
            "sounds, mpi": come_to(data["sounds"], "--transport", "mpi", ranks=2),
            "speech, one rank": come_to(data["speech"]),
            "speech, two data ranks over mpi": come_to(data["speech"], "--data-ranks", "2", "--transport", "mpi",
                                                       ranks=3),
        }
    print(json.dumps(runs, indent=1))


if __name__ == "__main__":
    main()
