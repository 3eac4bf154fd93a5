"""Stage four: what the steps cost, in words that do not mislead."""
