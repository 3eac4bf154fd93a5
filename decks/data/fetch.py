"""Fetch the official Fashion-MNIST files with pooch into decks/data/official/.

The MD5 sums are those in the README of the repository zalandoresearch/fashion-mnist.
The address is the one that README gives; it could not be tried when this was written.
"""

from pathlib import Path

import pooch

BASE = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
FILES = {
    "train-images-idx3-ubyte.gz": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
}


def main() -> None:
    """Fetch each file that is not there, checked against its sum."""
    folder = Path(__file__).parent / "official"
    for name, checksum in FILES.items():
        print(pooch.retrieve(BASE + name, known_hash=checksum, fname=name, path=folder))


if __name__ == "__main__":
    main()
