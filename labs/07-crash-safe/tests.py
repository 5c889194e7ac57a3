# SPDX-License-Identifier: BSD-2-Clause
"""Tests of lab 7."""

from itertools import count

from kernel.grade import test

OLD = b"the old text\n" * 40
NEW = b"the new text, which is longer\n" * 700
PAPERS = [f"{before}papers{end}" for before in ("", "*/") for end in ("", "/", "/.")]
MOST = 400  # calls that a program may need; nobody's needs so many


def home(lab):
    """Return the names of the user's files."""
    return {path for path in lab.system.files() if path.startswith("/home/user/")}


def mode(lab, path="note"):
    """Return a file's permissions as ls would be asked for them: "644"."""
    return f"{lab.system.files()[f'/home/user/{path}'].mode & 0o7777:o}"


def crashes(lab, *argv, stdin=b""):
    """Run a program as often as it has calls, and cut the power before another one each time.

    Yields for each the call and the files that are left; a new machine has them.
    """
    before = lab.system.files()
    for number in count(1):
        assert number <= MOST, f"{argv[0]} makes more than {MOST} calls"
        lab.boot(files=before)
        lab.crash_at("all", when=number)
        result = lab.run(*argv, stdin=stdin, status=None)
        if not result.crashed:
            return
        lab.boot(files=result.files)
        yield f"call {number}"


@test(
    points=1,
    hint="Read descriptor 0 to its end, which b'' is, and print saved when all is done. What you"
    " read are bytes, of any kind, or none at all.",
)
def replaces(lab):
    """replace.py replaces what is in a file."""
    lab.write("note", OLD)
    for text in NEW, b"\xff\0\r\n", b"":
        result = lab.run("replace.py", "note", stdin=text)
        assert result.stdout == b"saved\n"
        assert lab.read("note") == text, "the file has not the new text"
    lab.run("/bin/sh", "-c", "(echo one; sleep 1; echo two) | ./replace.py note")
    assert lab.read("note") == b"one\ntwo\n", "the text came in two pieces"


@test(points=1, hint="Without an old file there is nothing to keep: the new one has mode 0644.")
def makes_a_file(lab):
    """replace.py makes a file that was not there."""
    lab.run("replace.py", "note", stdin=NEW)
    assert lab.read("note") == NEW, "the file has not the new text"
    assert mode(lab) == "644", "the new file has another mode"


@test(
    points=1,
    hint="os.stat tells the old file's mode, os.fchmod gives it to the new one. What os.open makes"
    " has not the mode it is told, but what the umask leaves of it.",
)
def keeps_the_mode(lab):
    """replace.py leaves the file the mode it had."""
    lab.write("note", OLD, 0o660)
    lab.run("replace.py", "note", stdin=NEW)
    assert mode(lab) == "660", "the file has another mode than before"


@test(
    points=3,
    hint="write a new file beside the old one and os.rename it when it is whole, and has its mode."
    " rename takes the place of the old file by itself: nothing is to be removed before.",
)
def replace_survives_a_crash(lab):
    """Wherever the power fails in replace.py, the file has the old text or the new one."""
    lab.write("note", OLD, 0o660)
    for where in crashes(lab, "replace.py", "note", stdin=NEW):
        assert lab.exists("note"), f"after a crash before {where} there is no file"
        left = lab.read("note")
        whole = left in (OLD, NEW)
        assert whole, (
            f"after a crash before {where} the file has {len(left)} bytes:"
            " neither the old text nor the new"
        )
        assert mode(lab) == "660", f"after a crash before {where} it has another mode"


@test(
    points=2,
    hint="Bytes that were only written may be lost. fsync the new file before you rename it, or"
    " the name may be on the disk before what it names.",
)
def replace_is_on_disk_before_it_counts(lab):
    """replace.py has all it wrote on the disk before the file has its name."""
    lab.write("note", OLD)
    trace = lab.run("replace.py", "note", stdin=NEW).trace
    assert trace.calls("fsync,fdatasync").count, "nothing was synced"
    renames = trace.calls("rename,renameat").succeeded()
    assert renames.count, "nothing was renamed"
    synced = trace.calls("fsync,fdatasync").succeeded().before(renames)
    assert synced, "fsync came after rename"
    assert not trace.calls("write,pwrite,writev").on("*").after(synced).before(renames), (
        "something was written after fsync"
    )
    changed = trace.calls("chmod,fchmod,lchmod,fchmodat").succeeded().after(synced)
    assert not changed, "the file got its mode after fsync: that may not be on the disk"


@test(
    points=2,
    hint="a name belongs to its directory: open that, and fsync it after the rename, before you"
    " say saved. It is FILE's directory, not the current one.",
)
def the_new_name_is_on_disk(lab):
    """replace.py has the new name on the disk when it says saved."""
    lab.write("papers/note", OLD)
    trace = lab.run("replace.py", "papers/note", stdin=NEW).trace
    renames = trace.calls("rename,renameat").succeeded()
    synced = trace.calls("fsync").succeeded().after(renames)
    assert synced, "nothing was synced after the rename"
    assert synced.on(*PAPERS), "what was synced after the rename is not the directory"
    lab.inject("fsync:error=EIO", path="/home/user/papers")
    result = lab.run("replace.py", "papers/note", stdin=OLD, status=None)
    assert b"saved" not in result.stdout, "it says saved, and fsync of the directory has failed"
    kept = lab.exists("papers/note") and lab.read("papers/note") in (OLD, NEW)
    assert kept, "fsync of the directory has failed, and the file has neither text"


@test(points=1, hint="If fsync raises, the new file is not on the disk: leave the old one alone.")
def replace_heeds_fsync(lab):
    """When fsync fails, replace.py fails, and the old text stays."""
    lab.write("note", OLD)
    lab.inject("fsync,fdatasync:error=EIO:when=1")
    result = lab.run("replace.py", "note", stdin=NEW, status=1)
    assert result.stderr, "stderr does not say why"
    assert lab.read("note") == OLD, "the old text is gone"


@test(
    points=2,
    hint="Until the new text is whole the old one must not be touched: write a new file beside the"
    " old one.",
)
def replace_keeps_the_old_when_the_disk_is_full(lab):
    """When the disk is full, replace.py fails, and the old text stays."""
    lab.write("note", OLD)
    lab.inject("write:error=ENOSPC", path="/[!d]*")
    result = lab.run("replace.py", "note", stdin=NEW, status=1)
    assert result.stderr, "stderr does not say why"
    assert lab.read("note") == OLD, "the old text is gone"


@test(points=1, hint="When anything fails, remove your temporary file before you exit.")
def replace_leaves_nothing_behind(lab):
    """When it cannot be done, replace.py leaves no other file behind."""
    for fault in "write:error=ENOSPC", "fsync,fdatasync:error=EIO", "rename,renameat:error=EIO":
        lab.boot()
        lab.write("note", OLD)
        before = home(lab)
        lab.inject(fault, path="/[!d]*")
        lab.run("replace.py", "note", stdin=NEW, status=None)
        assert sorted(home(lab) - before) == [], f"a file was left behind, with {fault}"


@test(
    points=2,
    hint="A temporary file may be left over from a crash: if its name is taken, take another.",
)
def replace_works_after_a_crash(lab):
    """After a crash anywhere in it, replace.py works."""
    lab.write("note", OLD)
    for where in crashes(lab, "replace.py", "note", stdin=NEW):
        result = lab.run("replace.py", "note", stdin=b"another\n", status=None)
        assert result.status == 0, (
            f"after a crash before {where} it fails: {result.stderr.decode(errors='replace')}"
        )
        assert lab.read("note") == b"another\n", f"after a crash before {where} it did not replace"


@test(
    points=1,
    hint="What is beside FILE may be somebody's: open the temporary file with O_EXCL, and if the"
    " name is taken, take another.",
)
def replace_leaves_other_files_alone(lab):
    """replace.py overwrites no other file in the directory, whatever it is called."""
    lab.write("note", OLD)
    before = home(lab)
    lab.crash_at("rename,renameat")
    lab.run("replace.py", "note", stdin=NEW, status=None)
    names = sorted(home(lab) - before)  # that it gives its temporary files
    lab.boot()
    lab.write("note", OLD)
    for name in names:
        lab.write(name, "a file of somebody's")
    lab.run("replace.py", "note", stdin=NEW, status=None)
    for name in names:
        kept = lab.exists(name) and lab.read(name) == b"a file of somebody's"
        assert kept, f"there was a file {name}, and replace.py took it for its own"


@test(
    points=1,
    hint="rename works within one file system only: make the new file in the old one's directory,"
    " not in /tmp.",
)
def replace_works_on_any_file_system(lab):
    """replace.py replaces a file of another file system."""
    lab.write("disk/x", "")
    lab.run("/sbin/mount", "-t", "tmpfs", "tmpfs", "/home/user/disk", uid=0)
    lab.run("/bin/sh", "-c", "echo old >disk/note")
    lab.run("replace.py", "disk/note", stdin=NEW)
    assert lab.run("/bin/cat", "disk/note").stdout == NEW, "the file has not the new text"


@test(
    points=1,
    hint="os.write may take less than you gave it: look at what os.write returns, and go on with"
    " the rest.",
)
def replace_finishes_a_short_write(lab):
    """replace.py goes on when a write takes fewer bytes than it was given."""
    lab.write("note", OLD)
    lab.inject(
        "write:retval=5:when=1", path="/[!d]*"
    )  # 5 bytes are said to be taken: they are gone
    lab.run("replace.py", "note", stdin=NEW)
    assert lab.read("note")[-len(NEW) + 5 :] == NEW[5:], "the rest was not written"


RECORDS = ["first", "", "a line with  spaces", "\N{SNOWMAN}", "last of five"]


def listed(lab):
    """Return the records that journal.py lists, as text."""
    lines = lab.run("journal.py", "log", "list").stdout.decode().split("\n")
    assert lines.pop() == "", "list does not end each record with a newline"
    return lines


def prefix(lab, least, what):
    """Return what is listed: RECORDS from the first on, these at least and at most one more.

    Of that one only something may be missing that a program can do without, as a newline.
    """
    got = listed(lab)
    if got != RECORDS[: least + 1]:
        assert got == RECORDS[:least], what
    return got


def filled(lab):
    """Add RECORDS; return the journal's bytes after each."""
    sizes = []
    for text in RECORDS:
        lab.run("journal.py", "log", "add", text)
        sizes.append(len(lab.read("log")))
    return lab.read("log"), sizes


@test(points=2, hint="add puts a record at the end, list prints one a line.")
def journal_lists_what_was_added(lab):
    """journal.py list prints what was added, in order."""
    assert listed(lab) == [], "without a file there are no records"
    filled(lab)
    assert listed(lab) == RECORDS
    lab.run("journal.py", "log", "add", " blanks around ")
    assert listed(lab)[-1] == " blanks around ", "TEXT has lost its blanks"


@test(
    points=1,
    hint="When add has ended with status 0 its record is on the disk: os.fsync. So is the name:"
    " fsync the directory, also if the file was there. Who made it may have failed after that.",
)
def journal_is_on_disk(lab):
    """journal.py add has its record on the disk when it ends."""
    lab.write("log", "")
    trace = lab.run("journal.py", "log", "add", "text").trace
    written = trace.calls("write,pwrite,writev").on("log", "*/log")
    assert written.count, "nothing was written to the file"
    assert trace.calls("fsync,fdatasync").succeeded().after(written), (
        "what was written is not synced"
    )
    lab.write("papers/other", "")
    synced = lab.run("journal.py", "papers/fresh", "add", "text").trace.calls("fsync").succeeded()
    assert synced.on(*PAPERS), "add has made the file, and its directory is not synced"
    lab.boot()
    lab.write("papers/other", "")
    faults = lab.inject("write,pwrite,writev:error=ENOSPC:when=1", path="/home/user/papers/*")
    lab.run("journal.py", "papers/fresh", "add", "text", status=1)
    faults.remove()
    synced = lab.run("journal.py", "papers/fresh", "add", "text").trace.calls("fsync").succeeded()
    assert synced.on(*PAPERS), (
        "an add has failed when it had made the file, and the next does not sync its directory"
    )


@test(
    points=1,
    hint="os.write may take less than you gave it: look at what os.write returns, and go on with"
    " the rest.",
)
def journal_finishes_a_short_write(lab):
    """journal.py add goes on when a write takes only the first byte."""
    lab.run("journal.py", "log", "add", "text")
    whole = lab.read("log")
    lab.boot()
    lab.inject("write:retval=1:when=1", path="/home/user/log")  # it is said to be taken: it is gone
    lab.run("journal.py", "log", "add", "text")
    assert lab.read("log").endswith(whole[1:]), "the rest was not written"


@test(
    points=1,
    hint="What os.write or os.fsync raises is a promise that cannot be given: say why on stderr,"
    " and exit with 1.",
)
def journal_tells_that_it_failed(lab):
    """When the disk is full or fsync fails, journal.py add fails, and keeps what was there."""
    filled(lab)
    files = lab.system.files()
    for fault in "write:error=ENOSPC", "fsync,fdatasync:error=EIO":
        lab.boot(files=files)
        lab.inject(fault, path="/home/user/log")
        result = lab.run("journal.py", "log", "add", "new", status=None)
        assert result.status != 0, f"add ends with status 0, with {fault}"
        assert result.stderr, f"stderr does not say why, with {fault}"
        assert listed(lab) in (RECORDS, [*RECORDS, "new"]), f"list, after {fault}"


@test(
    points=2,
    hint="What is there of a torn record must not be listed: a record tells how long it is, and"
    " its checksum.",
)
def journal_survives_a_torn_record(lab):
    """Whatever part of the last records is missing, list prints those that are whole."""
    data, sizes = filled(lab)
    for end in range(sizes[1], len(data)):
        lab.write("log", data[:end])
        whole = sum(size <= end for size in sizes)
        prefix(lab, whole, f"{end} of {len(data)} bytes are left: {whole} whole records")


@test(
    points=2,
    hint="The size of a file may be on the disk before its data: they are zeroes then. Only"
    " a checksum can tell (and the checksum of nothing must not be zero).",
)
def journal_knows_a_record_from_zeroes(lab):
    """A last record whose bytes are zeroes, some or all, is not listed."""
    data, sizes = filled(lab)
    last = len(data) - sizes[-2]
    for zeroes in (last, last // 2, 3):
        lab.write("log", data[:-zeroes] + bytes(zeroes))
        assert listed(lab) == RECORDS[:-1], f"the last {zeroes} bytes are zeroes"


@test(
    points=2,
    hint="A new record behind a torn one cannot be found again: cut the torn record off"
    " (os.ftruncate) before you add.",
)
def journal_goes_on_after_a_torn_record(lab):
    """journal.py add works on a journal that ends in a torn record."""
    data, sizes = filled(lab)
    last = len(data) - sizes[-2]
    for torn in (1, last // 2, last - 1):
        for zeroes, what in ((0, "missing"), (torn, "zeroes")):
            lab.write("log", data[:-torn] + bytes(zeroes))
            where = f"the last {torn} of the {last} bytes of a record were {what}"
            before = prefix(lab, len(RECORDS) - 1, f"{where}: list, before add")
            lab.run("journal.py", "log", "add", "after the crash")
            assert listed(lab) == [*before, "after the crash"], f"{where}: list, after add"


@test(points=1, hidden=True)
def journal_survives_a_crash(lab):
    """Wherever the power fails in add, the records before are listed, and the new one or not."""
    filled(lab)
    for where in crashes(lab, "journal.py", "log", "add", "new"):
        assert listed(lab) in (RECORDS, [*RECORDS, "new"]), f"after a crash before {where}"
