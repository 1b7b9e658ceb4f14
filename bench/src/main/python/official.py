"""Measures the official stylegan2-ada-pytorch code on this machine's GPU, for bin/bench to stand beside.

    python official.py FOLDER [--out peer.json] [--resolutions 256,512,1024] [--batches 1,8,32]

FOLDER is a copy of https://github.com/NVlabs/stylegan2-ada-pytorch. The networks have the sizes and names of bin/bench
(config F, random weights), run in the official default precision (half in the four highest resolutions) and with its
CUDA extension. Needs PyTorch with CUDA, and what the extension is built with (a CUDA toolkit, ninja).
"""
import argparse
import json
import statistics
import sys
import time

import torch


def timed(work, least_seconds=0.2, runs=5):
    """Median seconds of one call, the device waited for, and the peak of its memory in bytes."""
    work()
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()

    def run(calls):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        torch.cuda.synchronize()
        return time.perf_counter() - start

    calls = 1
    while run(calls) < least_seconds:
        calls *= 2
    return {
        'seconds': statistics.median(run(calls) / calls for _ in range(runs)),
        'memory': torch.cuda.max_memory_allocated(),
    }


def generator(resolution):
    from training.networks import Generator
    torch.manual_seed(0)
    synthesis = dict(channel_base=32768, channel_max=512, num_fp16_res=4, conv_clamp=256)
    return Generator(z_dim=512, c_dim=0, w_dim=512, img_resolution=resolution, img_channels=3,
                     mapping_kwargs=dict(num_layers=8), synthesis_kwargs=synthesis).cuda().requires_grad_(False)


class AlexLpips(torch.nn.Module):
    """LPIPS on AlexNet's convolutions (arXiv 1801.03924) with random weights: the work is what counts here."""

    def __init__(self):
        super().__init__()
        relu = torch.nn.ReLU
        pool = lambda: torch.nn.MaxPool2d(3, 2)
        conv = torch.nn.Conv2d
        self.stages = torch.nn.ModuleList([
            torch.nn.Sequential(conv(3, 64, 11, 4, 2), relu()),
            torch.nn.Sequential(pool(), conv(64, 192, 5, padding=2), relu()),
            torch.nn.Sequential(pool(), conv(192, 384, 3, padding=1), relu()),
            torch.nn.Sequential(conv(384, 256, 3, padding=1), relu()),
            torch.nn.Sequential(conv(256, 256, 3, padding=1), relu()),
        ])

    def features(self, x):
        found = []
        for stage in self.stages:
            x = stage(x)
            found.append(x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10))
        return found

    def forward(self, x, wanted):
        return sum((a - b).square().mean() for a, b in zip(self.features(x), wanted))


def synthesis(resolution, batches):
    network = generator(resolution).synthesis.eval()
    for batch in batches:
        ws = torch.randn(batch, network.num_ws, 512, device='cuda')

        def work():
            with torch.no_grad():
                network(ws, noise_mode='const')
        yield f'synthesis {resolution} px batch {batch}', timed(work)


def tuning(resolution):
    network = generator(resolution).synthesis.requires_grad_(True)
    lpips = AlexLpips().cuda().requires_grad_(False)
    target = torch.randn(1, 3, resolution, resolution, device='cuda')
    with torch.no_grad():
        wanted = lpips.features(target)
    ws = torch.randn(1, network.num_ws, 512, device='cuda')
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-4)

    def work():
        made = network(ws, noise_mode='const')
        loss = (made - target).square().mean() + lpips(made, wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return f'tuning step {resolution} px', timed(work)


def main():
    numbers = lambda text: [int(n) for n in text.split(',')]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('--out', default='peer.json')
    parser.add_argument('--resolutions', type=numbers, default=[256, 512, 1024])
    parser.add_argument('--batches', type=numbers, default=[1, 8, 32])
    options = parser.parse_args()
    sys.path.insert(0, options.folder)
    torch.backends.cudnn.benchmark = True

    figures = {}

    def keep(name, figure):
        figures[name] = figure
        print(f'{name}: {figure["seconds"] * 1e3:.3f} ms, {figure["memory"] / 1e6:.0f} MB', flush=True)

    for resolution in options.resolutions:
        for name, figure in synthesis(resolution, options.batches):
            keep(name, figure)
    keep(*tuning(max(options.resolutions)))
    with open(options.out, 'w') as file:
        json.dump({
            'device': torch.cuda.get_device_name(),
            'software': f'PyTorch {torch.__version__}, CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}',
            'figures': figures,
        }, file, indent=2)


if __name__ == '__main__':
    main()
