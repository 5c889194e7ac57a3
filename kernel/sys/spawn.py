# SPDX-License-Identifier: BSD-2-Clause
"""What posix_spawn(2) is asked to do in the new process.  NetBSD sys/sys/spawn.h."""

from struct import Struct
from typing import Final, Self

from kernel.sys.namedtuple import NamedTuple
from kernel.sys.signal import pack_sigset, unpack_sigset

# sa_flags
POSIX_SPAWN_RESETIDS: Final = 0x01  # effective ids become the real ones
POSIX_SPAWN_SETPGROUP: Final = 0x02
POSIX_SPAWN_SETSCHEDPARAM: Final = 0x04
POSIX_SPAWN_SETSCHEDULER: Final = 0x08
POSIX_SPAWN_SETSIGDEF: Final = 0x10
POSIX_SPAWN_SETSIGMASK: Final = 0x20
POSIX_SPAWN_RETURNERROR: Final = 0x40  # what fails in the child is the call's error

# fae_action
FAE_OPEN: Final = 0
FAE_DUP2: Final = 1
FAE_CLOSE: Final = 2
FAE_CHDIR: Final = 3
FAE_FCHDIR: Final = 4

_ATTR: Final = Struct("<h2xiii16s16s")
_ACTIONS: Final = Struct("<IIQ")
_ENTRY: Final = Struct("<iiQiI")  # the union: path, oflag, mode; or a descriptor in its first word
SIZEOF_POSIX_SPAWNATTR: Final = _ATTR.size  # bytes
SIZEOF_POSIX_SPAWN_FILE_ACTIONS: Final = _ACTIONS.size
SIZEOF_FILE_ACTIONS_ENTRY: Final = _ENTRY.size


class PosixSpawnattr(NamedTuple):
    """Attributes of the new process (struct posix_spawnattr); sa_flags says which count."""

    sa_flags: int = 0
    sa_pgroup: int = 0  # 0: one of its own
    sa_schedparam: int = 0  # its priority
    sa_schedpolicy: int = 0
    sa_sigdefault: int = 0  # signals that are set to SIG_DFL, as bits
    sa_sigmask: int = 0

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _ATTR.pack(*self[:4], pack_sigset(self.sa_sigdefault), pack_sigset(self.sa_sigmask))

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        flags, pgroup, param, policy, sigdefault, sigmask = _ATTR.unpack(data)
        return cls(flags, pgroup, param, policy, unpack_sigset(sigdefault), unpack_sigset(sigmask))


class FileActionsEntry(NamedTuple):
    """One thing to do with descriptors (struct posix_spawn_file_actions_entry)."""

    fae_action: int
    fae_fildes: int = 0
    fae_path: int = 0  # user address; of FAE_DUP2 the new descriptor
    fae_oflag: int = 0
    fae_mode: int = 0

    @property
    def fae_newfildes(self) -> int:
        """FAE_DUP2: the descriptor that is to be a copy."""
        low = self.fae_path & 0xFFFFFFFF
        return low - (1 << 32) if low >> 31 else low

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _ENTRY.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_ENTRY.unpack(data))


class PosixSpawnFileActions(NamedTuple):
    """How many there are, and where (struct posix_spawn_file_actions)."""

    size: int  # room for
    len: int
    fae: int  # user address

    def pack(self) -> bytes:
        """Return the bytes of the C struct."""
        return _ACTIONS.pack(*self)

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """Return what the bytes of the C struct say."""
        return cls(*_ACTIONS.unpack(data))
