"""What commands print with `--json` and what the API answers: one function makes a document for both.

Each document is a TypedDict, from which the API's schemas are made: what a field holds is said once. A field that was
there stays, with its meaning; others may be added.
"""
