#!/usr/bin/env python3
"""Trains a linear classifier of pictures in plain numpy: numpy_loop.py DIR [--epochs N] [--image-size N]

DIR has one folder of pictures per class, or IDX files (such as MNIST), which keep the size of their pictures.
"""

import argparse

import numpy as np

import feedline


def inputs_of(batch, info):
    """Returns the pictures of a batch as normalised rows: float32 [B, values]."""
    mean, std = (np.array(values, np.float32).reshape(-1, 1, 1) for values in (info.mean, info.std))
    pictures = (batch["image"] / np.float32(255) - mean) / std
    return pictures.reshape(len(pictures), -1)


def probabilities_of(x, weights):
    """Returns softmax(x @ weights): float32 [B, classes]."""
    scores = x @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--image-size", type=int)
    chosen = parser.parse_args()
    with feedline.Loader(chosen.folder, batch_size=32, image_size=chosen.image_size, as_="numpy") as loader:
        weights, rate = None, 0.01
        for epoch in range(chosen.epochs):
            losses, right = [], 0
            for batch in loader:
                x, label = inputs_of(batch, loader.info), batch["label"]
                if weights is None:
                    weights = np.zeros((x.shape[1], loader.info.class_count), np.float32)
                p = probabilities_of(x, weights)
                rows = np.arange(len(label))
                losses.append(float(-np.log(p[rows, label] + 1e-9).mean()))
                right += int((p.argmax(axis=1) == label).sum())
                p[rows, label] -= 1
                weights -= rate * (x.T @ p) / len(label)
            print(f"epoch {epoch}: loss {np.mean(losses):.3f}, right {right / loader.info.samples:.1%}")
        figures = loader.stats()
        print(f"{figures['samples_per_s']:.0f} samples/s, {figures['waited_share']:.1%} of the time spent waiting")


if __name__ == "__main__":
    main()
