"""Keras: batches, training and accuracy, where lessons do not teach them."""

import keras
import numpy as np
import tensorflow as tf

import fashion


def batches(x, y, batch_size, shuffle=False):
    """Return a Dataset of pairs: inputs (B, ...) as in `x`, labels (B,) as int32.

    `x` (N, ...) and `y` (N,) are arrays or tensors. The last batch may be smaller.
    The order of shuffled ones follows `keras.utils.set_random_seed`.
    """
    data = tf.data.Dataset.from_tensor_slices((x, np.asarray(y, "int32")))
    if shuffle:
        data = data.shuffle(len(y))
    return data.batch(batch_size).prefetch(tf.data.AUTOTUNE)


def accuracy(net, batches):
    """Return the share of examples (0 to 1) whose highest output is the right class.

    Outputs of `net` are (B, classes).
    """
    metric = keras.metrics.SparseCategoricalAccuracy()
    for x, y in batches:
        metric.update_state(y, net(x, training=False))
    return float(metric.result())


def train(net, batches, loss, optimizer, num_epochs):
    """Train `net` and report each epoch's mean training loss; return these losses.

    `loss` and `optimizer` are what `compile` takes: objects of Keras or their names.
    Networks that end without softmax need
    `SparseCategoricalCrossentropy(from_logits=True)`.
    """
    net.compile(optimizer, loss)
    examples = int(batches.reduce(0, lambda n, batch: n + tf.shape(batch[1])[0]))
    history = net.fit(
        batches,
        epochs=num_epochs,
        shuffle=False,
        verbose=0,
        callbacks=[_Report(examples)],
    )
    return history.history["loss"]


class _Report(keras.callbacks.Callback):
    """Reports the mean loss that Keras kept over an epoch."""

    def __init__(self, examples):
        super().__init__()
        self.examples = examples

    def on_epoch_end(self, epoch, logs=None):
        fashion.report(epoch=epoch + 1, loss=logs["loss"], examples=self.examples)
