"""What is known of the data once it is open."""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Optional, Tuple


class TensorInfo(NamedTuple):
    """One tensor of a batch: `shape` is that of one sample, `offset` is in bytes from the start of a slot."""

    name: str
    dtype: str
    shape: Tuple[int, ...]
    offset: int


class Bucket(NamedTuple):
    """One shape of batches: at most `rows` samples, and the tensors they are in."""

    rows: int
    tensors: Tuple[TensorInfo, ...]


class Info(NamedTuple):
    """What is known of the data once it is open: `loader.info`.

    `samples` is the size of this loader's split; `train_size` and `val_size` are those of both. `mean` and `std` are
    of one channel or band each. `classes` has the names of the classes, where they have some, and `class_count` their
    number. `depth` is the number of batches in the buffer, `slot_bytes` the room of one. `fingerprint` tells one data
    set and its settings from another.
    """

    version: str
    pid: int
    task: str
    depth: int
    slot_bytes: int
    samples: int
    batches_per_epoch: int
    epochs: Optional[int]
    classes: Tuple[str, ...]
    vocabulary: Tuple[str, ...]
    mean: Tuple[float, ...]
    std: Tuple[float, ...]
    train_size: int
    val_size: int
    workers: int
    fingerprint: str
    ids_offset: int
    class_count: int
    buckets: Tuple[Bucket, ...]
    can_jump: bool = False

    @property
    def batch_size(self) -> int:
        """The most samples in a batch."""
        return max(bucket.rows for bucket in self.buckets)

    @property
    def shapes(self) -> Dict[str, Tuple[Tuple[int, ...], ...]]:
        """The shapes of one sample for each name of a tensor; several where batches have several shapes."""
        shapes: Dict[str, Dict[Tuple[int, ...], None]] = {}
        for bucket in self.buckets:
            for tensor in bucket.tensors:
                shapes.setdefault(tensor.name, {})[tensor.shape] = None
        return {name: tuple(found) for name, found in shapes.items()}


def info_of(facts: Dict[str, Any]) -> Info:
    """Returns the Info for the JSON that the server sent."""
    return Info(
        version=facts.get("version", ""), pid=facts.get("pid", 0), task=facts["task"], depth=facts["depth"],
        slot_bytes=facts["slot_bytes"], samples=facts["samples"], batches_per_epoch=facts["batches_per_epoch"],
        epochs=facts.get("epochs"), classes=tuple(facts.get("classes", ())),
        vocabulary=tuple(facts.get("vocabulary", ())), mean=tuple(facts.get("mean", ())),
        std=tuple(facts.get("std", ())), train_size=facts.get("train_size", 0), val_size=facts.get("val_size", 0),
        workers=facts.get("workers", 0), fingerprint=facts["fingerprint"], ids_offset=facts["ids_offset"],
        class_count=facts.get("class_count", len(facts.get("classes", ()))),
        buckets=tuple(_bucket_of(bucket) for bucket in facts["buckets"]), can_jump=bool(facts.get("jump", False)))


def _bucket_of(facts: Dict[str, Any]) -> Bucket:
    return Bucket(facts["rows"], tuple(
        TensorInfo(tensor["name"], tensor["dtype"], tuple(tensor["shape"]), tensor["offset"])
        for tensor in facts["tensors"]))
