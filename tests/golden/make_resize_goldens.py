#!/usr/bin/env python3
"""Makes tests/golden/resize: made-up pictures as JPEG files, and what Pillow makes of them for validation.

    make_resize_goldens.py         needs Pillow (13.0.0 made those that are here)

NAME.jpg is a picture; NAME-N.png is its shorter side scaled to N x 8/7 by Image.resize(BILINEAR), which is antialiased,
and the middle N x N of that: torchvision's Resize and CenterCrop.
"""

import math
import pathlib
import random

from PIL import Image, ImageDraw, ImageFilter

FOLDER = pathlib.Path(__file__).parent / "resize"
SIZES = {"wide": ((320, 240), [210, 150, 105, 70, 52, 42, 30, 26]), "tall": ((150, 260), [131, 100, 64, 33, 16])}
# Colour at half the width only, as many cameras write it.
HALF_WIDTH = {"soft": ((320, 240), [70, 52, 26])}


def picture(size, seed):
    """Waves, discs and a little noise: smooth parts, edges and texture, as a photograph has."""
    rng = random.Random(seed)
    width, height = size
    image = Image.new("RGB", size)
    image.putdata([(int(127 + 90 * math.sin(x / 23 + y / 31)), int(127 + 90 * math.cos(x / 17 - y / 41)),
                    int(127 + 90 * math.sin((x * x + y * y) / 9000))) for y in range(height) for x in range(width)])
    draw = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, r = rng.randrange(width), rng.randrange(height), rng.randrange(4, 40)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(rng.randrange(256) for _ in range(3)))
    image = image.filter(ImageFilter.GaussianBlur(0.7))
    image.putdata([tuple(min(255, max(0, value + rng.randint(-6, 6))) for value in pixel) for pixel in image.getdata()])
    return image


def expected(image, side):
    width, height = image.size
    shorter = side * 8 // 7
    if width <= height:
        scaled = (shorter, shorter * height // width)
    else:
        scaled = (shorter * width // height, shorter)
    left, top = (round((extent - side) / 2) for extent in scaled)
    return image.resize(scaled, Image.BILINEAR).crop((left, top, left + side, top + side))


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, (size, sides) in (SIZES | HALF_WIDTH).items():
        file = FOLDER / f"{name}.jpg"
        picture(size, seed=len(name)).save(file, quality=90, subsampling="4:2:2" if name in HALF_WIDTH else "4:2:0")
        image = Image.open(file).convert("RGB")
        for side in sides:
            expected(image, side).save(FOLDER / f"{name}-{side}.png", optimize=True)


if __name__ == "__main__":
    main()
