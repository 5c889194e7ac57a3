# SPDX-License-Identifier: BSD-2-Clause
"""mount, umount and df: what they do and what they print."""

import pytest

from kernel import api
from userland.python.frames import LIBRARY


@pytest.fixture
def sh(k: api.System):
    """Runs a command of the shell in /tmp; returns its status and all that it printed."""

    def run(command: str, uid: int = 0) -> tuple[int, str]:
        result = k.run(b"/bin/sh", ["-c", f"cd /tmp; {command}"], uid=uid)
        return result.status, (result.stdout + result.stderr).decode()

    return run


def test_what_is_mounted(sh):
    """A line each, in the order of mounting; flags in NetBSD's words and order."""
    assert sh("mount") == (
        0,
        "tmpfs on / type tmpfs (local)\n"
        "devfs on /dev type devfs (local)\n"
        "ptyfs on /dev/pts type ptyfs (local)\n"
        "procfs on /proc type procfs (local)\n"
        f"hostfs on {LIBRARY} type hostfs (noatime, nodev, nosuid)\n",
    )
    flags = "nosuid,nodev,noexec,ro,noatime"
    status, text = sh(f"mkdir a; mount -t tmpfs -o {flags} tmpfs a; mount -t tmpfs")
    assert status == 0
    assert text.splitlines()[1] == (
        "tmpfs on /tmp/a type tmpfs (noatime, nodev, noexec, nosuid, read-only, local)"
    )


def test_types_to_list(sh):
    """-t picks types, "no" before them all others."""
    assert sh("mount -t devfs,procfs | cut -d' ' -f1") == (0, "devfs\nprocfs\n")
    assert sh("mount -t nodevfs,procfs,ptyfs | cut -d' ' -f1") == (0, "tmpfs\nhostfs\n")


def test_tmpfs_options(sh):
    """Size, nodes, owner, group and mode of a tmpfs; without them it is as its directory."""
    sh("mkdir a b; chmod 750 b; chown user:users b")
    assert sh("mount -t tmpfs -o -s=1m,-n=50,-u=user,-g=100,-m=1700 tmpfs a") == (0, "")
    assert sh("df -k a | tail -n 1 | tr -s ' ' | cut -d' ' -f2") == (0, "1024\n")
    assert sh("ls -ld a | tr -s ' ' | cut -d' ' -f1,3,4") == (0, "drwx-----T user users\n")
    assert sh("mount -t tmpfs tmpfs b; ls -ld b | tr -s ' ' | cut -d' ' -f1,3") == (
        0,
        "drwxr-x--- user\n",
    )


def test_null_mount(sh):
    """A directory is seen twice; umount takes the name of either end."""
    status, text = sh("mkdir a b; echo hi >a/f; mount -t null -o ro a b; cat b/f; echo x >b/f")
    assert status != 0
    assert text.startswith("hi\n")
    assert text.endswith("cannot create b/f: read-only file system\n")
    assert sh("mount | tail -n 1") == (0, "/tmp/a on /tmp/b type null (read-only, local)\n")
    assert sh("umount /tmp/b; cat b/f") == (1, "cat: b/f: No such file or directory\n")


def test_update(sh):
    """-u changes what is mounted, found by its name; other limits stay."""
    sh("mkdir a; mount -t tmpfs -o -s=1m tmpfs a")
    assert sh("mount -u -o ro,nosuid a; mount -t tmpfs | tail -n 1") == (
        0,
        "tmpfs on /tmp/a type tmpfs (nosuid, read-only, local)\n",
    )
    assert sh("mount -u -o rw a; echo x >a/f; df -k a | tail -n 1 | tr -s ' ' | cut -d' ' -f2") == (
        0,
        "1024\n",
    )


def test_hostfs(k, sh, tmp_path):
    """What the embedding program offers can be mounted by its name, nothing else."""
    (tmp_path / "f").write_text("from outside\n")
    k.offer(b"data", tmp_path, readonly=True)
    sh("mkdir a")
    assert sh("mount -t hostfs -o ro data a; cat a/f; umount a") == (0, "from outside\n")
    assert sh("mount -t hostfs data a") == (1, "mount: data on /tmp/a: Read-only file system\n")
    assert sh(f"mount -t hostfs {tmp_path} a")[0] == 1


def test_force(sh):
    """umount -f takes away what is in use."""
    sh("mkdir a; mount -t tmpfs tmpfs a")
    assert sh("cd a; umount /tmp/a") == (1, "umount: /tmp/a: Device busy\n")
    assert sh("cd a; umount -fv /tmp/a; ls .") == (
        1,
        "tmpfs: unmount from /tmp/a\nls: .: No such file or directory\n",
    )


def test_umount_all(sh):
    """-a with a type unmounts all of that type, the last first."""
    sh("mkdir a; mount -t tmpfs tmpfs a; mkdir a/b; mount -t null /tmp a/b")
    assert sh("umount -a -t null,tmpfs; mount | cut -d' ' -f3") == (
        0,
        f"/\n/dev\n/dev/pts\n/proc\n{LIBRARY}\n",
    )


def test_df(k, sh):
    """Blocks of 512 bytes, or as BLOCKSIZE and the flags say."""
    sh("mkdir a; mount -t tmpfs -o -s=1m,-n=100 tmpfs a; dd if=/dev/zero of=a/f bs=100k count=3")
    state = k.root().statvfs(b"/tmp/a")
    used, free = state.f_blocks - state.f_bfree, state.f_bavail
    full = used * 100 // (used + free)
    assert sh("df a") == (
        0,
        "Filesystem    512-blocks         Used        Avail %Cap Mounted on\n"
        f"tmpfs               2048 {used * 8:>12} {free * 8:>12}  {full}% /tmp/a\n",
    )
    assert sh("df -h a | cut -c1-23") == (0, "Filesystem        Size \ntmpfs             1.0M \n")
    files = f"{state.f_files - state.f_ffree:>8} {state.f_ffree:>8}"
    status, text = sh("df -ki a")
    assert status == 0
    assert text.splitlines()[0].endswith(" %Cap    iUsed   iAvail %iCap Mounted on")
    assert f" {full}% {files} " in text
    assert sh("df -P a") == (
        0,
        "Filesystem 512-blocks Used Available Capacity Mounted on\n"
        f"tmpfs 2048 {used * 8} {free * 8} {full}% /tmp/a\n",
    )
    assert sh("BLOCKSIZE=1m df -P / | head -n 1 | cut -d' ' -f2") == (0, "1048576-blocks\n")
    assert sh("df -t devfs | cut -d' ' -f1") == (0, "Filesystem\ndevfs\n")


MESSAGES = {
    "mount a b c": "usage: mount [-fruvw] [-t type]",
    "mount /tmp": "mount: /tmp: unknown special file or file system.",
    "mount -u /tmp": "mount: unknown special file or file system /tmp.",
    "mount -t foo x /mnt": "mount: x on /mnt: Operation not supported by device",
    "mount x /none": "mount: realpath /none: No such file or directory",
    "mount -t null /none /mnt": "mount: /none on /mnt: No such file or directory",
    "mount -t tmpfs -t null x /mnt": "mount: only one -t option may be specified.",
    "mount -t tmpfs -o -s=much tmpfs /mnt": "mount: failed to parse size `much'",
    "mount -t tmpfs -o -u=nobodyatall tmpfs /mnt": "mount: unknown user `nobodyatall'",
    "mount -t tmpfs -o -m=9 tmpfs /mnt": "mount: invalid mode `9'",
    "mount -t tmpfs -o what tmpfs /mnt": "mount: -o what: option not supported",
    "mount -t null -o -s=1 / /mnt": "mount: unknown option -- s",
    "umount": "usage: umount [-fRv] [-t fstypelist] special | node",
    "umount /tmp": "umount: /tmp: not currently mounted",
    "umount /etc/passwd": "umount: /etc/passwd: not a directory or special device",
    "umount -R /tmp": "umount: /tmp: Invalid argument",
    "umount /": "umount: /: Invalid argument",
    "df /none": "df: /none: No such file or directory",
    "df -h -P": "df: -h and -i are incompatible with -P",
}


@pytest.mark.parametrize("command", MESSAGES)
def test_messages(sh, command):
    """What is wrong is said, and status 1 tells of it."""
    status, text = sh(command)
    assert status == 1
    assert text.splitlines()[0] == MESSAGES[command]


def test_user(sh):
    """Others than the super-user may look, not mount."""
    assert sh("mount | wc -l", uid=1000)[1].strip() == "5"
    assert sh("mount -t tmpfs tmpfs /home/user", uid=1000) == (
        1,
        "mount: tmpfs on /home/user: Operation not permitted\n",
    )
    assert sh("umount /proc", uid=1000) == (1, "umount: /proc: Operation not permitted\n")
