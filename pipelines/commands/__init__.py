"""What the `duikou` command offers, by subject: options and what is printed.

Belongs here: the words of a command and its output. Does not belong here: the work, which is in the modules called.
"""
