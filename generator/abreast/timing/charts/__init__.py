"""Costs -> what is drawn of them: which bars and lines, on which scales, and what is said."""
