"""Prints the summaries that `feedline train --summary FILE` wrote side by side.

usage: python3 launch/compare_summaries.py FILE...
"""

import json
import pathlib
import sys


def at(summary, path):
    """The value at a dotted path, None where there is none."""
    for key in path.split("."):
        summary = summary.get(key) if isinstance(summary, dict) else None
    return summary


def seconds(path):
    return lambda s: number(at(s, path), "{:.1f} s")


def number(value, form, scale=1):
    return "-" if value is None else form.format(value * scale)


def ranks(s):
    if s.get("mode") != "multi":
        return "1 for both"
    return f"{at(s, 'world.data_ranks')} data, {at(s, 'world.model_ranks')} training"


def wait_share(s):
    wait, wall = s.get("data_wait_s"), s.get("wall_s")
    return "-" if wait is None or not wall else f"{100 * wait / wall:.1f} %"


ROWS = [
    ("mode", lambda s: s.get("mode", "-")),
    ("ranks", ranks),
    ("transport", lambda s: s.get("transport", "-")),
    ("trained on", lambda s: at(s, "devices.model") or "-"),
    ("steps", lambda s: number(s.get("steps"), "{:,}")),
    ("validation accuracy", lambda s: number(at(s, "val.accuracy"), "{:.4f}")),
    ("validation mel_l1", lambda s: number(at(s, "val.mel_l1"), "{:.4f}")),
    ("the same of the mean", lambda s: number(at(s, "val.mel_l1_of_mean"), "{:.4f}")),
    ("validation loss", lambda s: number(at(s, "val.loss"), "{:.4f}")),
    ("last training loss", lambda s: number(at(s, "loss.last"), "{:.4f}")),
    ("samples/s", lambda s: number(s.get("samples_per_s"), "{:,.0f}")),
    ("busy", lambda s: number(s.get("busy"), "{:.1f} %", 100)),
    ("data wait", wait_share),
    ("program start to first step", seconds("startup_s")),
    ("training", seconds("wall_s")),
    ("peak memory, data side", lambda s: number(at(s, "peak_rss_bytes.data"), "{:,.0f} MB", 1e-6)),
    ("peak memory, training side", lambda s: number(at(s, "peak_rss_bytes.model"), "{:,.0f} MB", 1e-6)),
    ("sample_digest", lambda s: s.get("sample_digest", "-")),
    ("loss_digest", lambda s: s.get("loss_digest", "-")),
    ("exit", lambda s: s.get("exit", "-")),
]


def table(names, summaries):
    lines = [["", *names]] + [[title, *(str(cell(s)) for s in summaries)] for title, cell in ROWS]
    lines = [line for line in lines if line[0] == "" or any(word != "-" for word in line[1:])]
    first_width, *widths = [max(map(len, column)) for column in zip(*lines)]
    for first, *others in lines:
        yield "  ".join([first.ljust(first_width), *map(str.rjust, others, widths)]).rstrip()


def verdict(summaries, digest, what):
    values = {s.get(digest) for s in summaries}
    same = len(values) == 1 and None not in values
    return f"{digest}: {'equal' if same else 'DIFFERENT'}, {what if same else 'not ' + what}"


def main(paths):
    if not paths or "--help" in paths:
        sys.exit(__doc__)
    try:
        summaries = [json.loads(pathlib.Path(path).read_text()) for path in paths]
    except (OSError, ValueError) as error:
        sys.exit(f"error: not a summary: {error}")
    print("\n".join(table([pathlib.Path(path).stem for path in paths], summaries)))
    if len(summaries) > 1:
        print(verdict(summaries, "sample_digest", "the same samples were trained on"))
        print(verdict(summaries, "loss_digest", "bit by bit the same losses"))


if __name__ == "__main__":
    main(sys.argv[1:])
