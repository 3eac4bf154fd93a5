"""Executes one notebook in a process of its own, for the server that it reports to.

In a process, so that drawing never waits for it, and so that ending it ends its kernel: it ends
when the server closes the pipe or is gone.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
import threading
from typing import Any

LENGTH = struct.Struct(">Q")
"""What stands before each message: how many bytes it has."""


def main() -> None:
    """Read a deck and a task, report events, and last of all the execution or an AbreastError."""
    reports = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what others print must not stand between the messages
    signal.signal(signal.SIGINT, signal.default_int_handler)
    lock = threading.Lock()

    def report(message: Any) -> None:
        content = pickle.dumps(message)
        with lock:
            reports.write(LENGTH.pack(len(content)) + content)
            reports.flush()

    deck, task = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this
    threading.Thread(target=_interrupt_with_server, daemon=True).start()
    try:
        report(_execution(deck, task, report))
    except KeyboardInterrupt:
        sys.exit(130)


def _execution(deck: Any, task: Any, report: Any) -> Any:
    from abreast.errors import AbreastError  # noqa: PLC0415 - an interruption is heeded before
    from abreast.run.executions import executed  # noqa: PLC0415
    from abreast.run.executors import load  # noqa: PLC0415

    executor = load("local", 1)
    try:
        return executed(deck, [task], force=False, executor=executor, emit=report)[0]
    except AbreastError as error:
        return error
    finally:
        executor.close()


def _interrupt_with_server() -> None:
    os.read(0, 1)  # nothing more comes but the end; sys.stdin's lock would be held at exit
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    main()
