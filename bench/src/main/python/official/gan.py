"""Steps of training with the official losses, in the configuration auto without augmentation."""
import copy

import torch
from training.loss import StyleGAN2Loss
from training.networks import Discriminator

from networks import generator
from sizes import CHANNEL_MAX, CONV_CLAMP, HALF_RESOLUTIONS


def measure(clock, sizes):
    for precision in clock.precisions():
        clock.choose(precision)
        for side in sizes.trained:
            batch = 2 if sizes.cycle == 1 else max(min(4096 // side, 32), 1)
            name = f'training step {side} px batch {batch} {precision}'

            def part():
                training = Training(clock, min(16384, sizes.channel_base), side, batch, precision)
                clock.measure(name, training.step, sizes.cycle)
            clock.attempt(name, part)


class Phase:
    """One of the losses, and the optimiser that follows it."""

    def __init__(self, name, network, optimizer, interval):
        self.name, self.network, self.optimizer, self.interval = name, network, optimizer, interval


class Training:
    def __init__(self, clock, channel_base, side, batch, precision):
        self.device, self.side, self.batch = clock.device, side, batch
        half = HALF_RESOLUTIONS if precision == 'F16' else 0
        self.G = generator(clock, side, channel_base, precision, mapping_layers=2).train()
        self.D = Discriminator(
            c_dim=0, img_resolution=side, img_channels=3, channel_base=channel_base, channel_max=CHANNEL_MAX,
            num_fp16_res=half, conv_clamp=CONV_CLAMP if half else None,
            epilogue_kwargs=dict(mbstd_group_size=min(batch, 4))).to(clock.device).train().requires_grad_(False)
        self.average = copy.deepcopy(self.G).eval()
        self.loss = StyleGAN2Loss(clock.device, self.G.mapping, self.G.synthesis, self.D,
                                  r1_gamma=0.0002 * side ** 2 / batch)
        self.phases = [*self.lazy('G', self.G, 4), *self.lazy('D', self.D, 16)]
        self.real = torch.zeros(batch, 3, side, side)
        self.label = torch.zeros(batch, 0, device=clock.device)
        self.iteration = 0

    @staticmethod
    def lazy(name, network, interval):
        """The optimiser's rate and memory are corrected for the steps that the regularisation adds."""
        ratio = interval / (interval + 1)
        optimizer = torch.optim.Adam(network.parameters(), lr=0.0025 * ratio, betas=(0.0, 0.99 ** ratio), eps=1e-8)
        return Phase(name + 'main', network, optimizer, 1), Phase(name + 'reg', network, optimizer, interval)

    def step(self):
        real = self.real.to(self.device)
        for phase in self.phases:
            if self.iteration % phase.interval == 0:
                self.update(phase, real)
        with torch.no_grad():
            beta = 0.5 ** (self.batch / 10000)
            torch._foreach_lerp_(list(self.average.parameters()), list(self.G.parameters()), 1 - beta)
        self.iteration += 1

    def update(self, phase, real):
        phase.optimizer.zero_grad(set_to_none=True)
        phase.network.requires_grad_(True)
        z = torch.randn(self.batch, self.G.z_dim, device=self.device)
        self.loss.accumulate_gradients(phase=phase.name, real_img=real, real_c=self.label, gen_z=z, gen_c=self.label,
                                       sync=True, gain=phase.interval)
        phase.network.requires_grad_(False)
        for parameter in phase.network.parameters():
            if parameter.grad is not None:
                torch.nan_to_num(parameter.grad, nan=0, posinf=1e5, neginf=-1e5, out=parameter.grad)
        phase.optimizer.step()
