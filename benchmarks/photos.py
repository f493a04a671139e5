#!/usr/bin/env python3
"""Makes two sets of real photographs, a folder a class, from those of Debian's mate-backgrounds.

    photos.py FOLDER      FOLDER/small: 2000 of around 500 x 375, FOLDER/large: 250 of 2048 x 1536, quality 90

Runs on the Python of benchmarks/peers/setup.sh (it needs Pillow). What is there already stays.
"""

import argparse
import pathlib
import random

from PIL import Image

SOURCE = pathlib.Path("/usr/share/backgrounds/mate/nature")
SMALL_SIZES = [(500, 375)] * 6 + [(500, 333), (375, 500), (480, 360), (500, 400)]
LARGE_SIZES = [(2048, 1536)]


def crop(picture, size, rng):
    """A random part of the picture with the shape of `size`, scaled to it: from as many pixels, up to all."""
    width, height = size
    most = min(picture.width / width, picture.height / height)
    scale = rng.uniform(min(1.0, most), most)
    w, h = int(width * scale), int(height * scale)
    left, top = rng.randint(0, picture.width - w), rng.randint(0, picture.height - h)
    return picture.crop((left, top, left + w, top + h)).resize(size, Image.BICUBIC)


def make_set(folder, count, sizes, pictures):
    rng = random.Random(count)
    bytes_written = 0
    for number in range(count):
        name, picture = pictures[number % len(pictures)]
        file = folder / name / f"{number:05}.jpg"
        photo = crop(picture, rng.choice(sizes), rng)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            photo.save(file, quality=90)
        bytes_written += file.stat().st_size
    print(f"{folder}: {count} photographs, {bytes_written / count / 1000:.0f} KB each")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    folder = parser.parse_args().folder
    files = sorted(SOURCE.glob("*.jpg"))
    if not files:
        parser.error(f"{SOURCE} has no photographs: apt-get install mate-backgrounds")
    pictures = [(file.stem, Image.open(file).convert("RGB")) for file in files]
    make_set(folder / "small", 2000, SMALL_SIZES, pictures)
    make_set(folder / "large", 250, LARGE_SIZES, pictures)


if __name__ == "__main__":
    main()
