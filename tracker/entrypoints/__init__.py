"""Command line and daemon: translate, call, print."""
