"""Word files rendered by LibreOffice and read back: the words of each page with their places in millimetres."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest

PROGRAMS = ("soffice", "pdftotext")
rendered = pytest.mark.skipif(
    not all(shutil.which(name) for name in PROGRAMS), reason="LibreOffice or poppler-utils is not installed"
)
POINT = 25.4 / 72  # millimetres
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


@dataclass(frozen=True)
class Word:
    """A run of letters without space and its box, in millimetres from the upper left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        """Half way between its upper and its lower edge."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Page:
    """A page: its size in millimetres and its words in the order of reading."""

    width: float
    height: float
    words: list[Word]

    @property
    def lines(self) -> list[list[Word]]:
        """The words line by line, from the top."""
        found: list[list[Word]] = []
        for word in sorted(self.words, key=lambda word: (word.middle, word.left)):
            if found and abs(found[-1][0].middle - word.middle) < 3:
                found[-1].append(word)
            else:
                found.append([word])
        return [sorted(line, key=lambda word: word.left) for line in found]

    def line(self, text: str) -> list[Word]:
        """The first line in which a text stands, spaces left out."""
        return next(line for line in self.lines if text in said(line))


def said(line: list[Word]) -> str:
    """The text of a line without spaces."""
    return "".join(word.text for word in line)


def pages(file: Path, folder: Path) -> list[Page]:
    """The pages of a Word file as LibreOffice sets them."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), str(file)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    shown = subprocess.run(
        ["pdftotext", "-bbox-layout", str(folder / f"{file.stem}.pdf"), "-"],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    found = []
    for page in shown.split("<page ")[1:]:
        width, height = (float(size) * POINT for size in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2])
        words = [
            Word(*(float(place) * POINT for place in places), unescape(text)) for *places, text in WORD.findall(page)
        ]
        found.append(Page(width, height, words))
    return found
