#!/usr/bin/env python3
"""Makes tests/golden/mel: made-up recordings as the presets' own projects turn them into spectrograms.

    make_mel_goldens.py            needs torch, torchaudio and librosa (2.11.0, 2.11.0 and 0.11.0 made those here)

Each PRESET.golden is a line "SIGNAL SAMPLES FRAMES BANDS", then the spectrogram as float32, band after band, and so on
for each signal. Everything is computed in double. speechbrain's filters are written out after its source; the others
are the libraries' own.
"""

import math
import pathlib

import librosa
import numpy as np
import torch
import torchaudio

FOLDER = pathlib.Path(__file__).parent / "mel"


def noise(count):
    """Uniform in [-0.5, 0.5) (Numerical Recipes' generator)."""
    state, values = 1, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append((state >> 8) / 2**24 - 0.5)
    return values


SIGNALS = {
    "noise": noise,
    "chirp": lambda count: [0.8 * math.sin(0.01 * i + 0.00004 * i * i) for i in range(count)],
    "silence": lambda count: [0.0] * count,
    "impulse": lambda count: [1.0 if i == count // 2 else 0.0 for i in range(count)],
}


def wave(signal, count):
    return torch.tensor(np.array(SIGNALS[signal](count), dtype=np.float32).astype(np.float64))


def filters(rate, n_fft, low, high, bands=80):
    return torch.tensor(librosa.filters.mel(sr=rate, n_fft=n_fft, n_mels=bands, fmin=low, fmax=high, dtype=np.float64))


def stft(x, n_fft, hop, win, window, pad_mode="reflect", center=True):
    return torch.stft(x, n_fft, hop, win, window, center=center, pad_mode=pad_mode, return_complex=True)


def hann(size, periodic=True):
    return torch.hann_window(size, periodic=periodic, dtype=torch.float64)


def hifigan(x, rate=22050, n_fft=1024, hop=256, high=8000):
    pad = (n_fft - hop) // 2
    x = torch.nn.functional.pad(x[None, None], (pad, pad), mode="reflect")[0, 0]
    spectrum = stft(x, n_fft, hop, n_fft, hann(n_fft), center=False)
    magnitude = torch.sqrt(spectrum.real**2 + spectrum.imag**2 + 1e-9)
    return torch.log(torch.clamp(filters(rate, n_fft, 0, high) @ magnitude, min=1e-5))


def torchaudio_mel(x, rate=22050, **how):
    return torchaudio.transforms.MelSpectrogram(rate, 1024, 1024, 256, 0, 8000, n_mels=80, norm="slaney",
                                                pad_mode="reflect", center=True, **how).double()(x)


def tacotron2(x):
    return torch.log(torch.clamp(torchaudio_mel(x, power=1, mel_scale="slaney"), min=1e-5))


def xtts(x):
    return torch.log(torch.clamp(torchaudio_mel(x, power=2, mel_scale="htk"), min=1e-5))


def whisper(x, bands=80):
    magnitudes = stft(x, 400, 160, 400, hann(400))[..., :-1].abs() ** 2
    log = torch.clamp(filters(16000, 400, 0, 8000, bands) @ magnitudes, min=1e-10).log10()
    return (torch.maximum(log, log.max() - 8.0) + 4.0) / 4.0


def kaldi(x):
    return torchaudio.compliance.kaldi.fbank(x[None], dither=0, energy_floor=0, frame_length=25, frame_shift=10, low_freq=20,
                                             high_freq=7600, num_mel_bins=80, sample_frequency=16000, snip_edges=False,
                                             window_type="povey").T


def nemo_tts(x):
    magnitude = stft(x, 1024, 256, 1024, hann(1024, False), "constant").abs()
    return torch.log(filters(22050, 1024, 0, 8000) @ magnitude + 1e-5)[:, :len(x) // 256]


def coqui(x):
    magnitude = torch.tensor(np.abs(librosa.stft(x.numpy(), n_fft=1024, hop_length=256, pad_mode="reflect", dtype=np.complex128)))
    return torch.log(torch.clamp(filters(22050, 1024, 0, 8000) @ magnitude, min=1e-8))


def espnet(x):
    power = stft(x, 1024, 256, 1024, hann(1024)).abs() ** 2
    magnitude = torch.sqrt(torch.clamp(power, min=1e-10))
    return torch.clamp(filters(22050, 1024, 80, 7600) @ magnitude, min=1e-10).log10()


def nemo_asr(x):
    x = torch.cat((x[:1], x[1:] - 0.97 * x[:-1]))
    power = stft(x, 512, 160, 400, hann(400, False), "constant").abs() ** 2
    log = torch.log(filters(16000, 512, 0, 8000) @ power + 2**-24)[:, :len(x) // 160]
    return (log - log.mean(1, keepdim=True)) / (log.std(1, keepdim=True) + 1e-5)


def speechbrain(x):
    power = stft(x, 400, 160, 400, torch.hamming_window(400, dtype=torch.float64), "constant").abs() ** 2
    mel = torch.linspace(0, 2595 * math.log10(1 + 8000 / 700), 82, dtype=torch.float64)
    hz = 700 * (10 ** (mel / 2595) - 1)
    band, centre = (hz[1:] - hz[:-1])[:-1], hz[1:-1]
    slope = (torch.linspace(0, 8000, 201, dtype=torch.float64)[None] - centre[:, None]) / band[:, None]
    triangles = torch.clamp(torch.minimum(slope + 1, 1 - slope), min=0)
    db = 10 * torch.clamp(triangles @ power, min=1e-10).log10()
    return torch.maximum(db, db.max() - 80)


def edges(hop, pad):
    """What may go wrong at: one frame more or less, and padding that just fits."""
    return sorted({length for length in (hop - 1, hop, pad, pad + 1) if length > pad})


PRESETS = {
    "hifigan-22k": (hifigan, 256, 384, True),
    "phone-8k": (lambda x: hifigan(x, 8000, 512, 128, 4000), 128, 192, True),
    "tacotron2-22k": (tacotron2, 256, 512, True),
    "whisper-16k-80": (whisper, 160, 200, True),
    "whisper-16k-128": (lambda x: whisper(x, 128), 160, 200, False),
    "kaldi-fbank": (kaldi, 160, 400, True),
    "nemo-tts-22k": (nemo_tts, 256, 512, False),
    "coqui-22k": (coqui, 256, 512, False),
    "xtts-dvae-22k": (xtts, 256, 512, False),
    "espnet-tts-22k": (espnet, 256, 512, False),
    "nemo-asr-16k": (nemo_asr, 160, 256, False),
    "speechbrain-fbank": (speechbrain, 160, 200, False),
}


def main():
    FOLDER.mkdir(exist_ok=True)
    for name, (compute, hop, pad, all_signals) in PRESETS.items():
        cases = [("noise", 7 * hop + 33)]
        if all_signals:
            cases += [("chirp", 9 * hop + 1), ("silence", 4 * hop), ("impulse", 5 * hop)]
            cases += [("noise", count) for count in (*edges(hop, pad), 4 * hop - 1, 4 * hop)]
        with open(FOLDER / f"{name}.golden", "wb") as out:
            for signal, count in cases:
                mel = compute(wave(signal, count)).to(torch.float32).contiguous()
                out.write(f"{signal} {count} {mel.shape[1]} {mel.shape[0]}\n".encode())
                out.write(mel.numpy().tobytes())
        print(name, len(cases))


if __name__ == "__main__":
    main()
