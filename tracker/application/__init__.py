"""One verb a module; `cycle` alone knows the order."""
