#!/usr/bin/env python3
"""Trains a small ResNet on a folder of pictures: image_folder.py DIR [--epochs N] [--checkpoint FILE]

DIR has one folder of pictures per class. With --checkpoint the run can be killed at any moment: started again, it goes
on with the batch after the last one that the file counts.
"""

import argparse
import os
import time

import torch
from torch import nn
from torch.nn import functional

import feedline


class Block(nn.Module):
    """Two convolutions with a way past them; halves height and width where `stride` is 2."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs))
        self.second = nn.Sequential(nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        self.past = nn.Conv2d(inputs, outputs, 1, stride, bias=False)

    def forward(self, x):
        return torch.relu(self.past(x) + self.second(torch.relu(self.first(x))))


class SmallResNet(nn.Module):
    """Takes uint8 pictures [B, channels, H, W] and returns scores [B, classes]."""

    def __init__(self, info, width=16):
        super().__init__()
        shape = (1, -1, 1, 1)
        self.register_buffer("mean", torch.tensor(info.mean).view(shape))
        self.register_buffer("std", torch.tensor(info.std).view(shape))
        channels = info.shapes["image"][0][0]
        self.layers = nn.Sequential(
            nn.Conv2d(channels, width, 3, 2, 1), nn.ReLU(), Block(width, width, 1), Block(width, 2 * width, 2),
            Block(2 * width, 4 * width, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
            nn.Linear(4 * width, info.class_count))

    def forward(self, pictures):
        return self.layers((pictures.float() / 255 - self.mean) / self.std)


def train_epoch(model, optimizer, loader, after_step):
    """Trains on the rest of an epoch; returns the mean loss."""
    model.train()
    losses = []
    for batch in loader:
        loss = functional.cross_entropy(model(batch["image"]), batch["label"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach())
        after_step()
    return torch.stack(losses).mean().item()


@torch.no_grad()
def accuracy(model, loader):
    """Returns the share of samples that the model gets right."""
    model.eval()
    right = sum((model(batch["image"]).argmax(1) == batch["label"]).sum().item() for batch in loader)
    return right / max(1, loader.info.samples)


class Checkpoint:
    """The file that a killed run goes on from; written whole or not at all."""

    def __init__(self, file, every_seconds, **parts):
        self.file, self.every, self.parts = file, every_seconds, parts
        self.written = time.monotonic()

    def load(self):
        if self.file and os.path.exists(self.file):
            state = torch.load(self.file)
            for name, part in self.parts.items():
                part.load_state_dict(state[name])

    def save_when_due(self):
        if self.file and time.monotonic() - self.written >= self.every:
            torch.save({name: part.state_dict() for name, part in self.parts.items()}, self.file + ".new")
            os.replace(self.file + ".new", self.file)
            self.written = time.monotonic()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--image-size", type=int, default=96)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--checkpoint", default="")
    parser.add_argument("--checkpoint-seconds", type=float, default=60)
    return parser.parse_args()


def main():
    chosen = arguments()
    torch.manual_seed(0)
    data = {"batch_size": chosen.batch_size, "image_size": chosen.image_size, "device": chosen.device,
            "buffer_size": 16, "as_": "torch"}
    with feedline.Loader(chosen.folder, augment="basic", **data) as loader, \
            feedline.Loader(chosen.folder, split="val", augment="none", **data) as held_out:
        model = SmallResNet(loader.info).to(chosen.device)
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
        checkpoint = Checkpoint(chosen.checkpoint, chosen.checkpoint_seconds,
                                model=model, optimizer=optimizer, loader=loader)
        checkpoint.load()
        for epoch in range(loader.epoch, chosen.epochs):
            loss = train_epoch(model, optimizer, loader, checkpoint.save_when_due)
            print(f"epoch {epoch}: loss {loss:.3f}, held-out pictures right {accuracy(model, held_out):.1%}")
        figures = loader.stats()
        print(f"{figures['samples_per_s']:.0f} samples/s, {figures['waited_share']:.1%} of the time spent waiting")


if __name__ == "__main__":
    main()
