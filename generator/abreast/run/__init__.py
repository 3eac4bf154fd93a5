"""Stage two: plan what must run, run it in the frameworks' own kernels, keep the runs."""
