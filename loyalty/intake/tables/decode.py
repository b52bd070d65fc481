"""Which encoding a file is in: a byte order mark, else strict UTF-8, else the most plausible one, which the owner can change."""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import chardet

CHUNK = 1 << 20
SAMPLE = 1 << 18
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "shift_jis", "cp1252", "latin-1")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FAMILIES = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5", "big5hkscs": "big5", "cp950": "big5",
    "shift_jis": "cp932", "cp932": "cp932", "shift-jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "euc_kr", "cp949": "cp949",
    "windows-1252": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "cp1252": "cp1252",
}  # fmt: skip
CANDIDATES = ("gb18030", "big5", "cp932", "cp1252")


@dataclass(frozen=True)
class Decoding:
    """An encoding, and whether it is certain (a byte order mark, valid UTF-8) or estimated from the text."""

    encoding: str
    certain: bool


def _without_mark(head: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as zero bytes at every other place."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > 0.3 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * pairs and odd < 0.05 * pairs else None


def is_valid_in(path: Path, encoding: str) -> bool:
    """Whether every byte of the file fits `encoding`; False for a name that is no text encoding."""
    try:
        "".encode(encoding)
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        with path.open("rb") as source:
            while chunk := source.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except (UnicodeError, LookupError):
        return False
    return True


def _plausibility(text: str) -> float:
    """How much of the non-ASCII part of `text` is what shops write: common characters of one script."""
    others = [c for c in text if ord(c) > 127]
    if not others:
        return 1.0
    good = 0.0
    for c in others:
        if "\u4e00" <= c <= "\u9fff":
            good += 1.0 if _is_common_han(c) else 0.2
        elif "\u3040" <= c <= "\u30ff" or c in "，。、：；（）！？“”‘’《》【】·￥…—　「」":
            good += 1.0
        elif (unicodedata.category(c)[0] == "L" and ord(c) < 0x250) or c in "€£–—…“”‘’°™®©¥½×\u00a0":
            good += 0.9
    return good / len(others)


def _is_common_han(c: str) -> bool:
    """Level-1 characters of GB 2312 or Big5 (each some 4,000–5,400 in daily use)."""
    try:
        first = c.encode("gb2312")[0]
        if 0xB0 <= first <= 0xD7:
            return True
    except UnicodeEncodeError:
        pass
    try:
        return 0xA4 <= c.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False


def _non_ascii_sample(path: Path) -> bytes:
    """Lines with bytes above 127 from the whole file, up to the sample size: where encodings differ."""
    lines: list[bytes] = []
    size = 0
    with path.open("rb") as source:
        for line in source:
            if not line.isascii():
                lines.append(line[:4096])
                size += len(lines[-1])
                if size > SAMPLE:
                    break
    return b"".join(lines)


def _most_plausible(path: Path) -> str | None:
    """The most plausible of the encodings in which the whole file is valid."""
    sample = _non_ascii_sample(path)
    guessed = chardet.detect(sample[:20_000]).get("encoding") or ""
    preferred = _FAMILIES.get(guessed.lower(), "")
    scores: dict[str, float] = {}
    for encoding in dict.fromkeys((*CANDIDATES, *((preferred,) if preferred else ()))):
        if is_valid_in(path, encoding):
            bonus = 0.08 if encoding == preferred else 0.0
            scores[encoding] = _plausibility(sample.decode(encoding, "replace")) + bonus
    if not scores:
        return "latin-1" if not is_binary(sample) else None
    return max(scores, key=lambda name: scores[name])


def is_binary(head: bytes) -> bool:
    """Whether bytes hold control characters that no text has; a NUL now and then is a database's, and harmless."""
    controls = sum(head.count(bytes([b])) for b in range(1, 32) if b not in (9, 10, 12, 13, 26, 27))
    return controls > max(2, len(head) // 100)


def by_byte_order_mark(path: Path) -> Decoding | None:
    """The encoding that a byte order mark names, or None without one."""
    with path.open("rb") as source:
        head = source.read(4)
    return next((Decoding(encoding, True) for mark, encoding in _MARKS if head.startswith(mark)), None)


def detect(path: Path) -> Decoding | None:
    """The file's encoding, or None when the bytes are no text in any supported encoding."""
    if (decoding := by_byte_order_mark(path)) is not None:
        return decoding
    with path.open("rb") as source:
        head = source.read(4096)
    if utf16 := _without_mark(head):
        return Decoding(utf16, True)
    if is_binary(head):
        return None
    if is_valid_in(path, "utf-8"):
        return Decoding("utf-8", True)
    encoding = _most_plausible(path)
    return Decoding(encoding, False) if encoding else None
