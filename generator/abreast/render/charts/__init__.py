"""Charts -> SVG inside the page, which follows its theme and prints."""
