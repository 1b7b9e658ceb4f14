"""A step of pivotal tuning, all of it with the official projector before, and pSp's encoder."""
import contextlib
import copy
import types
from unittest import mock

import torch

from features import AlexLpips, VggLpips
from networks import generator
from sizes import W_DIM

ENCODER_SIDE = 256
# The official encoder's levels have so many styles at least.
LEAST_STYLES = 8


def measure(clock, sizes, psp):
    largest = sizes.resolutions[-1]
    for precision in clock.precisions():
        clock.choose(precision)
        clock.attempt(f'tuning step {largest} px {precision}', lambda: step(clock, sizes, precision))
        clock.attempt(f'whole pivotal tuning {largest} px {precision}', lambda: whole(clock, sizes, precision))
        if psp is not None:
            clock.attempt(f'encoder {precision}', lambda: encoder(clock, sizes, precision))


class Tuning:
    """Forward, squared difference and LPIPS, backward, Adam, at the codes [1, num_ws, w_dim]."""

    def __init__(self, clock, network, target, ws):
        self.network = copy.deepcopy(network).requires_grad_(True)
        self.lpips = AlexLpips().to(clock.device).requires_grad_(False)
        self.target = target
        with torch.no_grad():
            self.wanted = self.lpips.features(target)
        self.ws = ws
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=3e-4)

    def step(self):
        made = self.network(self.ws, noise_mode='const')
        loss = (made - self.target).square().mean() + self.lpips(made, self.wanted)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()


def target(clock, resolution):
    return torch.randn(1, 3, resolution, resolution, device=clock.device)


def step(clock, sizes, precision):
    resolution = sizes.resolutions[-1]
    network = generator(clock, resolution, sizes.channel_base, precision).synthesis
    ws = torch.randn(1, network.num_ws, W_DIM, device=clock.device)
    tuning = Tuning(clock, network, target(clock, resolution), ws)
    clock.measure(f'tuning step {resolution} px {precision}', tuning.step)


def whole(clock, sizes, precision):
    resolution = sizes.resolutions[-1]
    network = generator(clock, resolution, sizes.channel_base, precision).eval()
    picture = target(clock, resolution)
    invert(clock, network, picture, sizes.samples, 1, 1)
    clock.once(f'whole pivotal tuning {resolution} px {precision}',
               lambda: invert(clock, network, picture, sizes.samples, sizes.pivot_steps, sizes.tuning_steps))


def invert(clock, network, picture, samples, pivot_steps, tuning_steps):
    ws = project(clock, network, picture, samples, pivot_steps)
    tuning = Tuning(clock, network.synthesis, picture, ws)
    for _ in range(tuning_steps):
        tuning.step()


def project(clock, network, picture, samples, steps):
    """The official projector with PTI's settings; instead of loading VGG-16 it gets one with random weights."""
    import projector
    features = VggLpips().to(clock.device).requires_grad_(False)
    with mock.patch.object(projector.dnnlib.util, 'open_url', lambda url: contextlib.nullcontext()), \
            mock.patch.object(torch.jit, 'load', lambda file: features):
        codes = projector.project(network, target=(picture[0] + 1) * 127.5, num_steps=steps,
                                  w_avg_samples=samples, initial_learning_rate=0.01, device=clock.device)
    return codes[-1:].detach()


@torch.no_grad()
def encoder(clock, sizes, precision):
    if not clock.cuda:
        # Importing the encoder builds its repository's CUDA extension, which it does not use itself.
        from torch.utils import cpp_extension
        cpp_extension.load = lambda *args, **kwargs: types.SimpleNamespace()
    from models.encoders.psp_encoders import GradualStyleEncoder
    resolution = sizes.resolutions[-1]
    network = generator(clock, resolution, sizes.channel_base, precision).synthesis.eval()
    options = types.SimpleNamespace(input_nc=3, n_styles=max(network.num_ws, LEAST_STYLES))
    encode = GradualStyleEncoder(50, 'ir_se', options).to(clock.device).eval().requires_grad_(False)
    for batch in (1, sizes.layer_batch):
        x = torch.randn(batch, 3, ENCODER_SIDE, ENCODER_SIDE, device=clock.device)
        clock.measure(f'encoder {ENCODER_SIDE} px batch {batch} {precision}', lambda: encode(x))
        clock.measure(f'encoder {ENCODER_SIDE} px and generator {resolution} px batch {batch} {precision}',
                      lambda: network(encode(x)[:, :network.num_ws], noise_mode='const'))
