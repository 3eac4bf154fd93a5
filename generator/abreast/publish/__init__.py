"""Stage seven: files in their places, as a whole or not at all."""
