"""Fixtures that tests of several rooms share."""

from tests.district import sample_run

__all__ = ["sample_run"]
