"""Build the wheel, install it into an empty environment outside the checkout, and run the main job there.

usage: python tests/wheel/check_wheel.py      prints one line a step; exits with 1 when one fails
"""

import os
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
RESOURCES = ("alembic", "seeds", "config")


def main() -> None:
    """Build, look inside, install, run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(folder, sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", name, str(ROOT))
        (wheel,) = folder.glob("*.whl")
        held = set(zipfile.ZipFile(wheel).namelist())
        missing = sorted(needed() - held)
        if missing:
            raise SystemExit(f"the wheel lacks {missing}")
        print(f"built {wheel.name}, {wheel.stat().st_size / 1e6:.1f} MB")
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        run(folder, python, "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel)
        tracker = folder / "env" / "bin" / "tracker"
        print(run(folder, tracker, "--version").strip())
        seeds = run(folder, python, "-c", "from tracker.bootstrap import resource; print(resource('seeds'))").strip()
        opened = run(folder, tracker, "story", "open", f"{seeds}/western-instructors.toml")
        print(opened.splitlines()[0])
        print(run(folder, tracker, "verify").splitlines()[0])
        demo = run(folder, tracker, "demo")
        print(f"demo: {len(demo.splitlines())} lines")
        (kept,) = re.findall(r"TRACKER_DATABASE_URL=(\S+)", demo)
        for path in ("/", "/story/western-instructors"):
            page = run(folder, tracker, "--database-url", kept, "serve", "--get", path)
            print(f"page {path}: {len(page)} bytes")
            if "Western instructors in Ukraine" not in page:
                raise SystemExit(f"the page {path} does not show the story")


def needed() -> set[str]:
    """Return every file that the wheel must hold: whatever lies in the package, and the folders that go along."""
    package = {path.relative_to(ROOT).as_posix() for path in files(ROOT / "tracker")}
    return package | {
        f"tracker/resources/{path.relative_to(ROOT).as_posix()}" for name in RESOURCES for path in files(ROOT / name)
    }


def files(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, without what Python leaves there."""
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def run(folder: Path, *command: object) -> str:
    """Run a command away from the checkout; return what it printed, or end with what it complained of."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "PYTHON"))}
    environment |= {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
