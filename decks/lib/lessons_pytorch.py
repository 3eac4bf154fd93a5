"""PyTorch: batches, training and accuracy, where lessons do not teach them."""

import torch
from torch.utils.data import DataLoader, TensorDataset

import fashion


def batches(x, y, batch_size, shuffle=False):
    """Return a DataLoader of pairs: inputs (B, ...) as in `x`, labels (B,) as int64.

    `x` (N, ...) and `y` (N,) are arrays or tensors. The last batch may be smaller.
    The order of shuffled ones follows `torch.manual_seed`.
    """
    data = TensorDataset(torch.as_tensor(x), torch.as_tensor(y).long())
    return DataLoader(data, batch_size, shuffle)


@torch.no_grad()
def accuracy(net, batches):
    """Return the share of examples (0 to 1) whose highest output is the right class.

    Outputs of `net` are (B, classes).
    """
    net.eval()
    device = next(net.parameters()).device
    right = total = 0
    for x, y in batches:
        predicted = net(x.to(device)).argmax(1)
        right += (predicted == y.to(device)).sum().item()
        total += len(y)
    return right / total


def train(net, batches, loss, optimizer, num_epochs):
    """Train `net` and report each epoch's mean training loss; return these losses.

    `loss(outputs, labels)` is a batch's mean, for example `nn.CrossEntropyLoss()`;
    `optimizer` is one of `torch.optim` that holds the parameters of `net`.
    """
    device = next(net.parameters()).device
    net.train()
    losses = []
    for epoch in range(1, num_epochs + 1):
        summed, examples = 0.0, 0
        for x, y in batches:
            mean = loss(net(x.to(device)), y.to(device))
            optimizer.zero_grad()
            mean.backward()
            optimizer.step()
            summed += mean.item() * len(y)
            examples += len(y)
        losses.append(summed / examples)
        fashion.report(epoch=epoch, loss=losses[-1], examples=examples)
    return losses
