"""Kernels bound by memory: the official operations, and PyTorch's own where the official code takes those."""
import torch

from torch_utils.ops import bias_act, upfirdn2d


def measure(clock, sizes):
    clock.attempt('kernels bound by memory', lambda: _measure(clock, sizes))


@torch.no_grad()
def _measure(clock, sizes):
    clock.choose('F32')
    shape = [1, sizes.planes, sizes.plane_size, sizes.plane_size]
    x = torch.rand(shape, device=clock.device)
    y = torch.empty_like(x)
    bias = torch.rand(sizes.planes, device=clock.device)
    clock.measure('copy', lambda: y.copy_(x))
    clock.measure('fill', lambda: y.fill_(1))
    clock.measure('sum of two', lambda: torch.add(x, y, out=y))
    clock.measure('bias and activation', lambda: bias_act.bias_act(x, bias, act='lrelu', clamp=256))
    del y
    activation_gradient(clock, x, bias)
    clock.measure('sum along pictures', lambda: x.sum(dim=[0, 2, 3]))
    clock.measure('random normal numbers', lambda: torch.randn_like(x))
    taps = upfirdn2d.setup_filter([1, 3, 3, 1], device=clock.device)
    clock.measure('upfirdn2d filter', lambda: upfirdn2d.filter2d(x, taps))
    clock.measure('upfirdn2d down', lambda: upfirdn2d.downsample2d(x, taps))
    half = x[:, :, ::2, ::2].contiguous()
    clock.measure('upfirdn2d up', lambda: upfirdn2d.upsample2d(half, taps))
    clock.measure('largest of 2x2', lambda: torch.nn.functional.max_pool2d(x, 2, return_indices=True))
    grid = torch.rand([1, sizes.plane_size, sizes.plane_size, 2], device=clock.device)
    clock.measure('grid sample', lambda: torch.nn.functional.grid_sample(x, grid, align_corners=False))
    rows = x.view(-1, sizes.plane_size)
    order = torch.arange(rows.size(0), device=clock.device) * 7919 % rows.size(0)
    clock.measure('rows picked by index', lambda: rows.index_select(0, order))
    clock.measure('softmax of rows', lambda: rows.softmax(1))
    adam(clock, x)


def activation_gradient(clock, x, bias):
    with torch.enable_grad():
        leaf = x.detach().requires_grad_(True)
        y = bias_act.bias_act(leaf, bias, act='lrelu', clamp=256)
        clock.measure('gradient of bias and activation',
                      lambda: torch.autograd.grad(y, leaf, x, retain_graph=True))


def adam(clock, x):
    parameter = torch.nn.Parameter(torch.rand_like(x))
    parameter.grad = x
    optimizer = torch.optim.Adam([parameter], lr=1e-3, betas=(0.9, 0.999), fused=clock.cuda)
    clock.measure('adam', optimizer.step)
