"""Larger colour pictures for measurements: as JPEG files by Pillow where Python has it, else plain gray ones."""

import pathlib
import random

from photos import write_photos


def write_pictures(folder, count, classes=4, size=(500, 375), seed=0):
    """`count` pictures in `classes` folders; returns what they are. Pillow's have shapes and noise, as photographs do."""
    try:
        from PIL import Image
    except ImportError:
        write_photos(folder, count, classes, seed, size)
        return "gray JPEG, flat blocks"
    rng = random.Random(seed)
    for number in range(count):
        label = number % classes
        file = pathlib.Path(folder) / f"class{label}" / f"{number:04}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        shapes = Image.frombytes("RGB", (24, 18), rng.randbytes(24 * 18 * 3)).resize(size, Image.Resampling.BICUBIC)
        noise = Image.frombytes("RGB", size, rng.randbytes(size[0] * size[1] * 3))
        Image.blend(shapes, noise, 0.1).save(file, quality=90)
    return "colour JPEG, quality 90"
