"""JAX with Flax NNX: batches, training, accuracy, where lessons do not teach them."""

from dataclasses import dataclass, field

import jax.numpy as jnp
import numpy as np
from flax import nnx

import fashion


def batches(x, y, batch_size, shuffle=False, seed=0):
    """Return pairs to iterate over each epoch: inputs (B, ...), labels (B,) as int32.

    `x` (N, ...) and `y` (N,) are arrays. The last batch may be smaller. JAX has no
    loader of its own, so this is NumPy; shuffled orders follow `seed` and differ from
    epoch to epoch.
    """
    random = np.random.default_rng(seed) if shuffle else None
    return _Batches(np.asarray(x), np.asarray(y, "int32"), batch_size, random)


@dataclass
class _Batches:
    x: np.ndarray
    y: np.ndarray
    size: int
    random: np.random.Generator | None = field(repr=False)

    def __iter__(self):
        count = len(self.y)
        order = self.random.permutation(count) if self.random else np.arange(count)
        for start in range(0, count, self.size):
            chosen = order[start : start + self.size]
            yield jnp.asarray(self.x[chosen]), jnp.asarray(self.y[chosen])


def accuracy(net, batches):
    """Return the share of examples (0 to 1) whose highest output is the right class.

    Outputs of `net` are (B, classes).
    """
    net.eval()
    right = total = 0
    for x, y in batches:
        right += _right(net, x, y).item()
        total += len(y)
    return right / total


@nnx.jit
def _right(net, x, y):
    return (net(x).argmax(axis=1) == y).sum()


def train(net, batches, loss, optimizer, num_epochs):
    """Train `net` and report each epoch's mean training loss; return these losses.

    `loss(outputs, labels)` gives a value for each example, as optax does, or the mean;
    `optimizer` is `nnx.Optimizer(net, optax..., wrt=nnx.Param)`.
    """

    @nnx.jit
    def step(net, optimizer, x, y):
        def objective(net):
            return loss(net(x), y).mean()

        mean, gradients = nnx.value_and_grad(objective)(net)
        optimizer.update(net, gradients)
        return mean

    net.train()
    losses = []
    for epoch in range(1, num_epochs + 1):
        summed, examples = 0.0, 0
        for x, y in batches:
            summed += step(net, optimizer, x, y) * len(y)
            examples += len(y)
        losses.append(float(summed) / examples)
        fashion.report(epoch=epoch, loss=losses[-1], examples=examples)
    return losses
