# SPDX-License-Identifier: BSD-2-Clause
"""What is asked of a lookup, and what it found.  NetBSD sys/sys/namei.h."""

from typing import TYPE_CHECKING, Final

from kernel.sys.dataclasses import dataclass

if TYPE_CHECKING:
    from kernel.sys.ucred import Ucred
    from kernel.sys.vnode import Vnode

# cn_nameiop: what the caller will do with the last component.
LOOKUP: Final = 0
CREATE: Final = 1  # it need not exist
DELETE: Final = 2
RENAME: Final = 3  # the new name: it need not exist

# cn_flags: asked for.
NOFOLLOW: Final = 0x00000000
FOLLOW: Final = 0x00000040  # a symbolic link as last component is followed
LOCKPARENT: Final = 0x00000008  # ni_dvp is wanted of a LOOKUP too
CREATEDIR: Final = 0x00000400  # CREATE of a directory: its name may have trailing slashes
NOCROSSMOUNT: Final = 0x00000800  # stay on the covered directory at the end
NOCHROOT: Final = 0x01000000  # look up from the system's root
NONEXCLHACK: Final = 0x02000000  # CREATE that takes what is there, be it of another file system


@dataclass(slots=True, eq=False)
class Nameidata:
    """A lookup: the question and, after namei(), the answer (struct nameidata).

    With ni_op LOOKUP, ni_vp is the file, never None.  With the others (or
    LOCKPARENT) ni_dvp is the directory of the last component and ni_name its
    name; ni_vp is None if there is no such file, which only CREATE and RENAME
    let pass.  For a path without a last component ("/") ni_dvp is None.
    """

    ni_op: int
    ni_flags: int
    ni_path: bytes  # as the caller gave it (vfs_lookup.pathbuf_copyin)
    ni_atdir: "Vnode | None" = None  # where a relative path starts; None: the current directory
    ni_cred: "Ucred | None" = None  # whose rights count; None: the caller's
    ni_vp: "Vnode | None" = None
    ni_dvp: "Vnode | None" = None
    ni_name: bytes = b""
