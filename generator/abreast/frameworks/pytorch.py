"""PyTorch."""

from abreast.model import Framework

FRAMEWORK = Framework(
    name="pytorch",
    title="PyTorch",
    distributions=("torch",),
    colour="#c8452d",
    mark="circle",
    locks=("cpu", "cuda"),
    vocabulary={
        "linear": "dense",
        "module": "model block",
        "forward": "call",
        "backward": "gradient grad",
        "no_grad": "inference",
        "dataloader": "batch dataset loader",
        "tensordataset": "from_tensor_slices arraydataset",
        "state_dict": "weights parameters",
        "load_state_dict": "load_weights load_parameters",
        "manual_seed": "set_seed seed",
        "view": "reshape",
        "permute": "transpose",
        "cat": "concat concatenate",
        "item": "numpy float",
        "unsqueeze": "expand_dims",
        "crossentropyloss": "softmax cross entropy loss",
        "parameters": "trainable_variables collect_params",
        "optim": "optimizers trainer",
    },
)
