"""Where a SQLite database lies: its file, and what kind of file system that is on.

SQLite needs locks and shared memory that all its users see. Network file systems promise both and keep neither, so a
database there is damaged sooner or later. Linux tells what is mounted where in a table; elsewhere nothing is judged.
"""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from sqlalchemy import URL

_TABLE = Path("/proc/self/mountinfo")
_NETWORK = {
    "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs",
    "nfs4", "orangefs", "prl_fs", "pvfs2", "smb2", "smb3", "smbfs", "vboxsf", "vmhgfs",
}  # fmt: skip
_NETWORK_FUSE = {
    "afpfs", "blobfuse", "blobfuse2", "ceph-fuse", "curlftpfs", "davfs", "davfs2", "gcsfuse", "glusterfs", "goofys",
    "gvfsd-fuse", "juicefs", "lizardfs", "mfs", "mount-s3", "rclone", "s3fs", "s3ql", "seaweedfs", "smbnetfs", "sshfs",
    "vmhgfs-fuse",
}  # fmt: skip
# A source such as host:/folder or https://host/folder.
_REMOTE = re.compile(r"[^/]+:/")


class Mount(NamedTuple):
    """A line of the mount table: `point` is where `source`, a file system of that kind, is found."""

    identity: str
    parent: str
    point: Path
    kind: str
    source: str

    @property
    def network(self) -> bool:
        """Tell whether its files are another machine's."""
        base, _, helper = self.kind.partition(".")
        if base in {"fuse", "fuseblk"}:
            return helper in _NETWORK_FUSE or bool(_REMOTE.match(self.source))
        return self.kind in _NETWORK


def file_of(url: "URL") -> Path | None:
    """Return the file of a SQLite database, links followed; None for a database in memory."""
    name = url.database or ""
    if name.startswith("file:") and "uri" in url.query:
        name = unquote(urlsplit(name).path)
    if name in {"", ":memory:"} or url.query.get("mode") == "memory":
        return None
    return Path(os.path.realpath(name))


def in_memory(url: "URL") -> bool:
    """Tell whether a database lives in this process alone."""
    return url.get_backend_name() == "sqlite" and file_of(url) is None


def mount_of(path: Path) -> Mount | None:
    """Return the mount that a path, links followed, lies on; None where the system does not tell."""
    try:
        table = _TABLE.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    return find_mount(table, path)


def find_mount(table: str, path: Path) -> Mount | None:
    """Return the mount that an absolute path lies on by a table as in proc(5), mountinfo; None when none covers it.

    Walks down from the root as the kernel does: a mount that a later one hides by covering its parent is not found.
    """
    mounts = [_mount(line) for line in table.splitlines() if " - " in line]
    covering = [mount for mount in mounts if path.is_relative_to(mount.point)]
    known = {mount.identity for mount in mounts if mount.identity != mount.parent}
    here: Mount | None = None
    below = [mount for mount in covering if mount.parent not in known]
    while below:
        here = min(below, key=lambda mount: len(mount.point.parts))
        below = [mount for mount in covering if mount.parent == here.identity != mount.identity]
    return here


def _mount(line: str) -> Mount:
    left, _, right = line.partition(" - ")
    identity, parent, _, _, point = left.split(" ")[:5]
    kind, source = right.split(" ")[:2]
    return Mount(identity, parent, Path(_unescaped(point)), kind, _unescaped(source))


def _unescaped(word: str) -> str:
    """Return a word of the table with its blanks, which it writes as a backslash and three octal digits."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), word)
