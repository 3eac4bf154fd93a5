"""TensorFlow's CPU as several logical devices: practice where there is no GPU."""

import tensorflow as tf


def split(count):
    """Make `count` logical devices of the CPU, before TensorFlow opens its devices."""
    cpu, *_ = tf.config.list_physical_devices("CPU")
    part = tf.config.LogicalDeviceConfiguration()
    tf.config.set_logical_device_configuration(cpu, [part] * count)
