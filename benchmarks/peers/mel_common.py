"""What the rivals' log-mel programs share: the command line, the spectrograms' definitions, the mel bands.

Each reads the 16-bit WAV files of a folder (a folder a class) in shuffled order, again and again; takes the mean of
the channels and the log-mel spectrogram of each, and puts 32 of them with their labels into a batch, [32, bands,
frames] of float32. The spectrogram: reflected (n_fft - hop) / 2 samples at both ends, frames not centred, Hann
window, magnitude, Slaney's mel scale with his normalisation, ln(max(x, 1e-5)).
"""

import argparse
import dataclasses
import os
import pathlib

import common
import numpy as np

FLOOR = 1e-5


@dataclasses.dataclass(frozen=True)
class Preset:
    rate: int
    n_fft: int
    hop: int
    low: float
    high: float
    bands: int = 80

    @property
    def padding(self):
        return (self.n_fft - self.hop) // 2

    def window(self):
        """Hann's, periodic."""
        return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.n_fft) / self.n_fft)).astype(np.float32)

    def mel_matrix(self):
        """[n_fft / 2 + 1, bands], as librosa.filters.mel makes it."""
        edges = to_hertz(np.linspace(to_mel(self.low), to_mel(self.high), self.bands + 2))
        bins = np.linspace(0, self.rate / 2, self.n_fft // 2 + 1)[:, None]
        rise = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
        fall = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
        return (np.maximum(0, np.minimum(rise, fall)) * 2 / (edges[2:] - edges[:-2])).astype(np.float32)


PRESETS = {"phone-8k": Preset(8000, 512, 128, 0, 4000), "hifigan-22k": Preset(22050, 1024, 256, 0, 8000)}


def to_mel(hertz):
    return hertz * 3 / 200 if hertz < 1000 else 15 + np.log(hertz / 1000) * 27 / np.log(6.4)


def to_hertz(mel):
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def parse(doc, variants=("default",)):
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--mel-preset", choices=PRESETS, required=True)
    parser.add_argument("--clip-seconds", type=float, default=4)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--warmup-seconds", type=float, default=2)
    parser.add_argument("--step-ms", type=float, help="hold each batch so long and tell how busy that was")
    parser.add_argument("--variant", choices=variants, default=variants[0])
    parser.add_argument("--check", type=pathlib.Path, metavar="NPY", help="only write the first file's log-mel there")
    args = parser.parse_args()
    args.preset = PRESETS[args.mel_preset]
    args.samples = round(args.clip_seconds * args.preset.rate)
    return args


def finish(name, version, batches_of, args):
    """Measures `batches_of(files, labels, args)`, an endless iterator of batches; or checks it on one file."""
    files, labels = common.files_and_labels(args.data)
    if args.check is None:
        common.measure(name, version, batches_of(files, labels, args), args)
    args.batch_size = 1
    mel, _ = next(batches_of(files[:1], labels[:1], args))
    np.save(args.check, np.asarray(mel)[0])
    os._exit(0)
