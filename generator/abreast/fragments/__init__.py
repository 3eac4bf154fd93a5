"""What was composed and drawn, kept by the digest of all that it was made of.

Who makes a part of a deck that takes time asks for it by a digest: what is there is not made again.
`Fragments()` keeps what it is given in memory, so that in a process that goes on an edit costs no
more than what was edited. `kept_fragments` reads what the last build used and writes what this one
does: its file never grows, and it is for one state of abreast's code, so it is never stale.
"""

from abreast.fragments.book import kept_fragments
from abreast.fragments.made import Fragments, digest

__all__ = ["Fragments", "digest", "kept_fragments"]
