"""Where a loader is: what state_dict() returns, and which states a loader takes."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, NamedTuple

from .errors import UsageError

VERSION = 1


class Identity(NamedTuple):
    """What makes two loaders give the same batches in the same order."""

    fingerprint: str
    split: str
    seed: int
    batch_size: int
    shuffle: bool
    drop_last: bool
    batches_per_epoch: int


_WORDS = {
    "fingerprint": "other data, or the same data prepared in another way",
    "split": "another split",
    "seed": "another seed",
    "batch_size": "another batch size",
    "shuffle": "another order (shuffle)",
    "drop_last": "another drop_last",
    "batches_per_epoch": "another number of batches per epoch",
}


def state_of(identity: Identity, epoch: int, batch: int) -> Dict[str, Any]:
    """Returns the state in which batch `batch` of `epoch` is the next one; plain values, fit for JSON."""
    return {"feedline": VERSION, "epoch": epoch, "batch": batch, **identity._asdict()}


def position_of(state: Mapping[str, Any], identity: Identity) -> "tuple[int, int]":
    """Returns (epoch, batch) of the next batch; raises a UsageError where the state is none of such a loader."""
    if not isinstance(state, Mapping) or state.get("feedline") != VERSION:
        raise UsageError("load_state_dict: this is no state of a feedline loader"
                         + (f" of version {VERSION}" if isinstance(state, Mapping) and "feedline" in state else ""))
    differences = _differences(state, identity)
    if differences:
        raise UsageError("load_state_dict: the state belongs to a loader of " + "; ".join(differences))
    epoch, batch = state.get("epoch", -1), state.get("batch", -1)
    if not _is_count(epoch) or not _is_count(batch) or batch >= identity.batches_per_epoch:
        raise UsageError(f"load_state_dict: the state is damaged: epoch {epoch!r}, batch {batch!r}")
    return epoch, batch


def _differences(state: Mapping[str, Any], identity: Identity) -> List[str]:
    return [f"{_WORDS[name]}: {name} {state.get(name)!r} there, {value!r} here"
            for name, value in identity._asdict().items() if state.get(name) != value]


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
