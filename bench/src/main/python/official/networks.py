"""Whole synthesis."""
import torch
from training.networks import Generator

from sizes import CHANNEL_MAX, CONV_CLAMP, HALF_RESOLUTIONS, W_DIM


def generator(clock, resolution, channel_base, precision, mapping_layers=8):
    torch.manual_seed(0)
    half = HALF_RESOLUTIONS if precision == 'F16' else 0
    synthesis = dict(channel_base=channel_base, channel_max=CHANNEL_MAX, num_fp16_res=half,
                     conv_clamp=CONV_CLAMP if half else None)
    return Generator(z_dim=512, c_dim=0, w_dim=W_DIM, img_resolution=resolution, img_channels=3,
                     mapping_kwargs=dict(num_layers=mapping_layers),
                     synthesis_kwargs=synthesis).to(clock.device).requires_grad_(False)


def measure(clock, sizes):
    for precision in clock.precisions():
        clock.choose(precision)
        for resolution in sizes.resolutions:
            clock.attempt(f'synthesis {resolution} px {precision}',
                          lambda: synthesis(clock, sizes, resolution, precision))


@torch.no_grad()
def synthesis(clock, sizes, resolution, precision):
    network = generator(clock, resolution, sizes.channel_base, precision).synthesis.eval()
    for batch in sizes.batches:
        ws = torch.randn(batch, network.num_ws, W_DIM, device=clock.device)
        clock.measure(f'synthesis {resolution} px batch {batch} {precision}', lambda: network(ws, noise_mode='const'))
