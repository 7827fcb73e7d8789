"""The models run for their user alone."""

import os
import subprocess
import sys
from pathlib import Path

LOAD = "from tracker.adapters.models.encoder import MiniLmEncoder; MiniLmEncoder().encode(['a sentence'])"


def test_loading_a_model_leaves_nothing_in_the_home_folder(tmp_path: Path) -> None:
    """The runtime of the models keeps no device id and no store of reports to send: it is told so before it loads."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "CI", "XDG_"))}
    subprocess.run([sys.executable, "-c", LOAD], env={**kept, "HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*")) == []
