"""The same documents as `--format json` and `--json` print, over HTTP, under `/api/v1`."""

from tracker.entrypoints.web.api.answers import ROOT, problem
from tracker.entrypoints.web.api.documents import routes

__all__ = ["ROOT", "problem", "routes"]
