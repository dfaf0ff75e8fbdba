"""The ledger: nothing recorded is lost, rewritten or altered without being noticed."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.ledger import Decision, Entry, append, current_entries, entry_hash, verify

DIGESTS = {"rulebook_digest": "r", "input_digest": "i", "recorded_on": "2025-01-10"}

decisions = st.lists(
    st.builds(
        Decision,
        round=st.integers(2020, 2022),
        unit=st.sampled_from(["A-1", "A-2", "B-1"]),
        stage=st.just("draft"),
        state=st.sampled_from(["normal", "notice", "reduce"]),
        content=st.text(max_size=5),
    ),
    min_size=1,
    max_size=12,
)


def chain(batches: list[list[Decision]]) -> list[Entry]:
    entries: list[Entry] = []
    for batch in batches:
        entries += append(entries, batch, **DIGESTS)
    return entries


@given(st.lists(decisions, min_size=1, max_size=3))
def test_an_untouched_chain_verifies_and_keeps_every_entry(batches: list[list[Decision]]) -> None:
    entries = chain(batches)
    assert verify(entries) == []
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))


@given(decisions, st.data())
def test_any_altered_field_is_noticed(batch: list[Decision], data: st.DataObject) -> None:
    entries = chain([batch])
    place = data.draw(st.integers(0, len(entries) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Entry)]))
    old = getattr(entries[place], name)
    entries[place] = replace(entries[place], **{name: 99 if isinstance(old, int) or old is None else old + "x"})
    assert verify(entries)


@given(decisions, st.data())
def test_rehashing_the_altered_entry_does_not_hide_it_from_the_published_head(
    batch: list[Decision], data: st.DataObject
) -> None:
    entries = chain([batch])
    head = {"sequence": entries[-1].sequence, "hash": entries[-1].hash}
    place = data.draw(st.integers(0, len(entries) - 1))
    forged = replace(entries[place], state="exit")
    entries[place] = replace(forged, hash=entry_hash(forged))
    assert verify(entries, head)


@given(decisions)
def test_a_removed_entry_is_noticed(batch: list[Decision]) -> None:
    entries = chain([batch])
    head = {"sequence": entries[-1].sequence, "hash": entries[-1].hash}
    for place in range(len(entries)):
        assert verify(entries[:place] + entries[place + 1 :], head)


@given(decisions)
def test_recording_the_same_round_again_adds_nothing(batch: list[Decision]) -> None:
    entries = chain([batch])
    latest = [Decision(e.round, e.unit, e.stage, e.state, e.content) for e in current_entries(entries).values()]
    assert append(entries, latest, **DIGESTS) == []


def test_a_new_decision_supersedes_and_the_old_one_stays() -> None:
    entries = chain(
        [[Decision(2024, "A-1", "draft", "reduce", "{}")], [Decision(2024, "A-1", "final", "notice", "{}")]]
    )
    assert [(entry.state, entry.supersedes) for entry in entries] == [("reduce", None), ("notice", 1)]


def test_a_published_decision_is_not_followed_by_a_draft() -> None:
    entries = chain([[Decision(2024, "A-1", "final", "reduce", "{}")]])
    with pytest.raises(ValueError, match="A-1"):
        append(entries, [Decision(2024, "A-1", "draft", "normal", "{}")], **DIGESTS)
