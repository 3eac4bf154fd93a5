"""TensorFlow with Keras. The CPU build is a distribution of its own on Linux."""

from abreast.model import Framework

FRAMEWORK = Framework(
    name="tensorflow",
    title="TensorFlow",
    distributions=("tensorflow", "tensorflow-cpu"),
    colour="#b7791f",
    mark="triangle",
    locks=("cpu", "cuda"),
)
