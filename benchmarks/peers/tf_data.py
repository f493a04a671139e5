"""tf.data with everything on AUTOTUNE: decode_and_crop_jpeg decodes the crop only; antialiased bilinear resize."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import common  # noqa: E402
import tensorflow as tf  # noqa: E402


def load(file, label, size, antialias):
    data = tf.io.read_file(file)
    shape = tf.io.extract_jpeg_shape(data)
    begin, extent, _ = tf.image.sample_distorted_bounding_box(
        shape, tf.zeros([1, 0, 4]), min_object_covered=0.0, aspect_ratio_range=(3 / 4, 4 / 3), area_range=(0.08, 1.0),
        max_attempts=10, use_image_if_no_bounding_boxes=True)
    window = tf.stack([begin[0], begin[1], extent[0], extent[1]])
    image = tf.io.decode_and_crop_jpeg(data, window, channels=3)
    image = tf.image.resize(image, [size, size], method="bilinear", antialias=antialias)
    return tf.cast(tf.image.random_flip_left_right(image), tf.uint8), label


def main(antialias=True, name="tf.data"):
    args = common.parse(__doc__)
    files, labels = common.files_and_labels(args.data)
    data = tf.data.Dataset.from_tensor_slices((files, labels)).shuffle(len(files)).repeat()
    data = data.map(lambda file, label: load(file, label, args.image_size, antialias), num_parallel_calls=tf.data.AUTOTUNE,
                    deterministic=False)
    data = data.batch(args.batch_size).prefetch(tf.data.AUTOTUNE)
    common.measure(name, tf.__version__, iter(data), args)


if __name__ == "__main__":
    main()
