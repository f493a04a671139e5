"""A torch DataLoader over a loader, for trainers that accept nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterator, Mapping

from torch.utils.data import DataLoader, IterableDataset

if TYPE_CHECKING:
    from .loader import Loader


class _Batches(IterableDataset):  # type: ignore[type-arg]
    """The ready batches of a loader as a data set whose items they are."""

    def __init__(self, loader: "Loader") -> None:
        self.loader = loader

    def __iter__(self) -> Iterator[Any]:
        return iter(self.loader)

    def __len__(self) -> int:
        return len(self.loader)

    def set_epoch(self, epoch: int) -> None:
        self.loader.set_epoch(epoch)


def _as_it_is(batch: Any) -> Any:
    return batch


class TorchLoader(DataLoader):  # type: ignore[type-arg]
    """A DataLoader whose items are a loader's batches; epochs and states are passed on to that loader."""

    def __init__(self, loader: "Loader") -> None:
        super().__init__(_Batches(loader), batch_size=None, num_workers=0, collate_fn=_as_it_is)

    def set_epoch(self, epoch: int) -> None:
        """As Loader.set_epoch."""
        self.dataset.set_epoch(epoch)  # type: ignore[attr-defined]

    def state_dict(self) -> Dict[str, Any]:
        """As Loader.state_dict."""
        return self.dataset.loader.state_dict()  # type: ignore[attr-defined, no-any-return]

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """As Loader.load_state_dict."""
        self.dataset.loader.load_state_dict(state)  # type: ignore[attr-defined]
