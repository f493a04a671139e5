"""Makes batches, as dicts of torch tensors, numpy arrays or memoryviews, over the memory of a slot."""

from __future__ import annotations

import importlib
import importlib.util
import struct
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from .errors import UsageError
from .info import Bucket, Info, TensorInfo

Batch = Dict[str, Any]

_HEADER = struct.Struct("<cxxxIQIIIII")
HEADER_BYTES = _HEADER.size

# dtype -> bytes of a value, letter of memoryview.cast (bfloat16 has none, so its bits are given)
_TYPES: Dict[str, Tuple[int, str]] = {
    "bool": (1, "?"), "uint8": (1, "B"), "int8": (1, "b"), "uint16": (2, "H"), "int16": (2, "h"),
    "float16": (2, "e"), "bfloat16": (2, "H"), "uint32": (4, "I"), "int32": (4, "i"), "float32": (4, "f"),
    "uint64": (8, "Q"), "int64": (8, "q"), "float64": (8, "d"),
}


class Header(NamedTuple):
    """What the server says of a batch: `number` counts from epoch 0, `batch` within `epoch`; `rows` are real ones."""

    slot: int
    number: int
    epoch: int
    batch: int
    rows: int
    bucket: int
    is_last: bool


def header_of(packet: bytes) -> Header:
    """Returns the header in a packet of kind `B`."""
    _, slot, number, epoch, batch, rows, bucket, flags = _HEADER.unpack(packet)
    return Header(slot, number, epoch, batch, rows, bucket, bool(flags & 1))


class Arrays:
    """Makes memoryviews; its children make the other kinds of arrays."""

    def tensor(self, array: Any, dtype: str, shape: Sequence[int], count: int, offset: int) -> Any:
        """Returns a view of `count` values of the slot, `offset` bytes from its start."""
        size, letter = _TYPES[dtype]
        values: Any = memoryview(array).cast("B")
        if count == 0:
            return values[:0].cast(letter)
        values = values[offset:offset + count * size]
        return values.cast(letter, tuple(shape)) if letter != "B" or len(shape) > 1 else values

    def copied(self, tensor: Any) -> Any:
        """Returns a copy of a tensor in memory of its own."""
        if not tensor.nbytes:
            return memoryview(b"").cast(tensor.format)
        values = memoryview(bytearray(tensor.tobytes()))
        same = tensor.format == "B" and tensor.ndim == 1
        return values if same else values.cast(tensor.format, tensor.shape)


class _Numpy(Arrays):
    """Arrays of numpy."""

    def __init__(self) -> None:
        self._numpy = importlib.import_module("numpy")
        self._types = {name: self._numpy.dtype(_numpy_name(name)) for name in _TYPES}

    def tensor(self, array: Any, dtype: str, shape: Sequence[int], count: int, offset: int) -> Any:
        return self._numpy.frombuffer(array, self._types[dtype], count, offset).reshape(shape)

    def copied(self, tensor: Any) -> Any:
        return tensor.copy()


class _Torch(Arrays):
    """Tensors of torch."""

    def __init__(self) -> None:
        torch = importlib.import_module("torch")
        self._frombuffer, self._empty = torch.frombuffer, torch.empty
        self._types = {name: getattr(torch, name) for name in _TYPES if hasattr(torch, name)}

    def tensor(self, array: Any, dtype: str, shape: Sequence[int], count: int, offset: int) -> Any:
        if count == 0:
            return self._empty(shape, dtype=self._types[dtype])
        values = self._frombuffer(array, dtype=self._types[dtype], count=count, offset=offset)
        return values if len(shape) == 1 else values.view(shape)

    def copied(self, tensor: Any) -> Any:
        return tensor.clone()


def _numpy_name(dtype: str) -> str:
    return "uint16" if dtype == "bfloat16" else dtype


def kind_of_arrays(as_: Optional[str]) -> str:
    """Returns "torch", "numpy" or "memoryview": what was asked for, else the first of them that is installed.

    Raises a UsageError for other words.
    """
    if as_ is None:
        return next((name for name in ("torch", "numpy") if importlib.util.find_spec(name)), "memoryview")
    if as_ not in ("torch", "numpy", "memoryview"):
        raise UsageError(f'as_={as_!r} is none of "torch", "numpy", "memoryview"')
    if as_ != "memoryview" and importlib.util.find_spec(as_) is None:
        raise UsageError(f'as_="{as_}" needs {as_}, which is not installed for this Python')
    return as_


def maker_of(kind: str) -> Arrays:
    """Returns what makes arrays of a kind; imports torch or numpy for it."""
    return {"torch": _Torch, "numpy": _Numpy, "memoryview": Arrays}[kind]()


class BatchMaker:
    """Makes the dict of a batch from the array of its slot and its header."""

    def __init__(self, info: Info, maker: Arrays) -> None:
        self._maker = maker
        ids = TensorInfo("sample_id", "int64", (), info.ids_offset)
        self._buckets = [_places(bucket, ids) for bucket in info.buckets]

    def make(self, array: Any, header: Header) -> Batch:
        """Returns name -> tensor of [rows, ...]; each one is a view that keeps `array` alive."""
        rows, tensor = header.rows, self._maker.tensor
        return {name: tensor(array, dtype, (rows, *shape), rows * values, offset)
                for name, dtype, shape, values, offset in self._buckets[header.bucket]}

    def copied(self, batch: Batch) -> Batch:
        """Returns the batch in memory of its own."""
        return {name: self._maker.copied(tensor) for name, tensor in batch.items()}


_Place = Tuple[str, str, Tuple[int, ...], int, int]


def _places(bucket: Bucket, ids: TensorInfo) -> List[_Place]:
    return [(tensor.name, tensor.dtype, tensor.shape, _product(tensor.shape), tensor.offset)
            for tensor in (*bucket.tensors, ids)]


def _product(shape: Sequence[int]) -> int:
    values = 1
    for side in shape:
        values *= side
    return values
