"""SPDL: threads; FFmpeg decodes the whole picture, cuts, scales (bilinear) and flips it in one filter graph."""

import math
import random

import common
import spdl.io
from spdl.pipeline import PipelineBuilder


def crop_of(width, height):
    """torchvision's RandomResizedCrop."""
    for _ in range(10):
        area = width * height * random.uniform(0.08, 1.0)
        ratio = math.exp(random.uniform(math.log(3 / 4), math.log(4 / 3)))
        w, h = round(math.sqrt(area * ratio)), round(math.sqrt(area / ratio))
        if 0 < w <= width and 0 < h <= height:
            return w, h, random.randint(0, width - w), random.randint(0, height - h)
    side = min(width, height)
    return side, side, (width - side) // 2, (height - side) // 2


def decode(item, size):
    file, label = item
    packets = spdl.io.demux_image(file)
    w, h, left, top = crop_of(packets.width, packets.height)
    flip = ",hflip" if random.random() < 0.5 else ""
    graph = f"crop={w}:{h}:{left}:{top},scale={size}:{size}:flags=bilinear{flip},format=pix_fmts=rgb24"
    return spdl.io.decode_packets(packets, filter_desc=graph), label


def convert(items):
    return spdl.io.convert_frames([frames for frames, _ in items]), [label for _, label in items]


def endless(files, labels):
    pairs = list(zip(files, labels))
    while True:
        random.shuffle(pairs)
        yield from pairs


def main():
    args = common.parse(__doc__)
    pipeline = (
        PipelineBuilder()
        .add_source(endless(*common.files_and_labels(args.data)))
        .pipe(lambda item: decode(item, args.image_size), concurrency=args.workers)
        .aggregate(args.batch_size)
        .pipe(convert)
        .add_sink(8)
        .build(num_threads=args.workers + 1)
    )
    with pipeline.auto_stop():
        common.measure("SPDL", spdl.io.__version__ if hasattr(spdl.io, "__version__") else "0.8.0",
                       iter(pipeline.get_iterator(timeout=60)), args)


main()
