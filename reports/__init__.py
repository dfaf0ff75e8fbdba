"""Tells people: builds HTML and Excel documents from frames. Reads no warehouse of its own."""
