"""The append-only ledger of decisions (裁定台账) as pure data: entries, their hash chain, superseding, verification.

Belongs here: what an entry is, how entries are chained and how tampering is found. Does not belong here: where entries
are stored (`pipelines.ledger`) and how a verdict comes about (`models.mechanism`).

An entry is never rewritten. A later decision on the same unit and round is a new entry that names the entry it
supersedes. Each entry's hash covers its content and the hash of the entry before it, so that changing, removing or
inserting an entry breaks every hash after it (S. Haber, W. S. Stornetta, How to time-stamp a digital document,
Journal of Cryptology 3, 1991).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Literal

GENESIS = "0" * 64
Stage = Literal["draft", "final"]


@dataclass(frozen=True)
class Entry:
    """One decision on one unit in one round.

    `sequence` counts from 1. `content` is the verdict with its evidence as canonical JSON text. `input_digest` and
    `rulebook_digest` name what the verdict was computed from; `recorded_on` is an ISO date. `supersedes` is the
    sequence of the entry on the same unit and round that this one replaces, or None.
    """

    sequence: int
    round: int
    unit: str
    stage: Stage
    state: str
    content: str
    rulebook_digest: str
    input_digest: str
    recorded_on: str
    supersedes: int | None
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Decision:
    """What is to be recorded: an entry without its place in the chain."""

    round: int
    unit: str
    stage: Stage
    state: str
    content: str


def canonical_json(value: object) -> str:
    """JSON text that is the same for equal values: sorted keys, no spaces, decimals and dates as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def entry_hash(entry: Entry) -> str:
    """SHA-256 hex digest over everything in the entry but its own hash."""
    content = {name: value for name, value in asdict(entry).items() if name != "hash"}
    return sha256(canonical_json(content).encode("utf-8")).hexdigest()


def append(
    entries: Sequence[Entry],
    decisions: Iterable[Decision],
    *,
    rulebook_digest: str,
    input_digest: str,
    recorded_on: str,
) -> list[Entry]:
    """The new entries that record `decisions` after `entries`; a decision that says nothing new adds none.

    A decision is new when stage or content differ from the unit's current entry in that round. Raises ValueError when
    a final decision would be followed by a draft one: what is published is superseded only by another final decision.
    """
    current = current_entries(entries)
    last = entries[-1] if entries else None
    added: list[Entry] = []
    for decision in decisions:
        before = current.get((decision.round, decision.unit))
        if before and (before.stage, before.content) == (decision.stage, decision.content):
            continue
        if before and before.stage == "final" and decision.stage == "draft":
            raise ValueError(f"{decision.unit}, round {decision.round}: a final decision is not followed by a draft")
        entry = Entry(
            sequence=last.sequence + 1 if last else 1,
            **asdict(decision),
            rulebook_digest=rulebook_digest,
            input_digest=input_digest,
            recorded_on=recorded_on,
            supersedes=before.sequence if before else None,
            previous_hash=last.hash if last else GENESIS,
            hash="",
        )
        last = replace(entry, hash=entry_hash(entry))
        current[decision.round, decision.unit] = last
        added.append(last)
    return added


def current_entries(entries: Iterable[Entry]) -> dict[tuple[int, str], Entry]:
    """The latest entry of each round and unit."""
    return {(entry.round, entry.unit): entry for entry in entries}


def verify(entries: Sequence[Entry], head: Mapping[str, object] | None = None) -> list[str]:
    """What is wrong with the chain, in order; empty when nothing was altered.

    `head` may hold the `sequence` and `hash` of the last entry as published elsewhere: the chain alone cannot tell
    that entries were cut off its end.
    """
    problems = []
    expected, previous = 1, GENESIS
    seen: dict[tuple[int, str], int] = {}
    for entry in entries:
        if entry.sequence != expected:
            problems.append(f"entry {entry.sequence}: entry {expected} is expected here; one was removed or inserted")
        if entry.previous_hash != previous:
            problems.append(f"entry {entry.sequence}: does not follow the entry before it")
        if entry.hash != entry_hash(entry):
            problems.append(f"entry {entry.sequence}: its content was altered after it was recorded")
        if entry.supersedes != seen.get((entry.round, entry.unit)):
            problems.append(f"entry {entry.sequence}: names entry {entry.supersedes} as superseded, wrongly")
        seen[entry.round, entry.unit] = entry.sequence
        expected, previous = entry.sequence + 1, entry.hash
    if head and (head.get("sequence"), head.get("hash")) != (expected - 1, previous):
        problems.append(f"the chain ends at entry {expected - 1}, not at the published entry {head.get('sequence')}")
    return problems
