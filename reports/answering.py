"""By when a school answers, and how it objects, in words.

Belongs here: the sentences on objections, responses and dates. Does not belong here: the windows themselves
(rule-book) and where a verdict stands (`standing`).
"""

from collections.abc import Sequence
from datetime import date, timedelta

from reports.round_tables import RoundTables
from reports.standing import Standing
from reports.wording import texts


def stage_of(standings: Sequence[Standing]) -> str:
    """ "final" when every verdict is final, else "draft" when every one was recorded, else "none"."""
    stages = {standing.stage for standing in standings}
    return "final" if stages == {"final"} else "none" if not stages or "none" in stages else "draft"


def response(tables: RoundTables, standings: Sequence[Standing], lang: str) -> str:
    """What the school hands in, and by when."""
    text, window = texts(lang)["notice"], tables.rulebook.publication
    if window is None or window.response_days is None:
        return str(text["respond_open"])
    if stage_of(standings) == "final":
        until = last_recorded(standings) + timedelta(days=window.response_days)
        return str(text["respond"]["final"].format(until=day(until, lang)))
    return str(text["respond"]["draft"].format(days=window.response_days))


def objection(tables: RoundTables, standings: Sequence[Standing], lang: str) -> str:
    """How the school may object, by the stage that the round is in."""
    text, window = texts(lang)["notice"]["object"], tables.rulebook.publication
    if stage_of(standings) == "final":
        return str(text["closed"])
    if window is None:
        return str(text["none"])
    if stage_of(standings) == "draft":
        sent = last_recorded(standings)
        until = sent + timedelta(days=window.objection_days)
        return str(text["dated"].format(drafted_on=day(sent, lang), until=day(until, lang)))
    return str(text["open"].format(days=window.objection_days))


def last_recorded(standings: Sequence[Standing]) -> date:
    """The day on which the last of the verdicts was recorded."""
    return max(standing.recorded_on for standing in standings if standing.recorded_on)


def day(value: date | None, lang: str) -> str:
    """A date as a notice writes it."""
    if value is None:
        return ""
    return str(texts(lang)["notice"]["months"].format(year=value.year, month=value.month, day=value.day))
