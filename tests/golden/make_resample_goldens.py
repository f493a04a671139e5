#!/usr/bin/env python3
"""Makes tests/golden/resample: noise as torchaudio resamples it.

    make_resample_goldens.py       needs torch and torchaudio (2.11.0 made those that are here)

FROM-TO.golden is float32: torchaudio.functional.resample with sinc_interp_kaiser, width 64, rolloff 0.9475937167399596
and beta 14.769656459379492, of the noise of make_mel_goldens.py, 700 samples.
"""

import pathlib

import numpy as np
import torch
import torchaudio

FOLDER = pathlib.Path(__file__).parent / "resample"
RATES = ((44100, 22050), (48000, 22050), (16000, 22050), (24000, 22050), (8000, 16000), (22050, 8000), (90, 100))


def noise(count):
    state, values = 1, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        values.append((state >> 8) / 2**24 - 0.5)
    return np.array(values, dtype=np.float32).astype(np.float64)


def main():
    FOLDER.mkdir(exist_ok=True)
    wave = torch.tensor(noise(700))
    for old, new in RATES:
        made = torchaudio.functional.resample(wave, old, new, lowpass_filter_width=64, rolloff=0.9475937167399596,
                                              resampling_method="sinc_interp_kaiser", beta=14.769656459379492)
        made.to(torch.float32).numpy().tofile(FOLDER / f"{old}-{new}.golden")


if __name__ == "__main__":
    main()
