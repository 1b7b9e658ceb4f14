"""How large the work is: the numbers of bench's Sizes."""
from types import SimpleNamespace

FULL = SimpleNamespace(
    planes=256, plane_size=1024, product=8192, resolutions=[256, 512, 1024], channel_base=32768, batches=[1, 8, 32],
    layer_batch=8, samples=600, pivot_steps=450, tuning_steps=350, trained=[128, 256],
    cycle=16, least_seconds=0.2, runs=5)

TINY = SimpleNamespace(
    planes=3, plane_size=16, product=16, resolutions=[8], channel_base=64, batches=[1, 2], layer_batch=2, samples=3,
    pivot_steps=1, tuning_steps=1, trained=[8], cycle=1, least_seconds=0, runs=1)

CHANNEL_MAX = 512
W_DIM = 512
# What the official configurations choose.
HALF_RESOLUTIONS = 4
CONV_CLAMP = 256


def channels(sizes, resolution):
    return min(sizes.channel_base // resolution, CHANNEL_MAX)
