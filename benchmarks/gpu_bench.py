#!/usr/bin/env python3
"""What does feedline reach on this GPU, beside PyTorch's DataLoader with the same model on the same data?

    gpu_bench.py [--program build/release/bin/feedline] [--data DIR] [--quick] [--precision bf16] [--device cpu]

Needs only a Python with torch; the photographs are compared where it has torchvision too. benchmarks/README.md says what
each number means.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "tests/support"))

PROGRAM = os.environ.get("FEEDLINE_PROGRAM", "build/release/bin/feedline")
DATA = os.environ.get("FEEDLINE_FASHION_MNIST", "/usr/share/datasets/fashion-mnist")
CORES = len(os.sched_getaffinity(0))
BATCH = 64


def write_model(file, channels, classes, width, large):
    """A residual network as TorchScript: both sides train this file."""
    from torch import jit, nn

    class Block(nn.Module):
        def __init__(self, inside, outside, stride):
            super().__init__()
            self.body = nn.Sequential(
                nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.GroupNorm(outside // 8, outside), nn.ReLU(),
                nn.Conv2d(outside, outside, 3, 1, 1, bias=False), nn.GroupNorm(outside // 8, outside))
            self.shortcut = nn.Conv2d(inside, outside, 1, stride, bias=False)

        def forward(self, x):
            return (self.body(x) + self.shortcut(x)).relu()

    stem = nn.Conv2d(channels, width, 7, 4, 3) if large else nn.Conv2d(channels, width, 3, 1, 1)
    blocks = [Block(width << max(0, i - 1), width << i, 2 if i else 1) for i in range(4)]
    net = nn.Sequential(stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width << 3, classes))
    jit.script(net).save(str(file))


# ---- feedline


def summary_of(args, ranks, *flags):
    env = dict(os.environ)
    if os.getuid() == 0:
        env.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    with tempfile.TemporaryDirectory() as folder:
        summary = pathlib.Path(folder) / "summary.json"
        launcher = ["mpirun", "--oversubscribe", "--bind-to", "none", "-np", str(ranks)] if ranks > 1 else []
        words = [*launcher, args.program, "train", "--device", args.device, "--precision", args.precision, "--val-fraction", 0,
                 "--epochs", 100000, "--batch-size", BATCH, *flags, "--summary", summary]
        done = subprocess.run(list(map(str, words)), env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, words))}\n{done.stderr}")
        return json.loads(summary.read_text())


def feedline(args, ranks, steps, *flags):
    """The steps behind the first fifth, by the difference of two runs: the first ones set up CUDA, cuDNN and TorchScript."""
    early = steps // 5
    first, whole = (summary_of(args, ranks, "--max-steps", of, *flags) for of in (early, steps))
    wall_s = whole["wall_s"] - first["wall_s"]
    return {"samples_per_s": (whole["samples"] - first["samples"]) / wall_s,
            "busy": (whole["step_s"] - first["step_s"]) / wall_s}


# ---- PyTorch, in a process of its own


def idx_data(folder):
    """Fashion-MNIST in memory; a sample is cropped out of its picture with a border of 2, half of them are mirrored."""
    import gzip
    import torch

    def read(name, header):
        with gzip.open(pathlib.Path(folder) / name) as file:
            return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)

    labels = read("train-labels-idx1-ubyte.gz", 8).long()
    pictures = torch.nn.functional.pad(read("train-images-idx3-ubyte.gz", 16).view(-1, 1, 28, 28), (2, 2, 2, 2))

    class Idx(torch.utils.data.Dataset):
        def __len__(self):
            return len(labels)

        def __getitem__(self, i):
            y, x, flip = torch.randint(0, 5, (2,)).tolist() + [torch.rand(()).item() < 0.5]
            picture = pictures[i, :, y:y + 28, x:x + 28]
            return picture.flip(2) if flip else picture, labels[i]

    return Idx()


def photo_data(folder):
    from torchvision import datasets
    from torchvision.transforms import v2
    return datasets.ImageFolder(folder, v2.Compose([
        v2.RandomResizedCrop(224, scale=(0.08, 1.0), antialias=True), v2.RandomHorizontalFlip(), v2.PILToTensor()]))


def forever(loader):
    while True:
        yield from loader


class StepClock:
    """Time that steps take on the device: by events on its stream, so that nothing waits for them."""

    def __init__(self, torch, cuda):
        self.torch, self.cuda, self.marks = torch, cuda, []

    def mark(self):
        if self.cuda:
            event = self.torch.cuda.Event(enable_timing=True)
            event.record()
            self.marks.append(event)
        else:
            self.marks.append(time.monotonic())

    def seconds(self):
        pairs = list(zip(self.marks[::2], self.marks[1::2]))
        if not self.cuda:
            return sum(end - begin for begin, end in pairs)
        self.torch.cuda.synchronize()
        return sum(begin.elapsed_time(end) for begin, end in pairs) / 1000


def peer(args):
    import torch
    torch.backends.cudnn.allow_tf32 = False  # fp32 is what it says; so it is in feedline
    torch.set_num_threads(CORES if args.device == "cpu" else 1)
    cuda = args.device == "cuda"
    data = photo_data(args.data) if args.kind == "photos" else idx_data(args.data)
    workers = args.workers
    more = {"persistent_workers": True, "prefetch_factor": 4} if workers else {}
    loader = torch.utils.data.DataLoader(data, BATCH, shuffle=True, drop_last=True, num_workers=workers, pin_memory=cuda, **more)
    model = torch.jit.load(args.model, map_location=args.device).train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_of = torch.nn.CrossEntropyLoss()

    batches = forever(loader)
    batch = next(batches)
    clock = StepClock(torch, cuda)
    if args.cached:
        batch = [tensor.to(args.device) for tensor in batch]
    early = args.steps // 5
    for step in range(args.steps):
        if step == early:  # as in feedline's runs
            if cuda:
                torch.cuda.synchronize()
            clock, begin = StepClock(torch, cuda), time.monotonic()
        if step and not args.cached:
            batch = next(batches)
        pictures, labels = (tensor.to(args.device, non_blocking=True) for tensor in batch)
        clock.mark()
        with torch.autocast(args.device, torch.bfloat16, enabled=args.precision == "bf16"):
            loss = loss_of(model(pictures.float().div_(127.5).sub_(1)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        clock.mark()
    busy_s = clock.seconds()
    wall_s = time.monotonic() - begin
    print(json.dumps({"samples_per_s": (args.steps - early) * BATCH / wall_s, "busy": busy_s / wall_s}), flush=True)
    os._exit(0)  # worker processes need not end in order


def run_peer(args, kind, data, model, steps, workers, *more):
    words = [sys.executable, HERE, "--peer", "--kind", kind, "--data", data, "--model", model, "--steps", steps,
             "--workers", workers, "--device", args.device, "--precision", args.precision, *more]
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


# ---- the question


def variants(args, kind, data, model, steps):
    import torch
    base = ["--train-data", data, "--model", model]
    shm = [*base, "--transport", "shm"]
    ways = {
        "PyTorch, no pipeline: num_workers=0": lambda: run_peer(args, kind, data, model, steps, 0),
        f"PyTorch DataLoader, {CORES} workers": lambda: run_peer(args, kind, data, model, steps, CORES),
        "PyTorch, one batch on the device again and again": lambda: run_peer(args, kind, data, model, steps, 0, "--cached"),
        "feedline, --buffer-size 1 --num-workers 1": lambda: feedline(
            args, 1, steps, *base, "--buffer-size", 1, "--num-workers", 1),
        "feedline, --buffer-size 50": lambda: feedline(args, 1, steps, *base, "--buffer-size", 50),
        "feedline, --buffer-size 100": lambda: feedline(args, 1, steps, *base, "--buffer-size", 100),
        "feedline, two ranks, shm": lambda: feedline(args, 2, steps, *shm, "--buffer-size", 100),
        "feedline, all batches in memory": lambda: feedline(
            args, 2, steps, *shm, "--buffer-size", steps, "--model-start-delay", 8),
    }
    if args.device == "cuda" and torch.cuda.device_count() >= 2:
        ways["feedline, two ranks, two GPUs"] = lambda: feedline(
            args, 2, steps, *base, "--data-gpu", 0, "--model-gpu", 1, "--buffer-size", 100)
    return ways


def compare(args, title, kind, data, model, steps, rounds):
    ways = variants(args, kind, data, model, steps)
    runs = {way: [] for way in ways}
    for _ in range(rounds):  # in turns, so that the machine's moods meet all alike
        for way, run in ways.items():
            runs[way].append(run())
    rates = {way: statistics.median(run["samples_per_s"] for run in runs[way]) for way in ways}
    names = list(ways)
    print(f"\n{title}, {args.precision}, batches of {BATCH}, steps {steps // 5} to {steps}, {CORES} cores, medians of {rounds}\n")
    print("| | samples/s | busy | times no pipeline | times DataLoader |\n|---|---|---|---|---|")
    for way, rate in rates.items():
        busy = statistics.median(run["busy"] for run in runs[way])
        print(f"| {way} | {rate:.0f} | {100 * busy:.1f} % | {rate / rates[names[0]]:.2f} | {rate / rates[names[1]]:.2f} |",
              flush=True)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=PROGRAM)
    parser.add_argument("--data", default=DATA, help="Fashion-MNIST")
    parser.add_argument("--device", default="cuda", choices=("cuda", "cpu"))
    parser.add_argument("--precision", default="fp32", choices=("fp32", "bf16"))
    parser.add_argument("--steps", type=int, help="of each run (1500, of photographs a sixth)")
    parser.add_argument("--quick", action="store_true", default=bool(os.environ.get("FEEDLINE_GPU_QUICK")))
    for internal in ("--peer", "--cached"):
        parser.add_argument(internal, action="store_true", help=argparse.SUPPRESS)
    for internal in ("--kind", "--model"):
        parser.add_argument(internal, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def can_import(module):
    return subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0


def main():
    args = parse()
    if args.peer:
        return peer(args)
    import gpu
    if args.device == "cuda" and gpu.count() == 0:
        print("skipped: there is no GPU")
        sys.exit(77)
    if not can_import("torch"):
        raise SystemExit(f"{sys.executable} has no torch: start this with a Python that has one")
    steps, rounds = args.steps or (300 if args.quick else 1500), 1 if args.quick else 3
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder) / "model.pt"
        write_model(model, 1, 10, 32, large=False)
        compare(args, "Fashion-MNIST", "idx", args.data, model, steps, rounds)
        if not can_import("torchvision"):
            print("\nNo photographs: this Python has no torchvision.")
            return
        from pictures import write_pictures
        photos = pathlib.Path(folder) / "photos"
        kind = write_pictures(photos, 512)
        write_model(model, 3, 4, 64, large=True)
        compare(args, f"Pictures of 500 x 375 ({kind}) cropped to 224", "photos", photos, model, max(10, steps // 6), rounds)


if __name__ == "__main__":
    main()
