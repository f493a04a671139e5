"""Writes TorchScript files as torch.jit.save does, without torch: models for tests, of code that they give."""

import struct
import zipfile


def _text(text):
    return b"X" + struct.pack("<I", len(text)) + text.encode()


def _tensor(values):
    """A parameter with so many values, which are in the record data/0."""
    storage = b"(" + _text("storage") + b"ctorch\nFloatStorage\n" + _text("0") + _text("cpu")
    storage += b"K" + bytes([values]) + b"tQ"
    rest = b"K\0(K" + bytes([values]) + b"t(K\1t\x88ccollections\nOrderedDict\n)R"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + rest + b"tR"


def write_script_model(path, forward, classes=4):
    """A model with one parameter `w` [classes]; `forward`: the lines of TorchScript that make `out` of `x`."""
    code = ("class Model(Module):\n"
            '  __parameters__ = ["w", ]\n'
            "  __buffers__ = []\n"
            "  w : Tensor\n"
            "  training : bool\n"
            "  def forward(self: __torch__.Model,\n"
            "    x: Tensor) -> Tensor:\n"
            "    w = self.w\n" + "".join(f"    {line}\n" for line in forward) + "    return out\n")
    fields = _text("w") + _tensor(classes) + _text("training") + b"\x88"
    model = b"\x80\2c__torch__\nModel\n)\x81}(" + fields + b"ub."
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("model/data.pkl", model)
        archive.writestr("model/code/__torch__.py", code)
        archive.writestr("model/data/0", struct.pack(f"<{classes}f", *[1.0] * classes))
        archive.writestr("model/constants.pkl", b"\x80\2).")
        archive.writestr("model/version", "3\n")
        archive.writestr("model/byteorder", "little")
