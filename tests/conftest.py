"""Fixtures that tests of several rooms share, and what a run of tests says at its end."""

from collections import Counter
from typing import Any

from hypothesis import settings

from tests.district import sample_run

settings.register_profile("any machine", deadline=None)  # a slow machine fails no test
settings.load_profile("any machine")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the mutated files of `ingest/test_law.py` came to, added up over all processes."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            counts.update(value if name == "mutations" else {})
    if counts:
        terminalreporter.section("files mutated at random")
        terminalreporter.write_line(", ".join(f"{name} {count:,}" for name, count in counts.items()))


__all__ = ["pytest_terminal_summary", "sample_run"]
