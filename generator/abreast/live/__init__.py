"""What runs while you work on a deck: a rehearsal's page on this machine, until it is saved."""
