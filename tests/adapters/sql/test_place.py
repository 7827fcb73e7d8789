"""Where a SQLite database lies: its file, its mount, and which kinds of file system are refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.adapters.sql.engine import parse, refuse_network
from tracker.adapters.sql.place import Mount, file_of, find_mount, in_memory, mount_of
from tracker.errors import ConfigError

ROOT = Path(__file__).parents[3]

# Lines as Linux writes them: a server, its containers and shared folders, a stacked mount, one that hides another.
TABLE = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12334460k,nr_inodes=3083615,mode=755
25 24 0:23 / /dev/shm rw,relatime - tmpfs tmpfs rw,size=24684084k
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
30 25 0:27 / /dev/shm rw,relatime - ramfs ramfs rw
40 27 0:50 / /home rw,relatime shared:20 - nfs4 files.example:/home rw,vers=4.2,addr=192.0.2.7
41 40 8:17 / /home/local rw,relatime shared:21 - xfs /dev/sdb1 rw,attr2
42 27 0:51 / /mnt/two\040words rw,relatime - cifs //files.example/two\040words rw,vers=3.1.1
43 27 0:52 / /mnt/back\134slash rw,relatime - fuse.sshfs ada@files.example:/srv rw,user_id=1000
44 27 0:53 / /mnt/archive rw,nosuid - fuse.mergerfs a:b rw,user_id=0
45 27 8:33 / /mnt/stick rw,nosuid - fuseblk /dev/sdc1 rw,user_id=0
46 27 0:54 / /mnt/dav rw,nosuid - fuse https://files.example/dav rw,user_id=0
47 27 254:0 /srv/data /var/bind rw,relatime shared:1 - ext4 /dev/vda rw,discard
48 27 0:50 /projects /var/remote rw,relatime shared:20 - nfs4 files.example:/home rw
49 27 0:60 / /mnt/c rw,noatime - 9p C:\134 rw,aname=drvfs
50 27 0:61 / /covered rw,relatime - nfs old.example:/old rw
51 27 8:49 / /covered/inner rw,relatime - ext4 /dev/sdd1 rw
52 50 0:62 / /covered rw,relatime - tmpfs fresh rw
53 27 0:63 / /automatic rw,relatime - autofs systemd-1 rw,fd=29,direct
54 53 0:64 / /automatic rw,relatime - nfs4 files.example:/automatic rw
"""


@pytest.mark.parametrize(
    ("path", "kind", "network"),
    [
        ("/", "ext4", False),
        ("/var/lib/tracker.db", "ext4", False),
        ("/dev/shm/tracker.db", "ramfs", False),
        ("/home/ada/tracker.db", "nfs4", True),
        ("/home/local/tracker.db", "xfs", False),
        ("/home/locals/tracker.db", "nfs4", True),
        ("/homes/tracker.db", "ext4", False),
        ("/mnt/two words/tracker.db", "cifs", True),
        ("/mnt/back\\slash/tracker.db", "fuse.sshfs", True),
        ("/mnt/archive/tracker.db", "fuse.mergerfs", False),
        ("/mnt/stick/tracker.db", "fuseblk", False),
        ("/mnt/dav/tracker.db", "fuse", True),
        ("/var/bind/tracker.db", "ext4", False),
        ("/var/remote/tracker.db", "nfs4", True),
        ("/mnt/c/Users/ada/tracker.db", "9p", True),
        ("/covered/tracker.db", "tmpfs", False),
        ("/covered/inner/tracker.db", "tmpfs", False),
        ("/automatic/tracker.db", "nfs4", True),
    ],
)
def test_the_mount_of_a_path(path: str, kind: str, *, network: bool) -> None:
    """The mount that a path lies on is found as the kernel finds it, and files of another machine are told from ours.

    The innermost mount holds, the last one of several at one place, none that a later mount hides; a name that only
    begins like a mount's is not under it.
    """
    mount = find_mount(TABLE, Path(path))
    assert mount is not None
    assert (mount.kind, mount.network) == (kind, network)


def test_names_with_blanks_and_backslashes() -> None:
    """The octal escapes of the table are undone in the names of folders and of sources."""
    mount = find_mount(TABLE, Path("/mnt/two words"))
    assert mount == Mount("42", "27", Path("/mnt/two words"), "cifs", "//files.example/two words")


def test_a_table_that_shows_no_root() -> None:
    """Inside a changed root the table may lack "/": what lies under a mount is found, the rest is not judged."""
    table = "60 59 0:70 / /data rw,relatime - nfs4 files.example:/d rw\n"
    assert find_mount(table, Path("/data/tracker.db")) is not None
    assert find_mount(table, Path("/var/tracker.db")) is None
    assert find_mount("", Path("/")) is None


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=4))
def test_without_hidden_mounts_the_longest_wins(parts: list[str]) -> None:
    """Where every mount lies inside its parent, the mount of a path is the one of the longest matching name."""
    points = ["/", "/a", "/a/b", "/b", "/a/b/c/a"]
    parents = {"/": 0, "/a": 1, "/a/b": 2, "/b": 1, "/a/b/c/a": 3}
    table = "".join(
        f"{number} {parents[point]} 0:{number} / {point} rw - ext4 /dev/{number} rw\n"
        for number, point in enumerate(points, 1)
    )
    path = Path("/", *parts)
    found = find_mount(table, path)
    assert found is not None
    assert str(found.point) == max((point for point in points if path.is_relative_to(point)), key=len)


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="only Linux has the table")
def test_the_table_of_this_machine(tmp_path: Path) -> None:
    """The mount found for a real folder is one that the system says is a mount point, of the folder's own device."""
    mount = mount_of(tmp_path.resolve())
    assert mount is not None
    assert os.path.ismount(mount.point)
    assert mount.point.stat().st_dev == tmp_path.stat().st_dev


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("sqlite:///file::memory:?uri=true", None),
        ("sqlite:///file:shared?mode=memory&uri=true", None),
        ("sqlite:////var/lib/tracker.db", "/var/lib/tracker.db"),
        ("sqlite:////var/lib/../cache/a%20b.db", "/var/cache/a b.db"),
        ("sqlite:///file:/var/lib/a%2520b.db?mode=ro&uri=true", "/var/lib/a b.db"),
        ("sqlite:///file:///var/lib/tracker.db?uri=true", "/var/lib/tracker.db"),
    ],
)
def test_the_file_of_a_database(url: str, file: str | None) -> None:
    """The file that SQLite will open is told from its URL; a database in memory has none."""
    assert file_of(parse(url)) == (file and Path(os.path.realpath(file)))
    assert in_memory(parse(url)) is (file is None)


def test_links_are_followed(tmp_path: Path) -> None:
    """A database that is reached through a link lies where the link leads."""
    (tmp_path / "link.db").symlink_to(tmp_path / "there" / "tracker.db")
    assert file_of(parse(f"sqlite:///{tmp_path}/link.db")) == Path(os.path.realpath(tmp_path)) / "there" / "tracker.db"


def test_a_network_file_system_is_refused() -> None:
    """A file on a network file system is a configuration error of one line that names the system and both ways out."""
    url = parse("sqlite:////home/ada/tracker.db")
    with pytest.raises(ConfigError) as refused:
        refuse_network(url, find_mount(TABLE, Path("/home/ada/tracker.db")))
    for words in ("/home/ada/tracker.db", "nfs4 at /home", "postgresql://", "local disk"):
        assert words in str(refused.value)
    refuse_network(url, find_mount(TABLE, Path("/home/local/tracker.db")))
    refuse_network(url, None)


SHOWN = """
mount --bind "$1" "/proc/$$/mountinfo" || exit 77
exec "$2" -m tracker --database-url "sqlite:///$3/tracker.db" story list
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="only Linux has mount tables of its own for a process")
def test_every_command_refuses_it(tmp_path: Path) -> None:
    """A command whose mount table shows its folder to be on a network ends with 2, one line and no file made."""
    here = Path(os.path.realpath(tmp_path))
    (here / "table").write_text(f"1 0 0:1 / / rw - ext4 /dev/vda rw\n2 1 0:2 / {here} rw - nfs4 files.example:/ rw\n")
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", SHOWN, "sh", here / "table", sys.executable, here],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode in {1, 77} and "tracker:" not in done.stderr:
        pytest.skip("this process may not mount")
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1
    assert f"nfs4 at {here}" in done.stderr
    assert [path.name for path in here.iterdir()] == ["table"]
