"""Code to the width of a column: broken where its author would break it, the same program still.

`column` is the door. `tokens` and `reading` say what stands where, `joining` which rows are set
together, `indents` where lines begin; `setting` sets pieces, `flows` a run of rows (`words` and
`places`: where to break, and what that costs; `breaking`: the best breaks), `comments` comments.
`same` checks that it is the same program.
"""

from abreast.slides.code.column import is_packable, set_code

__all__ = ["is_packable", "set_code"]
