"""The flags of `feedline train` about data and input, as keyword arguments of `Loader`."""

from __future__ import annotations

import os
from typing import Any, Dict, Iterable, List

from .errors import UsageError

SWITCHES = frozenset({"drop_last", "enable_static_shapes", "keep_silent"})

VALUES = frozenset({
    "train_data", "val_data", "val_fraction", "task", "augment", "image_size", "bad_samples", "max_bad",
    "batch_size", "num_workers", "buffer_size", "buffer_bytes", "order", "cache", "cache_bytes", "seed",
    "mel_preset", "sample_rate", "n_fft", "win_length", "hop_length", "n_mels", "f_min", "f_max",
    "mel_fields", "channel", "clip_seconds",
    "max_shapes", "max_text_length", "max_mel_frames", "columns", "lang", "text_encoding",
})

FLAGS = SWITCHES | VALUES
PATHS = frozenset({"train_data", "val_data"})

# What other loaders call it, and what to write here.
_ELSEWHERE = {
    "collate_fn": "batches are put together by feedline; use batch_transform= for work on a whole batch",
    "data_dir": "the folder is the first argument",
    "dataset": "the first argument is the folder of the training data",
    "multiprocessing_context": "no process of Python prepares samples; leave it out",
    "persistent_workers": "the workers always live as long as the loader; leave it out",
    "pin_memory": 'use device="cuda", which copies ahead from pinned memory',
    "pin_memory_device": 'use device="cuda"',
    "prefetch_factor": "use buffer_size=, the number of batches that are prepared ahead",
    "root": "the folder is the first argument",
    "sampler": "the order follows from seed= and shuffle=",
    "timeout": "a server that dies is started again by itself; leave it out",
    "transform": "use augment= and image_size=, or batch_transform= for work on a whole batch",
    "worker_init_fn": "no process of Python prepares samples; leave it out",
}


def refuse_unknown(unknown: Iterable[str], known: Iterable[str]) -> None:
    """Raises a UsageError that names the first unknown argument and what was probably meant."""
    for name in unknown:
        remedy = _ELSEWHERE.get(name)
        if remedy is None:
            import difflib  # slow to import, and needed for mistakes only
            near = difflib.get_close_matches(name.replace("-", "_").lower(), sorted(known), n=1)
            remedy = f"did you mean {near[0]}=?" if near else "see help(feedline.Loader) for the arguments"
        raise UsageError(f"Loader has no argument '{name}': {remedy}")


def command_line(flags: Dict[str, Any]) -> List[str]:
    """Returns the words of a command line for arguments of Loader; those that are None are left out.

    Raises a UsageError where a value has no form as a flag.
    """
    words: List[str] = []
    for name, value in flags.items():
        if value is None:
            continue
        flag = "--" + name.replace("_", "-")
        if name not in SWITCHES:
            words.append(f"{flag}={_absolute(name, _text_of(name, value))}")
        elif not isinstance(value, bool):
            raise UsageError(f"{name}= is True or False, not {value!r}")
        elif value:
            words.append(flag)
    return words


def _absolute(name: str, text: str) -> str:
    """The server may be started again after the program has changed its folder."""
    return os.path.abspath(text) if name in PATHS and text else text


def _text_of(name: str, value: Any) -> str:
    if isinstance(value, bool):
        raise UsageError(f"{name}= needs a value, not {value!r}")
    if isinstance(value, (list, tuple)):
        return ",".join(_text_of(name, item) for item in value)
    if isinstance(value, (str, bytes, os.PathLike)):
        return os.fsdecode(value)
    if hasattr(value, "__index__"):  # also the whole numbers of numpy
        return str(value.__index__())
    try:
        return repr(float(value))
    except (TypeError, ValueError):
        raise UsageError(f"{name}= is a number or a text, not {value!r}") from None
