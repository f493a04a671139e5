"""Prints root;version;cxx11 ABI;CUDA half usable (1 or 0) of the torch package, without importing it."""

import importlib.util
import pathlib
import re
import sys

spec = importlib.util.find_spec("torch")
if spec is None or spec.origin is None:
    sys.exit("there is no torch package")
root = pathlib.Path(spec.origin).parent
version = re.search(r"__version__ = '([^'+]+)", (root / "version.py").read_text()).group(1)

# torch 2.6 had wheels of both ABIs; the symbols of libc10 tell which one this is.
abi = int(b"cxx1112basic_string" in (root / "lib" / "libc10.so").read_bytes())

# The wheel always carries libtorch_cuda; what it needs lies in separate packages (DESIGN: the small install).
cudnn = root.parent / "nvidia" / "cudnn" / "lib"
cuda = int((root / "lib" / "libtorch_cuda.so").exists() and cudnn.is_dir())
print(root, version, abi, cuda, sep=";")
