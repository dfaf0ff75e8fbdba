"""Names of schools and programs as people write them: which spellings are certainly the same, which are merely alike.

Belongs here: rewriting names by the rules of `names.yaml` and comparing them. Does not belong here: where the names
come from and what becomes of a match (`references`).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from models import yaml_text
from pipelines.ingest.values import NAME_MARKS

BRACKETED = re.compile(r"\(([^()]*)\)")
PLACE = re.compile(r"^(?:[^省]{2,3}省|[^市]{2,3}市)?(?:[^区县旗]{1,4}[区县旗])?")
PLACES = re.compile(r"[^省市区县旗]+[省市区县旗]")
CODE_THEN_NAME = re.compile(r"^([0-9a-z](?:[0-9a-z.-]*[0-9a-z])?)[:、/|_-]*(?:\((\D.*)\)|(\D.*))$")
NAME_THEN_CODE = re.compile(r"^(.*?\D)[:、/|_-]*[(]?([0-9a-z](?:[0-9a-z.-]*[0-9a-z])?)[)]?$")
CODE = re.compile(r"[0-9a-z.-]+")
BRACKETS = str.maketrans("【】〔〕［］[]", "()()()()")
DROPPED = str.maketrans("", "", "·•・\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\0")
FOOTNOTE_MARKS = re.compile(NAME_MARKS + r"|(?<=[^\x00-\x7f])[#＃]+$")
SAME = 100
SHORTEST_STEM = 2  # 开州 stands for 开州区, but 忠 does not stand for 忠县


@dataclass(frozen=True)
class Entry:
    """One spelling under which a row of the referenced table is known: its code, its main name, the spelling."""

    code: str
    name: str
    spelling: str


@dataclass(frozen=True)
class Suggestion:
    """A row that a name may mean: its code, its main name, and how alike they are, 0 to 100."""

    code: str
    name: str
    score: int


@dataclass(frozen=True)
class Form:
    """A name without what does not matter: its own words, and the places in front of them, the nearest last."""

    core: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(self.places) + self.core

    def agrees_with(self, registered: "Form") -> bool:
        """Whether this can name the registered one: same words, and no place that contradicts.

        Words that many schools share say nothing without the nearest place of the registered name.
        """
        mine, theirs = set(self.places), set(registered.places)
        if self.core in vocabulary()["common_words"] and (not theirs or registered.places[-1] not in mine):
            return False
        return self.core == registered.core and (mine <= theirs or theirs <= mine)


@cache
def vocabulary() -> dict[str, Any]:
    """The rules of names.yaml."""
    loaded: dict[str, Any] = yaml_text.plain((files(__package__) / "names.yaml").read_text(encoding="utf-8"))
    return loaded


def key(text: str) -> str:
    """A name half-width, in lower case, with one kind of brackets, without blanks, middle dots, invisible signs and the
    footnote marks around it."""
    plain = (
        unicodedata.normalize("NFKC", FOOTNOTE_MARKS.sub("", text)).translate(BRACKETS).translate(DROPPED).casefold()
    )
    return "".join(plain.split())


@dataclass(frozen=True)
class Register:
    """All names of one referenced table; `kind` is its contract, which names have full forms of their own."""

    kind: str
    entries: tuple[Entry, ...]

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Places that registered names begin with, with and without 市, 区 or 县, the longest first."""
        found = set()
        for entry in self.entries:
            for place in PLACES.findall(PLACE.match(without_brackets(key(entry.spelling)))[0]):  # type: ignore[index]
                found |= {place, place[:-1]} if len(place) > SHORTEST_STEM else {place}
        return tuple(sorted(found, key=lambda place: (-len(place), place)))

    @cached_property
    def codes(self) -> dict[str, str]:
        """Key of a code -> the code."""
        return {key(entry.code): entry.code for entry in self.entries}

    @cached_property
    def lengths_of_codes(self) -> frozenset[int]:
        """How many signs the codes have."""
        return frozenset(map(len, self.codes))

    @cached_property
    def shapes(self) -> list[tuple[Form, Entry]]:
        """The form of every spelling, once with and once without a registered remark in brackets."""
        return [
            (self.form(spelling), entry)
            for entry in self.entries
            for spelling in dict.fromkeys((key(entry.spelling), BRACKETED.sub("", key(entry.spelling))))
            if spelling
        ]

    @cached_property
    def forms(self) -> dict[str, list[tuple[Form, str]]]:
        """Core -> the forms that have it, with their codes."""
        found: dict[str, list[tuple[Form, str]]] = {}
        for form, entry in self.shapes:
            found.setdefault(form.core, []).append((form, entry.code))
        return found

    def form(self, name: str) -> Form:
        """A key in full words, its places apart."""
        text = BRACKETED.sub(lambda found: "" if found[1] in vocabulary()["remarks"] else found[0], name)
        text = full_words(without_brackets(text), self.kind)
        places = []
        while place := next((place for place in self.places if text.startswith(place) and text != place), None):
            places.append(place.rstrip("省市区县旗"))
            text = text[len(place) :]
        return Form(text, tuple(places))

    def certain(self, text: str) -> str | None:
        """The code of the only row that `text` can mean, None when that is not certain.

        A code and a name together have to mean the same row: the name is one of the row's, or a longer or shorter form
        of one that no other row has. A name alone has to equal exactly one registered name after
        the rewritings of `names.yaml`, and neither may name a place that contradicts the other.
        """
        name = key(text)
        for code, rest in code_and_name(name):
            if code in self.codes:
                return self.codes[code] if self.fits(self.codes[code], rest) else None
        codes = self.named(name)
        return codes.pop() if len(codes) == 1 else None

    def contradiction(self, text: str) -> list[Suggestion]:
        """Where `text` is a known code and a name that is not its row's: that row, and the first that is named so."""
        for code, rest in code_and_name(key(text)):
            if code in self.codes and not self.fits(self.codes[code], rest):
                named = self.named(rest)
                other = next((entry.code for entry in self.entries if entry.code in named), None)
                return [self.as_meant(meant) for meant in (self.codes[code], other) if meant]
        return []

    def as_meant(self, code: str) -> Suggestion:
        """The row of a code, as one that is meant for certain."""
        return next(Suggestion(code, entry.name, SAME) for entry in self.entries if entry.code == code)

    def fits(self, code: str, name: str) -> bool:
        """Whether a key may stand beside a code: it names the row, or nothing else and is part of a name of it."""
        if named := self.named(name):
            return code in named
        core = self.form(name).core
        own = [form.core for form, entry in self.shapes if entry.code == code]
        parts = [min(core, other, key=len) for other in own if core in other or other in core]
        return any(len(part) >= SHORTEST_STEM and part not in vocabulary()["common_words"] for part in parts)

    def named(self, name: str) -> set[str]:
        """The codes of all rows that a key can name."""
        form = self.form(name)
        return {code for registered, code in self.forms.get(form.core, ()) if form.agrees_with(registered)}

    def called(self, text: str) -> list[Suggestion]:
        """The rows of which `text` is a name or code as it stands."""
        found = {
            entry.code: Suggestion(entry.code, entry.name, SAME)
            for entry in self.entries
            if key(text) in (key(entry.spelling), key(entry.code))
        }
        return list(found.values())

    def suggest(self, texts: Sequence[str]) -> dict[str, list[Suggestion]]:
        """For each text the rows whose names or codes are most like it, best first; as many as names.yaml says.

        The score (0 to 100) weighs rapidfuzz's ratios of the names' own words, of all their words and of the names with
        their places as `names.yaml` says, or is that of the codes; 99 at most, because nothing here is certain.
        """
        if not texts or not self.entries:
            return {text: [] for text in texts}
        weights = vocabulary()["suggestions"]["weights"]
        wanted = [self.form(self.without_code(key(text))) for text in texts]
        known = [form for form, _ in self.shapes]
        scores = weights["own_words"] * alike([own_words(form) for form in wanted], [own_words(form) for form in known])
        scores += weights["whole_words"] * alike([form.core for form in wanted], [form.core for form in known])
        np.maximum(scores, weights["with_place"] * alike(list(map(str, wanted)), list(map(str, known))), out=scores)
        codes = ["".join(CODE.findall(key(text))) for text in texts]
        np.maximum(scores, alike(codes, [key(entry.code) for _, entry in self.shapes]), out=scores)
        return {text: self.best(row) for text, row in zip(texts, scores, strict=True)}

    def without_code(self, name: str) -> str:
        """A key without a code in front of or behind the name: a known one, or one as long as those are."""
        for code, rest in code_and_name(name):
            if code in self.codes or (code.isdecimal() and len(code) in self.lengths_of_codes):
                return rest
        return name

    def best(self, scores: "np.ndarray") -> list[Suggestion]:
        """The best rows by the scores of the entries."""
        limits = vocabulary()["suggestions"]
        found: dict[str, Suggestion] = {}
        for place in np.argsort(-scores, kind="stable"):
            if scores[place] < limits["lowest_score"] or len(found) == limits["most"]:
                break
            entry = self.shapes[place][1]
            found.setdefault(entry.code, Suggestion(entry.code, entry.name, min(SAME - 1, round(float(scores[place])))))
        return list(found.values())


def own_words(form: Form) -> str:
    """The words of a name that other names do not share."""
    return form.core.removesuffix(next((word for word in vocabulary()["common_words"] if form.core.endswith(word)), ""))


def alike(texts: Sequence[str], others: Sequence[str]) -> "np.ndarray":
    """How alike each text is to each other one, 0 to 100: rapidfuzz's ratio, 0 where one of them is empty."""
    scores = process.cdist(texts, others, scorer=fuzz.ratio, dtype=np.float64)
    scores[[not text for text in texts], :] = 0
    return scores


def without_brackets(text: str) -> str:
    """A key without the brackets themselves."""
    return text.replace("(", "").replace(")", "")


def code_and_name(name: str) -> Iterable[tuple[str, str]]:
    """A key that may be a code and a name in one (710201计算机应用, 计算机应用(710201)), taken apart."""
    if found := CODE_THEN_NAME.match(name):
        yield found[1], found[2] or found[3]
    if found := NAME_THEN_CODE.match(name):
        yield found[2], found[1]


@cache
def short_forms(kind: str) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """A pattern that finds every short or full form, and what each stands for."""
    full: dict[str, list[str]] = vocabulary()["full_forms"].get(kind, {})
    stands_for = {short: word for word, shorts in full.items() for short in [*shorts, word] if short}
    if not stands_for:
        return None, {}
    return re.compile("|".join(sorted(stands_for, key=len, reverse=True))), stands_for


def full_words(text: str, kind: str) -> str:
    """A key with every short form written out and without the endings that say nothing."""
    pattern, stands_for = short_forms(kind)
    text = pattern.sub(lambda found: stands_for[found[0]], text) if pattern else text
    for ending in vocabulary()["endings"].get(kind, ()):
        text = text.removesuffix(ending) or text
    return text
