"""Turns Debian's recorded telephone prompts into data sets of speech: launch/speech_data.sh calls it.

usage: python3 launch/speech_data.py FOLDER

Writes for each language FOLDER/LANGUAGE/metadata.csv (`id|text|normalised text`) with FOLDER/LANGUAGE/wavs/ID.wav, and
FOLDER/languages/LANGUAGE/ID.wav. Recordings of an earlier run that no longer belong there are removed.
"""

import collections
import gzip
import os
import pathlib
import re
import shutil
import sys
import wave

SOUNDS = pathlib.Path("/usr/share/asterisk/sounds")
DOCUMENTS = pathlib.Path("/usr/share/doc")
LANGUAGES = ["en", "es", "fr", "it", "ru"]

# What sounds like nothing that could be read aloud. Some transcripts describe these in plain words.
EFFECTS = {"ascending-2tone", "beep", "beeperr", "confbridge-join", "confbridge-leave", "descending-2tone", "tt-monkeys"}
SHORTEST_S = 0.1

# No voice here is faster: what has more text was recorded with other words.
MOST_CHARACTERS_PER_S = 22

# Names in the transcripts that the recordings do not have.
ALIASES = {"confbridge-lock-out-0": "confbridge-lock-out"}

# The Italian transcripts lost some accented letters, and a Russian one has Latin letters that look the same.
REPAIRS = {
    "it": [("sar?", "sarà"), ("pu?", "può"), ("cos?", "così"), ("pi?", "più"), (" ? ", " è ")],
    "ru": [("первoe", "первое")],
}

NOTE = r"\([^)]*\)|\[[^]]*\]|<[^>]*>"
NOTE_ONLY = re.compile(rf"\s*(?:{NOTE})\W*")
NOTE_AT_END = re.compile(r"\s*\([^)]*\)[\s.]*$")
SIGN_NOTE = re.compile(r"\s*\[\W*\]\s*")
SPACES = re.compile(r"\s+")


class LeftOut(Exception):
    """Why a recording is not part of the data."""


def read_transcripts(language, names):
    """The text of each recording in `names`; the first counts where one is given twice."""
    file = next((DOCUMENTS / f"asterisk-core-sounds-{language}").glob("core-sounds-*.txt.gz"))
    text = gzip.decompress(file.read_bytes()).decode("utf-8-sig")
    by_lower = {name.lower(): name for name in names}
    found = {}
    for line in text.splitlines():
        key, colon, words = line.partition(":")
        if colon and not line.startswith(";"):
            name = ALIASES.get(key, key)
            name = name if name in names else by_lower.get(name.lower(), name)
            found.setdefault(name, words)
    return found


def without_other_entries(name, text, names):
    """Some lines have a second name, or the entries that follow, in their text."""
    text = text.strip().removeprefix(name + ":")
    for match in re.finditer(r"([a-z]+(?:-[a-z]+)+):", text):
        if match[1] in names:
            return text[: match.start()]
    return text


def without_quotes(text):
    """Without a pair of quotes round the whole, and without a quote that has no partner."""
    if len(text) > 1 and text[0] + text[-1] in ('""', "“”") and not set(text[1:-1]) & set('"“”'):
        text = text[1:-1]
    return text.rstrip('"') if text.count('"') % 2 else text


def cleaned(language, name, text, names):
    """The words that are spoken. Remarks at the end and signs in brackets are not; other brackets may be."""
    text = without_other_entries(name, text, names)
    if not text.strip():
        raise LeftOut("no transcript")
    if NOTE_ONLY.fullmatch(text):
        raise LeftOut("transcript only describes it")
    text = SIGN_NOTE.sub(" ", NOTE_AT_END.sub("", text))
    if re.search(NOTE, text):
        raise LeftOut("doubtful transcript")
    for wrong, right in REPAIRS.get(language, []):
        text = text.replace(wrong, right)
    return SPACES.sub(" ", without_quotes(text.strip())).replace("|", " ").strip()


def words_of_keys(transcripts):
    """How the recordings themselves name the telephone's keys."""
    names = {**{str(d): f"digits/{d}" for d in range(10)}, "*": "digits/star", "#": "digits/pound"}
    return {key: transcripts.get(name, key).strip(" .") for key, name in names.items()}


def normalised(text, keys):
    """Ellipses at the start and the end dropped, lone digits and signs in words."""
    text = re.sub(r"^[\s.…]+|\s*(?:…|\.\.+)$", "", text).replace("…", "...")
    return re.sub(r"(?<![\d.,])\b\d\b(?![.,]?\d)|[*#]", lambda key: keys[key[0]], text)


def length_s(file):
    with wave.open(str(file)) as recording:
        return recording.getnframes() / recording.getframerate()


def describe(language, name, file, transcripts, names):
    """(seconds, text) of a recording; LeftOut when it is not speech or what it says is not known."""
    if name in EFFECTS:
        raise LeftOut("sound effect")
    if name.startswith("silence/"):
        raise LeftOut("silence")
    text = cleaned(language, name, transcripts.get(name, ""), names)
    seconds = length_s(file)
    if seconds < SHORTEST_S:
        raise LeftOut("no sound")
    if len(text) > MOST_CHARACTERS_PER_S * max(seconds, 1):
        raise LeftOut("doubtful transcript")
    return seconds, text


def place(source, target, link):
    """A copy, or a hard link to one, unless it is there already."""
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return
    target.unlink(missing_ok=True)
    if link:
        try:
            os.link(source, target)
            return
        except OSError:  # a file system without hard links
            pass
    shutil.copyfile(source, target)


def fill(folder, sources, link):
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.glob("*.wav")) - {folder / f"{key}.wav" for key in sources}:
        stale.unlink()
    for key, source in sources.items():
        place(source, folder / f"{key}.wav", link)


def write_folders(root, language, rows, sources):
    folder = root / language
    fill(folder / "wavs", sources, link=False)
    fill(root / "languages" / language, {key: folder / "wavs" / f"{key}.wav" for key in sources}, link=True)
    text = "".join(f"{key}|{raw}|{norm}\n" for key, raw, norm in rows)
    (folder / "metadata.csv").write_text(text, encoding="utf-8", newline="\n")


def make_language(root, language):
    sounds = (SOUNDS / language).resolve()
    names = {file.relative_to(sounds).with_suffix("").as_posix(): file for file in sounds.rglob("*.wav")}
    transcripts = read_transcripts(language, names)
    keys = words_of_keys(transcripts)
    rows, sources, seconds, left_out = [], {}, 0.0, collections.Counter()
    for name, file in sorted(names.items()):
        try:
            length, text = describe(language, name, file, transcripts, names)
        except LeftOut as reason:
            left_out[str(reason)] += 1
            continue
        key = name.replace("/", "-")
        if key in sources:
            raise SystemExit(f"error: {file} and {sources[key]} would both be {key}.wav")
        rows.append((key, text, normalised(text, keys)))
        sources[key] = file
        seconds += length
    write_folders(root, language, rows, sources)
    report(language, rows, seconds, left_out)


def report(language, rows, seconds, left_out):
    characters = "".join(norm for _, _, norm in rows)
    reasons = ", ".join(f"{count} {reason}" for reason, count in left_out.most_common())
    print(
        f"{language}: {len(rows)} clips, {seconds / 60:.1f} minutes, {len(characters)} characters "
        f"({len(set(characters))} different); left out {left_out.total()}: {reasons}"
    )


def main(arguments):
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.exit(__doc__)
    for language in LANGUAGES:
        make_language(pathlib.Path(arguments[0]), language)


if __name__ == "__main__":
    main(sys.argv[1:])
