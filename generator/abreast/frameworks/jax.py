"""JAX with Flax NNX for networks and Optax for optimizers."""

from abreast.model import Framework

FRAMEWORK = Framework(
    name="jax",
    title="JAX",
    distributions=("jax",),
    colour="#701a55",
    mark="diamond",
    locks=("cpu", "cuda"),
    vocabulary={
        "linear": "dense",
        "module": "model block",
        "rngs": "manual_seed set_seed seed",
        "prngkey": "manual_seed set_seed seed",
        "default_backend": "device ctx is_available",
        "device_put": "to device as_in_ctx",
        "__call__": "forward call",
        "value_and_grad": "backward gradient gradienttape record autograd loss",
        "grad": "backward gradient gradienttape record autograd",
        "param": "parameters trainable_variables collect_params",
        "optax": "optim optimizers trainer",
        "apply_updates": "step apply_gradients update",
        "update": "step apply_gradients",
        "jit": "hybridize compile function",
        "softmax_cross_entropy_with_integer_labels": "crossentropyloss "
        "sparsecategoricalcrossentropy softmaxcrossentropyloss",
        "softmax_cross_entropy": "crossentropyloss categoricalcrossentropy",
        "l2_loss": "mseloss l2loss",
        "squared_error": "mse loss",
        "asarray": "from_numpy convert_to_tensor tensor array",
        "permutation": "shuffle dataloader",
        "concatenate": "cat concat",
        "expand_dims": "unsqueeze",
        "astype": "cast to",
        "item": "numpy asnumpy float",
    },
)
