"""The plan's settings: dated, reasoned, and refused with the line named when they cannot be meant."""

from pathlib import Path

import pytest

from models.plan.settings import parse
from models.yaml_text import FaultyText

SHIPPED = Path(__file__).parents[2] / "models" / "plan" / "kaizhou.yaml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_settings_are_a_proposal_with_a_reason_for_every_value() -> None:
    rules = parse(TEXT, SHIPPED.name)
    assert rules.status == "proposed"
    parts = [getattr(rules, name) for name in type(rules).model_fields]
    reasons = [part.reason for part in parts if hasattr(part, "reason")]
    assert len(reasons) == 11
    assert all(reason.zh and reason.en for reason in reasons)
    assert len(rules.digest) == 64


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("change_down:\n  value: 0.20", "change_down:\n  value: 1.20", "change_down.value"),
        ("change_up:", "change_upp:", "did you mean change_up"),
        ("[forecast, projection, vacancies]", "[forecasts]", "openings.take"),
        ("at_least: 15", "at_least: 0", "classes.at_least"),
        ("status: proposed\n", "", "status"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(old: str, new: str, message: str) -> None:
    wrong = TEXT.replace(old, new, 1)
    assert wrong != TEXT
    with pytest.raises(FaultyText, match=message) as caught:
        parse(wrong, "wrong.yaml")
    assert "wrong.yaml, line " in str(caught.value)


def test_a_value_without_its_reason_is_refused() -> None:
    with pytest.raises(FaultyText, match=r"school_loss\.reason"):
        parse(
            TEXT.replace("school_loss:\n  value: 0.10\n  reason:", "school_loss:\n  value: 0.10\n  reasons:"), "x.yaml"
        )
