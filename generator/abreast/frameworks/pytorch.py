"""PyTorch."""

from abreast.model import Framework

FRAMEWORK = Framework(
    name="pytorch",
    title="PyTorch",
    distributions=("torch",),
    colour="#c8452d",
    mark="circle",
    locks=("cpu", "cuda"),
)
