"""`python -m abreast`."""

from abreast.cli.main import main

main()
