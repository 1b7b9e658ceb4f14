"""Networks that pictures are compared by, with random weights: the work is what counts here."""
import torch
from torch import nn

# The pooling leaves nothing of smaller pictures, which are compared pixel by pixel.
LEAST = 64


class AlexLpips(nn.Module):
    """LPIPS on AlexNet's convolutions (arXiv 1801.03924)."""

    def __init__(self):
        super().__init__()
        pool = lambda: nn.MaxPool2d(3, 2)
        self.stages = nn.ModuleList([
            nn.Sequential(nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU()),
            nn.Sequential(pool(), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU()),
            nn.Sequential(pool(), nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()),
            nn.Sequential(nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()),
            nn.Sequential(nn.Conv2d(256, 256, 3, padding=1), nn.ReLU()),
        ])

    def features(self, x):
        if x.size(2) < LEAST:
            return [x]
        found = []
        for stage in self.stages:
            x = stage(x)
            found.append(unit(x))
        return found

    def forward(self, x, wanted):
        return sum((a - b).square().mean() for a, b in zip(self.features(x), wanted))


class VggLpips(nn.Module):
    """LPIPS on VGG-16's convolutions, called as the official projector calls its file."""

    def __init__(self):
        super().__init__()
        self.stages = nn.ModuleList()
        inputs = 3
        for stage, convolutions in enumerate((2, 2, 3, 3, 3)):
            width = min(64 << stage, 512)
            layers = [nn.MaxPool2d(2)] if stage > 0 else []
            for _ in range(convolutions):
                layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU()]
                inputs = width
            self.stages.append(nn.Sequential(*layers))

    def forward(self, x, resize_images, return_lpips):
        if x.size(2) < LEAST:
            return x.flatten(1)
        found = []
        for stage in self.stages:
            x = stage(x)
            found.append(unit(x).flatten(1) / (x.size(2) * x.size(3)) ** 0.5)
        return torch.cat(found, 1)


def unit(x):
    return x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10)
