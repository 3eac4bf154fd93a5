"""Charts that fit their slides: bars of steps, curves of metrics, sweeps."""
