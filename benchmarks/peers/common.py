"""What the rivals' programs share: the command line and the clock.

Each reads the files of a folder (a folder a class) in shuffled order, again and again; takes a random part (area
8 % to 100 %, ratio 3:4 to 4:3), scales it to N x N with a bilinear filter, flips half of them, and puts 64 of them
with their labels into a batch of bytes.
"""

import argparse
import json
import os
import pathlib
import time


def parse(doc):
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--image-size", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--warmup-seconds", type=float, default=2)
    parser.add_argument("--step-ms", type=float, help="hold each batch so long and tell how busy that was")
    return parser.parse_args()


def files_and_labels(folder):
    """All pictures, and the number of the folder that each lies in."""
    classes = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())
    pairs = [(str(file), label) for label, name in enumerate(classes) for file in sorted((folder / name).iterdir())]
    return [file for file, _ in pairs], [label for _, label in pairs]


def rate(batches, args):
    """Samples a second, of an endless iterator of batches, once it is warm."""
    end = time.monotonic() + args.warmup_seconds
    while time.monotonic() < end:
        next(batches)
    begin, samples = time.monotonic(), 0
    while time.monotonic() < begin + args.seconds:
        next(batches)
        samples += args.batch_size
    return {"samples_per_s": samples / (time.monotonic() - begin), "samples": samples}


def busy(batches, args):
    """Share of the time that a consumer worked that holds each batch for a fixed time, from the first batch on."""
    step = args.step_ms / 1000
    next(batches)
    begin, steps = time.monotonic(), 0
    while time.monotonic() < begin + args.seconds:
        if steps:
            next(batches)
        time.sleep(step)
        steps += 1
    return {"busy": steps * step / (time.monotonic() - begin), "samples": steps * args.batch_size}


def measure(name, version, batches, args):
    figures = busy(batches, args) if args.step_ms is not None else rate(batches, args)
    print(json.dumps({"peer": name, "version": version, **figures}), flush=True)
    os._exit(0)  # not all of them end by themselves
