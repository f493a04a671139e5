"""DALI on the CPU: decoders.image_random_crop decodes the crop only; resize is antialiased as by default."""

import common
from nvidia import dali
from nvidia.dali import fn, types


@dali.pipeline_def
def pipeline(folder, size):
    files, labels = fn.readers.file(file_root=str(folder), random_shuffle=True, name="reader")
    images = fn.decoders.image_random_crop(files, device="cpu", output_type=types.RGB, random_area=[0.08, 1.0],
                                           random_aspect_ratio=[3 / 4, 4 / 3])
    images = fn.resize(images, size=[size, size], interp_type=types.INTERP_LINEAR)
    return fn.flip(images, horizontal=fn.random.coin_flip()), labels


def batches(args):
    pipe = pipeline(args.data, args.image_size, batch_size=args.batch_size, num_threads=args.workers, device_id=None,
                    prefetch_queue_depth=4)
    pipe.build()
    while True:
        images, labels = pipe.run()
        yield images.as_tensor(), labels.as_tensor()


def main():
    args = common.parse(__doc__)
    common.measure("DALI (CPU)", dali.__version__, batches(args), args)


main()
