"""A loop that prepares each batch when it is asked for: no workers, no buffer. What training without a loader does."""

import random

import common
import torch
import torchvision
from PIL import Image
from torchvision.transforms import v2


def batches(args):
    files, labels = common.files_and_labels(args.data)
    transform = v2.Compose([
        v2.RandomResizedCrop(args.image_size, scale=(0.08, 1.0), antialias=True),
        v2.RandomHorizontalFlip(),
        v2.PILToTensor(),
    ])
    while True:
        picked = random.choices(range(len(files)), k=args.batch_size)
        images = [transform(Image.open(files[i]).convert("RGB")) for i in picked]
        yield torch.stack(images), torch.tensor([labels[i] for i in picked])


def main():
    args = common.parse(__doc__)
    common.measure("plain loop", torchvision.__version__, batches(args), args)


main()
