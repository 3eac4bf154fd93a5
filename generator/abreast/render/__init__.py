"""Stage six: slides -> one HTML file and one merged notebook."""
