"""torch's DataLoader with torchvision v2 transforms: worker processes, Pillow decodes (its draft mode shrinks large
pictures in the DCT where the crop allows it is not used by torchvision), antialiased bilinear resize."""

import common
import torch
import torchvision
from torchvision.transforms import v2


def forever(loader):
    while True:
        yield from loader


def main():
    args = common.parse(__doc__)
    transform = v2.Compose([
        v2.RandomResizedCrop(args.image_size, scale=(0.08, 1.0), antialias=True),
        v2.RandomHorizontalFlip(),
        v2.PILToTensor(),
    ])
    data = torchvision.datasets.ImageFolder(args.data, transform)
    loader = torch.utils.data.DataLoader(data, args.batch_size, shuffle=True, num_workers=args.workers, drop_last=True,
                                         persistent_workers=True, prefetch_factor=4)
    torch.set_num_threads(1)
    common.measure("torchvision", torchvision.__version__, forever(loader), args)


main()
