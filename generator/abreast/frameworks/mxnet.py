"""Apache MXNet. Its last release predates today's GPUs, so there is a lock for the CPU only."""

from abreast.model import Framework

FRAMEWORK = Framework(
    name="mxnet",
    title="MXNet",
    distributions=("mxnet",),
    colour="#2b62a8",
    mark="square",
    locks=("cpu",),
    vocabulary={
        "dense": "linear",
        "block": "module model",
        "hybridblock": "module model",
        "record": "gradienttape",
        "trainer": "optimizer optim optimizers",
        "collect_params": "parameters trainable_variables",
        "ctx": "device",
        "as_in_ctx": "to device",
        "attach_grad": "requires_grad",
        "asnumpy": "numpy",
        "softmaxcrossentropyloss": "cross entropy loss",
        "l2loss": "mse loss",
        "arraydataset": "tensordataset from_tensor_slices",
        "save_parameters": "save state_dict save_weights",
        "load_parameters": "load_state_dict load_weights",
        "set_np": "numpy",
        "copyto": "copy to",
    },
)
