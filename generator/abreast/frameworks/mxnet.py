"""Apache MXNet. Its last release predates today's GPUs, so there is a lock for the CPU only."""

from abreast.model import Framework

FRAMEWORK = Framework(
    name="mxnet",
    title="MXNet",
    distributions=("mxnet",),
    colour="#2b62a8",
    mark="square",
    locks=("cpu",),
)
