"""Prints the folders with the libraries of this Python's torch, joined by ':'. Does not import it.

usage: torch_libraries.py VERSION    fails unless torch is of that version, but for its last part: libtorch's ABI changes
"""

import importlib.util
import os
import pathlib
import re
import sys

wanted = sys.argv[1]
spec = importlib.util.find_spec("torch")
if spec is None or spec.origin is None:
    sys.exit(f"{sys.executable} has no torch")
root = pathlib.Path(spec.origin).parent
version = re.search(r"__version__ = '([^']+)", (root / "version.py").read_text()).group(1)
if version.split(".")[:2] != wanted.split(".")[:2]:
    sys.exit(f"{sys.executable} has torch {version}, but feedline was built for {wanted}")

folders = [root / "lib"]
for base in dict.fromkeys([root.parent, *map(pathlib.Path, sys.path)]):
    folders += sorted((base / "nvidia").glob("*/lib"))
for toolkit in (os.environ.get("CUDA_HOME"), "/usr/local/cuda"):
    if toolkit:
        folders += [pathlib.Path(toolkit) / "lib64"]
print(":".join(str(folder) for folder in dict.fromkeys(folders) if folder.is_dir()))
