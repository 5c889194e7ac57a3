# SPDX-License-Identifier: BSD-2-Clause
"""Laws of kernel/sys/ktrace.py: the layouts are the C compiler's."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kernel.sys import ktrace
from kernel.sys.cdefs import I386, ILP32, ILP32_BE, LP64, LP64_BE, M68K, Abi, offsetof, sizeof

# Each struct as <sys/ktrace.h> and <sys/siginfo.h> have it, and the class that declares it here.
C_STRUCTS: dict[type, str] = {
    ktrace.KtrHeaderV0: """
        int ktr_len; short ktr_type; int ktr_pid; char ktr_comm[17];
        struct { long tv_sec, tv_usec; } ktr_time; const void *ktr_buf;""",
    ktrace.KtrHeaderV1: """
        int ktr_len; unsigned ktr_vertype; int ktr_pid; char ktr_comm[17];
        struct { long tv_sec, tv_nsec; } ktr_time; int ktr_lid;""",
    ktrace.KtrHeaderV2: """
        int ktr_len; unsigned ktr_vertype; int ktr_pid; char ktr_comm[17];
        struct { long long tv_sec; long tv_nsec; } ktr_time; int ktr_lid;""",
    ktrace.KtrSyscall: "int ktr_code; int ktr_argsize;",
    ktrace.KtrSysret: """
        short ktr_code; short ktr_eosys; int ktr_error; long ktr_retval; long ktr_retval_1;""",
    ktrace.KtrSysretOld: "short ktr_code; short ktr_eosys; int ktr_error; long ktr_retval;",
    ktrace.KtrGenio: "int ktr_fd; enum { R, W } ktr_rw;",
    ktrace.KtrPsig: """
        int signo; void (*action)(int); struct { unsigned bits[4]; } mask; int code;""",
    ktrace.KtrCsw: "int out; int user;",
    ktrace.KtrUser: "char ktr_id[20];",
    ktrace.KtrMmsg: """
        int ktr_bits; int ktr_size; int ktr_remote_port; int ktr_local_port;
        int ktr_reserved; int ktr_id;""",
    ktrace.KtrMool: "const void *uaddr; unsigned long size;",
    ktrace.KtrSaupcall: "int ktr_type; int ktr_nevent; int ktr_nint; void *ktr_sas; void *ktr_ap;",
    ktrace.KtrExecFd: "int ktr_fd; unsigned ktr_dtype;",
    ktrace.KtrSiginfo: "int si_signo; int si_code; int si_errno;",
    ktrace.KtrSiginfoRt: "int si_pid; unsigned si_uid; union { int i; void *p; } si_value;",
    ktrace.KtrSiginfoChild: """
        int si_pid; unsigned si_uid; int si_status; unsigned si_utime, si_stime;""",
    ktrace.KtrSiginfoFault: "void *si_addr; int si_trap;",
    ktrace.KtrSiginfoPoll: "long si_band; int si_fd;",
}


def compiled_layouts(directory: Path, *flags: str) -> dict[str, list[int]]:
    """Return per struct its size and offsets, read from the assembler text cc makes."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    source = "#define at(t, f) (int)__builtin_offsetof(struct t, f)\n"
    for cls, body in C_STRUCTS.items():
        name = cls.__name__
        fields = "".join(f", at({name}, {field})" for field in cls.__annotations__)
        source += f"struct {name} {{ {body} }};\n"
        source += f"const int layout_{name}[] = {{ sizeof(struct {name}){fields} }};\n"
    (directory / "layout.c").write_text(source)
    made = subprocess.run(
        [compiler, *flags, "-S", "-o", "layout.s", "layout.c"], cwd=directory, check=False
    )
    if made.returncode:
        pytest.skip(f"cc does not take {' '.join(flags)}")
    text = (directory / "layout.s").read_text()
    chunks = re.split(r"^layout_(\w+):", text, flags=re.MULTILINE)[1:]
    return {
        name: [
            0 if kind == "zero" else int(n)
            for kind, n in re.findall(r"\.(long|zero)\s+(\d+)", body)
        ]
        for name, body in zip(chunks[::2], chunks[1::2], strict=True)
    }


@pytest.mark.parametrize(
    ("abi", "flags"), [(LP64, ("-m64",)), (I386, ("-m32",)), (ILP32, ("-m32", "-malign-double"))]
)
def test_layouts_are_the_compilers(abi: Abi, flags: tuple[str, ...], tmp_path: Path) -> None:
    """Every sizeof and offsetof is what cc computes for the struct of <sys/ktrace.h>."""
    layouts = compiled_layouts(tmp_path, *flags)

    for cls in C_STRUCTS:
        ours = [sizeof(cls, abi), *(offsetof(cls, name, abi) for name in cls.__annotations__)]
        assert ours == layouts[cls.__name__], cls.__name__


@pytest.mark.parametrize(
    ("abi", "v0", "v1", "v2"),
    [
        (LP64, 56, 56, 56),
        (LP64_BE, 56, 56, 56),
        (I386, 44, 44, 48),
        (ILP32, 44, 44, 56),
        (ILP32_BE, 44, 44, 56),
        (M68K, 40, 42, 46),
    ],
)
def test_header_sizes(abi: Abi, v0: int, v1: int, v2: int) -> None:
    """The headers are as long as those measured on NetBSD's ports."""
    assert sizeof(ktrace.KtrHeaderV0, abi) == v0
    assert sizeof(ktrace.KtrHeaderV1, abi) == v1
    assert sizeof(ktrace.KtrHeaderV2, abi) == v2


def test_header_offsets() -> None:
    """The fields are where the real traces of 2003 and of NetBSD 10 have them."""
    assert offsetof(ktrace.KtrHeaderV0, "ktr_pid", I386) == 8
    assert offsetof(ktrace.KtrHeaderV0, "ktr_pid", M68K) == 6
    assert offsetof(ktrace.KtrHeaderV0, "ktr_buf", LP64) == 48
    assert offsetof(ktrace.KtrHeaderV2, "ktr_lid", I386) == 44
    assert offsetof(ktrace.KtrHeaderV2, "ktr_lid", ILP32) == 48
    assert offsetof(ktrace.KtrPsig, "code", LP64) == 32


def test_facilities_are_bits_of_types() -> None:
    """Each KTRFAC_x of a record type is 1 << KTR_x, and inside KTRFAC_MASK."""
    types = {n[4:]: v for n, v in vars(ktrace).items() if n.startswith("KTR_") and "MAX" not in n}
    assert sorted(types.values()) == list(range(1, 16))
    for name, number in types.items():
        assert getattr(ktrace, f"KTRFAC_{name}") == 1 << number
        assert 1 << number & ktrace.KTRFAC_MASK


def test_ops_and_versions() -> None:
    """The operation and the version are cut out of their words."""
    assert ktrace.KTROP(ktrace.KTRFLAG_DESCEND | ktrace.KTROP_CLEARFILE) == ktrace.KTROP_CLEARFILE
    assert ktrace.KTRFAC_VERSION(ktrace.KTRFACv2 | ktrace.KTRFAC_SYSCALL) == 2
    assert ktrace.ktr_vertype(2, ktrace.KTR_GENIO) == 0x20004
