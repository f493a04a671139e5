"""tf.data with everything on AUTOTUNE: decode_wav, tf.signal.stft, a product with the matrix of the mel bands.

The magnitude is taken by hand: tf.abs of complex numbers takes as long as the transform itself. Variant "files" takes
the spectrogram file by file, "batches" of whole batches.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import mel_common  # noqa: E402
import tensorflow as tf  # noqa: E402


def decode(file, label, samples):
    audio, _ = tf.audio.decode_wav(tf.io.read_file(file))
    return tf.ensure_shape(tf.reduce_mean(audio, axis=1), [samples]), label


def log_mel(audio, preset, matrix):
    """[..., samples] to [..., bands, frames]."""
    ends = [[0, 0]] * (audio.shape.rank - 1) + [[preset.padding, preset.padding]]
    spectrum = tf.signal.stft(tf.pad(audio, ends, "REFLECT"), preset.n_fft, preset.hop, preset.n_fft)
    magnitude = tf.sqrt(tf.square(tf.math.real(spectrum)) + tf.square(tf.math.imag(spectrum)))
    mel = tf.matmul(matrix, magnitude, transpose_a=True, transpose_b=True)
    return tf.math.log(tf.maximum(mel, mel_common.FLOOR))


def batches(files, labels, args):
    matrix = tf.constant(args.preset.mel_matrix())
    fast = {"num_parallel_calls": tf.data.AUTOTUNE, "deterministic": False}
    data = tf.data.Dataset.from_tensor_slices((files, labels)).shuffle(len(files)).repeat()
    data = data.map(lambda file, label: decode(file, label, args.samples), **fast)
    if args.variant == "batches":
        data = data.batch(args.batch_size, drop_remainder=True)
    data = data.map(lambda audio, label: (log_mel(audio, args.preset, matrix), label), **fast)
    if args.variant == "files":
        data = data.batch(args.batch_size, drop_remainder=True)
    return iter(data.prefetch(tf.data.AUTOTUNE))


def main():
    args = mel_common.parse(__doc__, ("files", "batches"))
    mel_common.finish(f"tf.data, {args.variant}", tf.__version__, batches, args)


main()
