"""Matrix products, modulated convolutions with what follows them, and by cuDNN plain ones and weight gradients."""
import math

import torch
from torch_utils.ops import bias_act, upfirdn2d
from training.networks import modulated_conv2d

from sizes import CONV_CLAMP, channels


@torch.no_grad()
def measure(clock, sizes):
    for precision in clock.precisions():
        clock.choose(precision)
        clock.attempt(f'matrix products {precision}', lambda: product(clock, sizes, precision))
        for batch in (1, sizes.layer_batch):
            resolution = 4
            while resolution <= sizes.resolutions[-1]:
                before = channels(sizes, max(4, resolution // 2))
                here = channels(sizes, resolution)
                if resolution > 4:
                    modulated(clock, precision, batch, before, here, resolution // 2, 2)
                    weight_gradient(clock, precision, batch, here, before, resolution + 1, resolution // 2, 2)
                modulated(clock, precision, batch, here, here, resolution, 1)
                plain(clock, precision, batch, here, resolution)
                weight_gradient(clock, precision, batch, here, here, resolution, resolution, 1)
                resolution *= 2


def numbers(clock, precision, *shape):
    return torch.randn(shape, device=clock.device, dtype=torch.float16 if precision == 'F16' else torch.float32)


def product(clock, sizes, precision):
    a = numbers(clock, precision, sizes.product, sizes.product)
    b = numbers(clock, precision, sizes.product, sizes.product)
    clock.measure(f'largest product {precision}', lambda: a @ b)


def modulated(clock, precision, batch, inputs, outputs, size, up):
    name = f'{size} px {inputs} to {outputs}{" up" if up == 2 else ""} batch {batch} {precision}'

    def part():
        x = numbers(clock, precision, batch, inputs, size, size)
        weight = numbers(clock, 'F32', outputs, inputs, 3, 3)
        styles = numbers(clock, 'F32', batch, inputs)
        noise = numbers(clock, 'F32', 1, 1, size * up, size * up)
        bias = torch.zeros(outputs, device=clock.device, dtype=x.dtype)
        taps = upfirdn2d.setup_filter([1, 3, 3, 1], device=clock.device)
        # The official layers' choice when they are not in training.
        fused = precision != 'F16' or batch == 1

        def work():
            y = modulated_conv2d(x, weight, styles, noise=noise, up=up, padding=1, resample_filter=taps,
                                 flip_weight=up == 1, fused_modconv=fused)
            bias_act.bias_act(y, bias, act='lrelu', gain=math.sqrt(2), clamp=CONV_CLAMP)
        clock.measure(name, work)
    clock.attempt(name, part)


def plain(clock, precision, batch, width, size):
    name = f'{size} px {width} channels batch {batch} {precision}'

    def part():
        x = numbers(clock, precision, batch, width, size, size)
        weight = numbers(clock, precision, width, width, 3, 3)
        clock.measure(name, lambda: torch.nn.functional.conv2d(x, weight, padding=1))
    clock.attempt(name, part)


def weight_gradient(clock, precision, batch, inputs, outputs, size, out_size, stride):
    suffix = '' if stride == 1 else f' stride {stride}'
    name = f'weight of {out_size} px {inputs} to {outputs}{suffix} batch {batch} {precision}'

    def part():
        x = numbers(clock, precision, batch, inputs, size, size)
        dy = numbers(clock, precision, batch, outputs, out_size, out_size)
        shape = (outputs, inputs, 3, 3)
        clock.measure(name, lambda: torch.nn.grad.conv2d_weight(x, shape, dy, stride=stride, padding=2 - stride))
    clock.attempt(name, part)
