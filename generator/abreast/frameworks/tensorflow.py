"""TensorFlow with Keras. The CPU build is a distribution of its own on Linux."""

from abreast.model import Framework

FRAMEWORK = Framework(
    name="tensorflow",
    title="TensorFlow",
    distributions=("tensorflow", "tensorflow-cpu"),
    colour="#b7791f",
    mark="triangle",
    locks=("cpu", "cuda"),
    vocabulary={
        "dense": "linear",
        "call": "forward",
        "gradienttape": "record autograd",
        "apply_gradients": "step update",
        "assign_sub": "subtract",
        "set_seed": "manual_seed seed",
        "sparsecategoricalcrossentropy": "softmax cross entropy loss",
        "categoricalcrossentropy": "softmax cross entropy loss",
        "trainable_variables": "parameters collect_params",
        "load_weights": "load_state_dict load_parameters",
        "save_weights": "save state_dict save_parameters",
        "from_tensor_slices": "tensordataset arraydataset",
        "batch": "dataloader",
        "reduce_mean": "mean",
        "reduce_sum": "sum",
        "cast": "astype",
        "concat": "cat concatenate",
        "expand_dims": "unsqueeze",
        "optimizers": "optim trainer",
    },
)
