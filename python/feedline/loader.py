"""The loader: batches for a training loop, prepared by a process of its own."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, Mapping, Optional, Sequence, Tuple, Union

from .clock import LoopClock
from .errors import UsageError
from .flags import FLAGS, command_line, refuse_unknown
from .info import Info
from .position import Position
from .state import Identity, position_of, state_of

if TYPE_CHECKING:
    from .batch import Batch
    from .feed import Fetched
    from .torch_loader import TorchLoader

_OWN = ("split", "shuffle", "device", "shard", "epochs", "as_", "copy", "batch_transform")
_DEFAULT_BATCH_SIZE = 64

Path = Union[str, "os.PathLike[str]"]
Size = Union[int, str]


class Loader:
    """Gives the batches of a data set, epoch after epoch, as `for batch in loader`.

    A batch is a dict of name -> tensor of [rows, ...], for example "image" (uint8 [B, 3, H, W]) and "label" (int64
    [B]), with "sample_id" (int64 [B]) beside them. The tensors are views of the loader's buffer. A batch has its slot
    until its last tensor, or view of one, is gone; nothing is overwritten before that.

    `train_data` is the folder of the training data. The arguments are the flags of `feedline train` about data and
    input, with underscores and the same defaults (`feedline --help` describes them), and beside them:

    split            "train" or "val"
    shuffle          whether the order is a new one in each epoch (default: for "train")
    drop_last        leave out the last batch of an epoch when it is short
    epochs           how many epochs there are, all together (default: no end)
    device           "cpu", or "cuda", "cuda:N": batches are copied ahead to that GPU
    shard            (rank, world); only (0, 1) for now
    as_              "torch", "numpy" or "memoryview" (default: the first of them that is installed)
    copy             each batch has memory of its own, so any number of them may be kept
    batch_transform  a function from batch to batch, called in the loop's thread for each one

    The server starts with the loader and opens the data, so UsageError, DataError and the others are raised here.
    """

    def __init__(
        self, train_data: Path, *,
        split: str = "train", shuffle: Optional[bool] = None, drop_last: bool = False, epochs: Optional[int] = None,
        device: str = "cpu", shard: Optional[Tuple[int, int]] = None, as_: Optional[str] = None, copy: bool = False,
        batch_transform: Optional[Callable[[Batch], Any]] = None,
        val_data: Optional[Path] = None, val_fraction: Optional[float] = None, task: Optional[str] = None,
        augment: Optional[str] = None, image_size: Optional[int] = None, bad_samples: Optional[str] = None,
        max_bad: Optional[float] = None, batch_size: Optional[int] = None, num_workers: Optional[int] = None,
        buffer_size: Optional[int] = None, buffer_bytes: Optional[Size] = None, order: Optional[str] = None,
        cache: Optional[str] = None, cache_bytes: Optional[Size] = None, seed: Optional[int] = None,
        mel_preset: Optional[str] = None, sample_rate: Optional[int] = None, n_fft: Optional[int] = None,
        win_length: Optional[int] = None, hop_length: Optional[int] = None, n_mels: Optional[int] = None,
        f_min: Optional[float] = None, f_max: Optional[float] = None, mel_fields: Optional[str] = None,
        channel: Optional[int] = None, keep_silent: bool = False,
        clip_seconds: Optional[float] = None, enable_static_shapes: bool = False, max_shapes: Optional[int] = None,
        max_text_length: Optional[int] = None, max_mel_frames: Optional[int] = None,
        columns: Union[str, Sequence[str], None] = None, lang: Optional[str] = None,
        text_encoding: Optional[str] = None, **unknown: Any,
    ) -> None:
        flags = {name: value for name, value in locals().items() if name in FLAGS}
        refuse_unknown(unknown, [*FLAGS, *_OWN])
        _check_own(split, epochs, shard)
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._clock = LoopClock()
        self._transform = batch_transform
        self._epochs = epochs
        self._iteration = 0
        self._closed = False
        is_shuffled = split == "train" if shuffle is None else bool(shuffle)
        from .feed import Feed  # with all that sockets and processes need: importing feedline takes a few ms without
        opening = {"protocol": 1, "split": split, "shuffle": is_shuffled, "epochs": epochs}
        on_gpu = _is_gpu(device)
        self._feed = Feed(command_line(flags), opening, "torch" if on_gpu else as_, copy and not on_gpu)
        self._close = weakref.finalize(self, self._feed.end)
        self._close.atexit = False  # the feed sees to that by itself
        self._source: Any = self._feed
        if on_gpu:
            from .cuda_copy import CudaCopy
            self._source = CudaCopy(self._feed, device)
        info = self._feed.info
        self._position = Position(info.batches_per_epoch)
        self._identity = Identity(info.fingerprint, split, int(seed or 0), int(batch_size or _DEFAULT_BATCH_SIZE),
                                  is_shuffled, bool(drop_last), info.batches_per_epoch)

    @property
    def info(self) -> Info:
        """What is known of the data: classes, vocabulary, mean and deviation, shapes, sizes."""
        return self._feed.info

    @property
    def epoch(self) -> int:
        """The epoch that is being iterated, or that was last; before the first iteration, the one it will be."""
        return self._position.epoch

    @property
    def sampler(self) -> "EpochSetter":
        """Has `set_epoch`, which is where some trainers look for it."""
        return EpochSetter(self)

    def __len__(self) -> int:
        """Returns the number of batches per epoch, exactly."""
        return self.info.batches_per_epoch

    def __iter__(self) -> "LoaderIterator":
        """Begins the next epoch; after load_state_dict it goes on in mid-epoch.

        An iterator that was left in mid-epoch ends with it, as the loader has one place in its data.
        """
        self._check_usable()
        with self._lock:
            epoch = self._position.begin()
            if self._epochs is not None and epoch >= self._epochs:
                raise UsageError(f"all {self._epochs} epochs of this loader are over; without epochs= it has no end")
            self._iteration += 1
            return LoaderIterator(self, self._iteration, epoch)

    def set_epoch(self, epoch: int) -> None:
        """The next iteration begins that epoch; after load_state_dict with that epoch it goes on in its middle."""
        if not isinstance(epoch, int) or epoch < 0:
            raise UsageError(f"set_epoch: an epoch is a whole number from 0, not {epoch!r}")
        self._check_usable()
        with self._lock:
            self._position.set_epoch(epoch)

    def state_dict(self) -> Dict[str, Any]:
        """Returns where the loop is: a few plain values. Batches count once the loop has got them."""
        return state_of(self._identity, *self._position.place)

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes on where the state was taken, with the next iteration.

        Raises a UsageError where the state is one of other data, seed, batch size, split or order.
        """
        self._check_usable()
        with self._lock:
            self._position.resume(*position_of(state, self._identity))
            self._iteration += 1

    def stats(self) -> Dict[str, Any]:
        """Returns figures: of the loop (samples per second, share of the time it waited), and of the server.

        `buffer_fill` is the share of the buffer that is ready to be taken, and `server` has what the server reports,
        times in seconds; both are left out while another thread waits for a batch.
        """
        self._check_usable()
        figures = dict(self._clock.figures(self._feed.waited), restarts=self._feed.restarts)
        if self._lock.acquire(timeout=0.5):
            try:
                server = self._feed.statistics()
            finally:
                self._lock.release()
            if server:
                figures.update(buffer_fill=server["ready_batches"] / self.info.depth, server=server)
        return figures

    def as_torch(self) -> "TorchLoader":
        """Returns a torch DataLoader that gives this loader's batches, for trainers that want a real one."""
        from .torch_loader import TorchLoader
        return TorchLoader(self)

    def close(self) -> None:
        """Ends the server; batches that are still in use stay valid. May be called again, and from any thread."""
        self._closed = True
        self._close()

    def __enter__(self) -> "Loader":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __reduce__(self) -> Any:
        raise UsageError("a loader cannot be pickled: make it in the process that uses it (its own workers prepare "
                         "the samples, so it needs no others)")

    def _next(self, iteration: int, epoch: int) -> Any:
        self._check_usable()
        with self._lock:
            if iteration != self._iteration:
                raise UsageError("this iterator is over: the loader was iterated anew, or a state was loaded")
            position = self._position
            if position.place[0] != epoch:
                raise StopIteration
            self._clock.begin()
            fetched = self._fetched(position.number)
            batch = fetched.batch if self._transform is None else self._transform(fetched.batch)
            position.consume()
            self._clock.count(fetched.header.rows)
        return batch

    def _fetched(self, number: int) -> Fetched:
        try:
            fetched: Optional[Fetched] = self._source.fetch(number)
        except Exception:
            self._check_usable()  # whatever failed, the reason may be that another thread has closed the loader
            raise
        if fetched is None:
            raise StopIteration
        return fetched

    def _check_usable(self) -> None:
        if os.getpid() != self._process:
            raise UsageError("this loader belongs to the process that made it, and this is a copy of that process by "
                             "fork: make a loader here, or give loader.as_torch() where a DataLoader is wanted")
        if self._closed:
            raise UsageError("this loader is closed")


class LoaderIterator(Iterator[Any]):
    """One epoch of a loader."""

    def __init__(self, loader: Loader, iteration: int, epoch: int) -> None:
        self._loader = loader
        self._iteration = iteration
        self._epoch = epoch

    def __next__(self) -> Any:
        """Returns the next batch; see Loader for the errors that it raises."""
        return self._loader._next(self._iteration, self._epoch)


class EpochSetter:
    """Stands where trainers look for a sampler."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def set_epoch(self, epoch: int) -> None:
        """Passes the epoch on to the loader."""
        self._loader.set_epoch(epoch)


def _check_own(split: str, epochs: Optional[int], shard: Optional[Tuple[int, int]]) -> None:
    if split not in ("train", "val"):
        raise UsageError(f'split={split!r} is neither "train" nor "val"')
    if epochs is not None and (not isinstance(epochs, int) or epochs < 1):
        raise UsageError(f"epochs={epochs!r} is no whole number from 1; None has no end")
    if shard is not None and (not isinstance(shard, (tuple, list)) or tuple(shard) != (0, 1)):
        raise UsageError(f"shard={shard!r}: batches cannot be shared among several processes yet, only (0, 1) works")


def _is_gpu(device: Any) -> bool:
    kind = str(device).partition(":")[0]
    if kind not in ("cpu", "cuda"):
        raise UsageError(f'device={device!r} is neither "cpu" nor "cuda"')
    return kind == "cuda"
