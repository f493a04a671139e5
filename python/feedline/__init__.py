"""Feeds any training loop: batches are prepared by the feedline program and arrive without a copy.

    import feedline
    loader = feedline.Loader("photos/train", batch_size=64, image_size=224)
    for batch in loader:
        loss = step(batch["image"], batch["label"])

Importing this package imports neither torch nor numpy.
"""

from .errors import DataError, DeviceError, FeedlineError, LeaseError, PeerError, UsageError
from .info import Info, TensorInfo
from .loader import Loader

__version__ = "0.1.0"

__all__ = [
    "DataError",
    "DeviceError",
    "FeedlineError",
    "Info",
    "LeaseError",
    "Loader",
    "PeerError",
    "TensorInfo",
    "UsageError",
]
