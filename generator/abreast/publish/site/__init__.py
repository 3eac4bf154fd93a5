"""outputs/index.html: all built decks on one page, made of what outputs/ holds."""

from abreast.publish.outputs import INDEX
from abreast.publish.site.decks import outputs_here
from abreast.publish.site.writing import write_site

__all__ = ["INDEX", "outputs_here", "write_site"]
