"""Measures the official code on this machine's GPU, for bin/bench to stand beside.

    python lib/bench/official FOLDER [--psp FOLDER] [--out peer.json] [--device cuda|cpu] [--tiny]
                              [--only kernels,matrix,networks,inversion,training]

FOLDER is a copy of https://github.com/NVlabs/stylegan2-ada-pytorch, --psp one of
https://github.com/eladrich/pixel2style2pixel (its encoder; left out without). Sizes and names are those of bin/bench,
weights are random. Needs PyTorch with CUDA, what the official code's CUDA extension is built with (a CUDA toolkit,
ninja), and the packages that the official code imports (click, requests, tqdm, pillow, imageio, scipy). --device cpu
and --tiny only show that everything runs.
"""
import argparse
import os
import sys

import torch

from clock import Clock
from sizes import FULL, TINY


def check_extension():
    """The official code falls back to slow operations with no more than a warning; such figures would be no peer's."""
    from torch_utils.ops import bias_act, upfirdn2d
    for module in (bias_act, upfirdn2d):
        if not module._init():
            sys.exit(f'official: {module.__name__}: its CUDA extension could not be built; see the messages above')


def measure(part, clock, sizes, options):
    if part == 'kernels':
        import kernels
        kernels.measure(clock, sizes)
    elif part == 'matrix':
        import layers
        layers.measure(clock, sizes)
    elif part == 'networks':
        import networks
        networks.measure(clock, sizes)
    elif part == 'inversion':
        import inversion
        inversion.measure(clock, sizes, options.psp)
    elif part == 'training':
        import gan
        gan.measure(clock, sizes)


def main():
    parts = ['kernels', 'matrix', 'networks', 'inversion', 'training']
    parser = argparse.ArgumentParser(prog='official', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('folder')
    parser.add_argument('--psp')
    parser.add_argument('--out', default='peer.json')
    parser.add_argument('--only', default=','.join(parts))
    parser.add_argument('--device', choices=['cuda', 'cpu'], default='cuda')
    parser.add_argument('--tiny', action='store_true')
    options = parser.parse_args()
    for name, folder, file in (('FOLDER', options.folder, 'training/networks.py'),
                               ('--psp', options.psp, 'models/encoders/psp_encoders.py')):
        if folder is not None and not os.path.isfile(os.path.join(folder, file)):
            parser.error(f'{name}: {folder} has no {file}')
    wanted = options.only.split(',')
    for part in wanted:
        if part not in parts:
            parser.error(f'--only expected some of {", ".join(parts)}, got {part}')
    if options.device == 'cuda' and not torch.cuda.is_available():
        parser.error('PyTorch sees no GPU')
    if options.psp is not None:
        sys.path.insert(1, options.psp)
    sys.path.insert(1, options.folder)
    torch.backends.cudnn.benchmark = True
    if options.device == 'cuda':
        check_extension()
    sizes = TINY if options.tiny else FULL
    clock = Clock(options.device, sizes)
    for part in wanted:
        try:
            measure(part, clock, sizes, options)
        except ImportError as e:
            sys.exit(f'official: {e}')
        clock.write(options.out)
    print(f'written: {options.out}')


if __name__ == '__main__':
    main()
