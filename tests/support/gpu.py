"""What tests of GPUs share: whether there is one, its memory seen from outside, figures for the report.

A test file ends with `gpu.main()`: where there is no GPU it says so and ends with 77, which CTest counts as skipped.
"""

import ctypes
import os
import sys
import threading
import time
import unittest

# Fewer and shorter runs, for a first look.
QUICK = bool(os.environ.get("FEEDLINE_GPU_QUICK"))


def count():
    """GPUs that a program started here sees."""
    try:
        driver = ctypes.CDLL("libcuda.so.1")
    except OSError:
        return 0
    number = ctypes.c_int(0)
    if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(number)) != 0:
        return 0
    return number.value


def main():
    if count() == 0:
        print("skipped: there is no GPU")
        sys.exit(77)
    unittest.main()


def figure(name, value):
    """Prints a measured value, which the report of a bundle's run.sh takes over."""
    print(f"figure: {name} | {value}", flush=True)


class _Memory(ctypes.Structure):
    _fields_ = [("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong)]


class MemoryWatch:
    """The first GPU's memory in use by all programs, read by a thread as (seconds, bytes) while `with` lasts."""

    def __init__(self, every=0.02):
        self.every, self.seen, self._over = every, [], threading.Event()
        bus = ctypes.create_string_buffer(32)
        driver = ctypes.CDLL("libcuda.so.1")
        _check("cuInit", driver.cuInit(0))
        _check("cuDeviceGetPCIBusId", driver.cuDeviceGetPCIBusId(bus, len(bus), 0))
        self._nvml = ctypes.CDLL("libnvidia-ml.so.1")
        _check("nvmlInit", self._nvml.nvmlInit_v2())
        self._device = ctypes.c_void_p()
        _check("nvmlDeviceGetHandleByPciBusId",
               self._nvml.nvmlDeviceGetHandleByPciBusId_v2(bus, ctypes.byref(self._device)))

    def used(self):
        memory = _Memory()
        _check("nvmlDeviceGetMemoryInfo", self._nvml.nvmlDeviceGetMemoryInfo(self._device, ctypes.byref(memory)))
        return memory.used

    def _watch(self):
        while not self._over.wait(self.every):
            self.seen.append((time.monotonic(), self.used()))

    def __enter__(self):
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


def _check(call, code):
    if code != 0:
        raise RuntimeError(f"{call} failed with {code}")
