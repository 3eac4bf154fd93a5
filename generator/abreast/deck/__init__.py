"""Stage one: a deck file and its notebooks, read and checked."""
