"""The demo: a recorded story served as real feeds over simulated days, to the very code of the daemon."""
