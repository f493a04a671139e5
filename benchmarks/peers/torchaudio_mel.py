"""torch's DataLoader with torchaudio's transforms, four recordings at once: its intermediate results stay in the cache.

Spectrogram and MelScale instead of MelSpectrogram, and the magnitude by hand: the absolute value of complex numbers
takes as long as the transform itself. Where that happens is the variant: "workers", in the worker processes; "main",
in the main process with all threads, the workers only decode; "alone", all in the main process with all threads.
"""

import wave

import mel_common
import numpy as np
import torch
import torchaudio
from torch.utils.data import DataLoader, Dataset, RandomSampler

ENDLESS = 1 << 40
AT_ONCE = 4


class LogMel(torch.nn.Module):
    def __init__(self, preset):
        super().__init__()
        self.ends = (preset.padding, preset.padding)
        self.spectrum = torchaudio.transforms.Spectrogram(preset.n_fft, hop_length=preset.hop, power=None, center=False)
        self.bands = torchaudio.transforms.MelScale(preset.bands, preset.rate, preset.low, preset.high,
                                                    preset.n_fft // 2 + 1, norm="slaney", mel_scale="slaney")

    def part(self, audio):
        audio = torch.nn.functional.pad(audio[:, None], self.ends, mode="reflect")[:, 0]
        spectrum = self.spectrum(audio)
        magnitude = torch.addcmul(spectrum.real.square(), spectrum.imag, spectrum.imag).sqrt_()
        return self.bands(magnitude).clamp_(min=mel_common.FLOOR).log_()

    @torch.inference_mode()
    def forward(self, audio):
        return torch.cat([self.part(part) for part in audio.split(AT_ONCE)]).contiguous()


def decode(file):
    """The mean of the channels, in [-1, 1). With `wave`: soundfile takes twice as long for small files."""
    with wave.open(file) as recording:
        channels = recording.getnchannels()
        audio = np.frombuffer(recording.readframes(recording.getnframes()), np.int16) * np.float32(1 / 32768)
    return audio if channels == 1 else audio.reshape(-1, channels).mean(axis=1)


class Recordings(Dataset):
    """Gives whole batches."""

    def __init__(self, files, labels, samples, transform=None):
        self.files, self.labels, self.samples, self.transform = files, torch.tensor(labels), samples, transform

    def __len__(self):
        return len(self.files)

    def __getitems__(self, numbers):
        batch = np.empty((len(numbers), self.samples), np.float32)
        for row, number in zip(batch, numbers):
            row[:] = decode(self.files[number])
        audio = torch.from_numpy(batch)
        return audio if self.transform is None else self.transform(audio), self.labels[numbers]


def one_thread(_):
    torch.set_num_threads(1)


def batches(files, labels, args):
    transform = LogMel(args.preset)
    data = Recordings(files, labels, args.samples, transform if args.variant == "workers" else None)
    workers = 0 if args.variant == "alone" else args.workers
    parallel = {"prefetch_factor": 4, "worker_init_fn": one_thread} if workers else {}
    # Not epoch by epoch: between epochs the workers would run dry.
    loader = DataLoader(data, args.batch_size, sampler=RandomSampler(data, num_samples=ENDLESS), num_workers=workers,
                        collate_fn=lambda batch: batch, **parallel)
    torch.set_num_threads(1 if args.variant == "workers" else args.workers)
    for audio, label in loader:
        yield audio if args.variant == "workers" else transform(audio), label


def main():
    args = mel_common.parse(__doc__, ("workers", "main", "alone"))
    mel_common.finish(f"torchaudio, {args.variant}", torchaudio.__version__, batches, args)


main()
