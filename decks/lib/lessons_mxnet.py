"""MXNet with Gluon: batches, training and accuracy, where lessons do not teach them.

Call `npx.set_np()` before. Arrays go to the device of the network's parameters.
"""

import numpy as onp
from mxnet import autograd, gluon, np

import fashion


def batches(x, y, batch_size, shuffle=False):
    """Return a DataLoader of pairs: inputs (B, ...) as in `x`, labels (B,) as int32.

    `x` (N, ...) and `y` (N,) are NumPy arrays (fast), or MXNet's. The last batch may be
    smaller. The order of shuffled ones follows `numpy.random.seed`, not
    `mx.random.seed`.
    """
    data = gluon.data.ArrayDataset(_numpy(x), _numpy(y).astype("int32"))
    return gluon.data.DataLoader(data, batch_size, shuffle)


def accuracy(net, batches):
    """Return the share of examples (0 to 1) whose highest output is the right class.

    Outputs of `net` are (B, classes).
    """
    ctx = _context(net)
    right = total = 0
    for x, y in batches:
        predicted = net(x.as_in_ctx(ctx)).argmax(axis=1)
        right += int((predicted.astype("int32") == y.as_in_ctx(ctx)).sum())
        total += len(y)
    return right / total


def train(net, batches, loss, optimizer, num_epochs):
    """Train `net` and report each epoch's mean training loss; return these losses.

    `loss(outputs, labels)` gives a value for each example, as Gluon's losses do;
    `optimizer` is a `gluon.Trainer` that holds the parameters of `net`.
    """
    ctx = _context(net)
    losses = []
    for epoch in range(1, num_epochs + 1):
        summed, examples = 0.0, 0
        for x, y in batches:
            with autograd.record():
                each = loss(net(x.as_in_ctx(ctx)), y.as_in_ctx(ctx))
            each.backward()
            optimizer.step(len(y))
            summed += float(each.sum())
            examples += len(y)
        losses.append(summed / examples)
        fashion.report(epoch=epoch, loss=losses[-1], examples=examples)
    return losses


def _numpy(array):
    return array.asnumpy() if isinstance(array, np.ndarray) else onp.asarray(array)


def _context(net):
    """Return where the parameters are; they may still wait for their shapes."""
    return next(iter(net.collect_params().values())).list_ctx()[0]
