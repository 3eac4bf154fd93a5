"""Fashion-MNIST for the decks: the sample in decks/data, or all of it once fetched.

NumPy only, so that every framework's environment can import it.
"""

import gzip
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[1] / "data"
MEAN, DEVIATION = 0.286, 0.353  # of all pixels, from 0 to 1
CLASSES = (
    "T-shirt", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip


def load(train_size=4000, test_size=1000, seed=0):
    """Return x_train, y_train, x_test, y_test: images (N, 28, 28), labels (N,).

    Labels are int32. Images are float32 and standardized: mean 0 and standard
    deviation 1 over the sample's pixels.

    Sizes within the sample are taken from it; larger ones need the official files.
    Raises FileNotFoundError that says what is missing and where to put it.
    """
    with np.load(DATA / "fashion-mnist-sample.npz") as sample:
        sizes = len(sample["x_train"]), len(sample["x_test"])
        fits = train_size <= sizes[0] and test_size <= sizes[1]
        arrays = dict(sample) if fits else official()
    random = np.random.default_rng(seed)
    result = []
    for part, size in (("train", train_size), ("test", test_size)):
        chosen = random.permutation(len(arrays[f"x_{part}"]))[:size]
        pixels = arrays[f"x_{part}"][chosen].astype("float32") / 255
        result.append((pixels - MEAN) / DEVIATION)
        result.append(arrays[f"y_{part}"][chosen].astype("int32"))
    return tuple(result)


def report(**numbers):
    """Print what was measured of the training, and publish it for the deck's charts.

    `examples` is published only: how many the cell worked on.
    """
    from IPython.display import display

    told = {name: value for name, value in numbers.items() if name != "examples"}
    words = {name: f"{name} {number:.3f}" for name, number in told.items()}
    if "epoch" in told:
        words["epoch"] = f"epoch {told['epoch']}:"
    print(*words.values())
    record = {name: float(value) for name, value in numbers.items()}
    display({"application/vnd.abreast.metrics+json": record}, raw=True)


def official():
    """Return the arrays of the four official files in decks/data/official/."""
    names = {
        "x_train": "train-images-idx3-ubyte.gz",
        "y_train": "train-labels-idx1-ubyte.gz",
        "x_test": "t10k-images-idx3-ubyte.gz",
        "y_test": "t10k-labels-idx1-ubyte.gz",
    }
    folder = DATA / "official"
    missing = [name for name in names.values() if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(
            f"Fashion-MNIST is not here: put {', '.join(missing)} into "
            "decks/data/official/, or fetch them with: python decks/data/fetch.py"
        )
    return {key: _idx(folder / name) for key, name in names.items()}


def _idx(path):
    raw = gzip.decompress(path.read_bytes())
    dimensions = raw[3]
    shape = np.frombuffer(raw, ">i4", dimensions, 4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
