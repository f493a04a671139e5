#!/usr/bin/env python3
"""Holds the folder order of feedline: fails, with file and line, on an include that breaks it.

    check_includes.py ROOT          check include/feedline and src below ROOT
    check_includes.py --self-test   show, on a made-up tree, that each kind of breach is found
"""

import pathlib
import re
import sys
import tempfile
import unittest

# A folder includes only from itself and from folders before it.
ORDER = ["common", "device", "comm", "metrics", "checkpoint", "batch", "data", "transport", "pipeline", "loader", "engine", "config", "serve", "runner"]

# Headers that only some folders may see: (name, pattern of the header, folders).
RESTRICTED = [
    ("LibTorch", re.compile(r"(torch|ATen|c10|caffe2)/"), ["engine"]),
    ("Boost", re.compile(r"boost/"), ["config"]),
    ("MPI", re.compile(r"mpi(-ext)?\.h$"), ["comm", "transport/mpi"]),
    ("NCCL", re.compile(r"nccl\w*\.h$"), ["comm", "device/cuda", "transport/nccl"]),
    ("CUDA", re.compile(r"(cuda|cufft|curand|cublas|cudnn|nvml|nvtx|nvjpeg|nvToolsExt|driver_types)"),
     ["device/cuda", "transport/nccl", "data/audio/mel/cuda"]),
]

SUFFIXES = {".hpp", ".h", ".cuh", ".cpp", ".cc", ".cu"}
INCLUDE = re.compile(r'^\s*#\s*include\s*(<([^>]+)>|"([^"]+)")')


def is_in(place, folder):
    return place == folder or place.startswith(folder + "/")


def project_breach(place, header):
    """Of a file in `place` (its folder below src/ or include/feedline/) that includes <feedline/...>."""
    own, other = place.split("/")[0], header.split("/")[1]
    if other not in ORDER:
        return f"'{other}' is not a folder of feedline"
    if own in ORDER and ORDER.index(other) > ORDER.index(own):
        return f"{own}/ comes before {other}/ in the folder order"
    return None


def outside_breach(place, header):
    for name, pattern, folders in RESTRICTED:
        if pattern.match(header) and not any(is_in(place, folder) for folder in folders):
            return f"{name} may appear only in {', '.join(folder + '/' for folder in folders)}"
    return None


def quoted_breach(root, file, place, header):
    """Of an #include "...", which names a file of the same folder of src/."""
    if is_in(str(file.relative_to(root)), "include"):
        return 'a public header includes only with <>: "..." is for internals of src/'
    own = root / "src" / place.split("/")[0]
    if any(is_within(base / header, own) for base in (file.parent, own)):
        return None
    missing = f'"..." names no file of src/{place.split("/")[0]}/: use <feedline/...> for what another folder offers'
    return outside_breach(place, header) or missing


def is_within(path, folder):
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def breaches_of(root, file, place):
    text = file.read_text(encoding="utf-8")
    shown = file.relative_to(root)
    if is_in(str(shown), "include") and not re.search(r"^#pragma once$", text, re.MULTILINE):
        yield f"{shown}:1: a public header needs #pragma once"
    if place.split("/")[0] not in ORDER and place != ".":
        yield f"{shown}:1: '{place}' has no place in the folder order"
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        header = match.group(2) or match.group(3)
        if header.startswith("feedline/"):
            breach = project_breach(place, header)
        elif match.group(2):
            breach = outside_breach(place, header)
        else:
            breach = quoted_breach(root, file, place, header)
        if breach:
            yield f"{shown}:{number}: {line.strip()}: {breach}"


def check(root):
    """All breaches below `root`, and the number of files read."""
    breaches, files = [], 0
    for base in (root / "include" / "feedline", root / "src"):
        for file in sorted(path for path in base.rglob("*") if path.suffix in SUFFIXES):
            files += 1
            breaches += breaches_of(root, file, file.parent.relative_to(base).as_posix())
    return breaches, files


class SelfTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, name, *lines):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def refused(self, where, *texts):
        breaches, _ = check(self.root)
        self.assertEqual(len(breaches), 1, breaches)
        self.assertTrue(breaches[0].startswith(where + ":"), breaches)
        for text in texts:
            self.assertIn(text, breaches[0])

    def accepted(self, files):
        self.assertEqual(check(self.root), ([], files))

    def test_a_sound_tree(self):
        self.write("include/feedline/common/errors.hpp", "#pragma once", "#include <string>")
        self.write("include/feedline/batch/slot.hpp", "#pragma once", "#include <feedline/common/errors.hpp>")
        self.write("src/data/image/idx.hpp", "#pragma once")
        self.write("src/data/image/idx.cpp", '#include "idx.hpp"', "#include <feedline/batch/slot.hpp>")
        self.write("src/data/open.cpp", '#include "image/idx.hpp"', "#include <zlib.h>")
        self.write("src/engine/net.cpp", "#include <torch/torch.h>", "#include <ATen/Parallel.h>")
        self.write("src/config/parse.cpp", "#include <boost/program_options.hpp>")
        self.write("src/comm/world.cpp", "#include <mpi.h>", "#include <nccl.h>")
        self.write("src/transport/mpi/pump.cpp", "#include <mpi.h>")
        self.write("src/device/cuda/list.cpp", "#include <cuda_runtime_api.h>")
        self.write("src/data/audio/mel/cuda/kernels.cu", "#include <cufft.h>")
        self.write("src/device/cuda_names.hpp", "#pragma once")
        self.write("src/device/device.cpp", '#include "cuda_names.hpp"')
        self.write("src/main.cpp", "#include <feedline/runner/run.hpp>")
        self.accepted(14)

    def test_the_order(self):
        self.write("src/batch/slot.cpp", "#include <string>", "#include <feedline/data/dataset.hpp>")
        self.refused("src/batch/slot.cpp:2", "batch/ comes before data/")

    def test_the_order_in_public_headers(self):
        self.write("include/feedline/common/x.hpp", "#pragma once", "#  include <feedline/runner/run.hpp>")
        self.refused("include/feedline/common/x.hpp:2", "common/ comes before runner/")

    def test_the_order_by_quotes(self):
        self.write("src/batch/slot.cpp", '#include "feedline/data/dataset.hpp"')
        self.refused("src/batch/slot.cpp:1", "batch/ comes before data/")

    def test_internals_of_another_folder(self):
        self.write("src/common/detail.hpp", "#pragma once")
        self.write("src/data/open.cpp", '#include "../common/detail.hpp"')
        self.refused("src/data/open.cpp:1", "names no file of src/data/")

    def test_internals_in_a_public_header(self):
        self.write("include/feedline/data/other.hpp", "#pragma once")
        self.write("include/feedline/data/x.hpp", "#pragma once", '#include "other.hpp"')
        self.refused("include/feedline/data/x.hpp:2", "only with <>")

    def test_unknown_folders(self):
        self.write("src/common/a.cpp", "#include <feedline/nowhere/x.hpp>")
        self.refused("src/common/a.cpp:1", "nowhere")
        self.write("src/common/a.cpp", "")
        self.write("src/extra/b.cpp", "")
        self.refused("src/extra/b.cpp:1", "extra")

    def test_pragma_once(self):
        self.write("include/feedline/common/x.hpp", "#include <string>")
        self.refused("include/feedline/common/x.hpp:1", "#pragma once")

    def test_libraries_in_the_wrong_folder(self):
        for place, header in [("runner", "torch/torch.h"), ("pipeline", "ATen/ATen.h"), ("data", "c10/util/Half.h"),
                              ("runner", "boost/any.hpp"), ("engine", "boost/any.hpp"), ("runner", "mpi.h"),
                              ("transport/shm", "mpi.h"), ("transport", "mpi.h"), ("engine", "nccl.h"),
                              ("transport/mpi", "nccl.h"), ("device", "cuda_runtime.h"), ("device/host", "cuda.h"),
                              ("transport/shm", "cuda_runtime_api.h"), ("comm", "cuda_runtime.h"),
                              ("data", "cufft.h"), ("data/audio/mel", "cufft.h"), ("data", "nvjpeg.h"), ("metrics", "nvtx3/nvToolsExt.h")]:
            for form in (f"<{header}>", f'"{header}"'):
                with self.subTest(place=place, header=form):
                    self.write(f"src/{place}/x.cpp", "#include <string>", f"#include {form}")
                    self.refused(f"src/{place}/x.cpp:2", "may appear only in")
                    (self.root / f"src/{place}/x.cpp").unlink()

    def test_libraries_in_a_public_header(self):
        self.write("include/feedline/comm/x.hpp", "#pragma once", "#include <mpi.h>")
        self.write("include/feedline/runner/x.hpp", "#pragma once", "#include <mpi.h>")
        self.refused("include/feedline/runner/x.hpp:2", "MPI")

    def test_comments_do_not_count(self):
        self.write("src/common/x.cpp", "// #include <torch/torch.h>", 'say("#include <mpi.h>");')
        self.accepted(1)


def main(arguments):
    if arguments == ["--self-test"]:
        unittest.main(argv=[sys.argv[0]])
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.exit(__doc__)
    breaches, files = check(pathlib.Path(arguments[0]))
    for breach in breaches:
        print(breach)
    if files == 0:
        sys.exit(f"no sources below {arguments[0]}")
    print(f"{files} files, {len(breaches)} breaches of the folder order")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
