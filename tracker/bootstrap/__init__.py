"""Composition root: settings in, a working tracker out. The only place where adapters meet the application."""

from tracker.bootstrap.app import App, resource, utc_now

__all__ = ["App", "resource", "utc_now"]
