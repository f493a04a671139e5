"""DALI on the CPU: decoders.audio, spectrogram, mel_filter_bank, to_decibels with a factor that makes it ln.

DALI's own reflected padding is n_fft / 2 a side and centres the frames; ours is made of two flipped pieces.
"""

import math

import mel_common
from nvidia import dali
from nvidia.dali import fn, types


def flipped(audio, start, length):
    piece = fn.slice(audio, start=start, shape=length, axes=[0])
    return fn.reshape(fn.flip(fn.reshape(piece, shape=[1, length, 1], layout="HWC")), shape=[length], layout="t")


@dali.pipeline_def
def pipeline(files, labels, args):
    preset = args.preset
    data, label = fn.readers.file(files=files, labels=labels, random_shuffle=True, name="reader")
    audio, _ = fn.decoders.audio(data, dtype=types.FLOAT, downmix=True)
    head = flipped(audio, 1, preset.padding)
    tail = flipped(audio, args.samples - 1 - preset.padding, preset.padding)
    audio = fn.cat(head, audio, tail, axis=0)
    spectrum = fn.spectrogram(audio, nfft=preset.n_fft, window_length=preset.n_fft, window_step=preset.hop, power=1,
                              center_windows=False, window_fn=preset.window().tolist())
    mel = fn.mel_filter_bank(spectrum, sample_rate=preset.rate, nfilter=preset.bands, freq_low=preset.low,
                             freq_high=preset.high, mel_formula="slaney", normalize=True)
    log = fn.to_decibels(mel, multiplier=math.log(10), reference=1.0, cutoff_db=math.log(mel_common.FLOOR))
    return log, label


def batches(files, labels, args):
    pipe = pipeline(files, labels, args, batch_size=args.batch_size, num_threads=args.workers, device_id=None,
                    prefetch_queue_depth=4)
    pipe.build()
    while True:
        mel, label = pipe.run()
        yield mel.as_tensor(), label.as_tensor()


def main():
    args = mel_common.parse(__doc__)
    mel_common.finish("DALI (CPU)", dali.__version__, batches, args)


main()
