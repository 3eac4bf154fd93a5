"""For the lesson on graphs: what torch.compile finds here, and what it captures.

Standard library only, so that every framework's environment can import it.
"""

import atexit
import os
import shutil
import sysconfig
import tempfile
from pathlib import Path


def backend():
    """Return "inductor" where this machine can compile for it, else "aot_eager".

    Inductor, torch.compile's default, writes C++ or Triton code: it needs a compiler
    and Python's headers. "aot_eager" captures the same graph and runs it op by op.
    """
    compiler = shutil.which(os.environ.get("CXX", "c++")) or shutil.which("g++")
    headers = Path(sysconfig.get_path("include"), "Python.h").is_file()
    return "inductor" if compiler and headers else "aot_eager"


def start_without_cache():
    """Let Inductor begin with an empty cache, so that a first call is a first call."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = folder


class Graphs(list):
    """A backend for torch.compile: keeps the graphs it is given, and runs them."""

    def __call__(self, graph, inputs):
        self.append(graph)
        return graph.forward


def attempt(f, x):
    """Print the numbers of f(x), an array of any framework, or the error's name."""
    try:
        y = f(x)
    except Exception as error:
        print(type(error).__name__)
    else:
        print((y if hasattr(y, "tolist") else y.numpy()).tolist())


def list_files():
    """Print the files and folders of the working folder, with their sizes."""
    for entry in sorted(Path().iterdir()):
        files = entry.rglob("*") if entry.is_dir() else [entry]
        size = sum(file.stat().st_size for file in files if file.is_file())
        print(entry.name, size // 1024, "KiB")
