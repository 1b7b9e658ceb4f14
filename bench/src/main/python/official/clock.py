"""Times work on a device from the host, as bench's Clock does."""
import json
import math
import statistics
import time

import torch


class Clock:
    def __init__(self, device, sizes):
        self.device = torch.device(device)
        self.cuda = device == 'cuda'
        self.least_seconds = sizes.least_seconds
        self.runs = sizes.runs
        self.figures = {}
        self.failed = {}

    def precisions(self):
        return ['F32', 'TF32', 'F16'] if self.cuda else ['F32']

    def choose(self, precision):
        """How products in F32 are computed; beside halves in TF32, as PyTorch's convolutions do by default."""
        torch.backends.cuda.matmul.allow_tf32 = precision != 'F32'
        torch.backends.cudnn.allow_tf32 = precision != 'F32'

    def wait(self):
        if self.cuda:
            torch.cuda.synchronize()

    def time(self, work, calls):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        self.wait()
        return time.perf_counter() - start

    def measure(self, name, work, calls=None):
        """Median seconds of a call in runs of so many, or of as many as last long enough."""
        def seconds():
            self.time(work, calls or 1)
            n = calls or 1
            if calls is None:
                while self.time(work, n) < self.least_seconds:
                    n *= 2
            return statistics.median(self.time(work, n) / n for _ in range(self.runs))
        self.figure(name, seconds)

    def once(self, name, work):
        """One call, warmed up by the caller."""
        self.figure(name, lambda: self.time(work, 1))

    def figure(self, name, seconds):
        try:
            self.wait()
            if self.cuda:
                torch.cuda.empty_cache()
                torch.cuda.reset_peak_memory_stats()
            value = seconds()
            memory = torch.cuda.max_memory_allocated() if self.cuda else 0
            self.figures[name] = {'seconds': value, 'memory': memory}
            print(f'{name}: {value * 1e3:.4f} ms, {memory / 1e6:.0f} MB', flush=True)
        except Exception as e:
            self.fail(name, e)

    def fail(self, name, error):
        self.failed[name] = (str(error).strip() or type(error).__name__).splitlines()[0]
        print(f'{name}: failed: {self.failed[name]}', flush=True)

    def attempt(self, name, part):
        """Runs a part of the measurements; what goes wrong before its clock starts is noted under its name."""
        try:
            part()
        except Exception as e:
            self.fail(name, e)

    def write(self, path):
        versions = f'PyTorch {torch.__version__}'
        if self.cuda:
            versions += f', CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}'
        assert all(math.isfinite(f['seconds']) for f in self.figures.values())
        with open(path, 'w') as file:
            json.dump({
                'device': torch.cuda.get_device_name() if self.cuda else 'cpu',
                'software': versions,
                'figures': self.figures,
                'failed': self.failed,
            }, file, indent=2)
