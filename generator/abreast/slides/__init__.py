"""Stage five: rows -> slides that fit."""
