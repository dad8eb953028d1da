"""The one error that a person meets: what is wrong, what to do, and the exit code."""

from __future__ import annotations

import errno

from onefunnel import exit_codes


class Refusal(Exception):
    """Something cannot be done. `problem` names the thing, `remedy` says what helps."""

    def __init__(self, problem: str, *, remedy: str = "", exit_code: int = exit_codes.FAILED):
        self.problem = problem
        self.remedy = remedy
        self.exit_code = exit_code
        super().__init__(f"{problem}. {remedy}" if remedy else problem)


def storage_refusal(error: OSError, place: object) -> Refusal:
    """Say which folder cannot be used and why, without repeating what was to be written."""
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EFBIG: "a file would exceed the allowed size",
        errno.EROFS: "the disk is read-only",
        errno.EACCES: "permission is denied",
        errno.EPERM: "permission is denied",
    }
    reason = reasons.get(error.errno or 0, error.strerror or type(error).__name__)
    return Refusal(
        f"{error.filename or place} cannot be used: {reason}",
        remedy=f"Make room or give write permission in {place}, or set ONEFUNNEL_HOME to another "
        "folder, and run again; nothing has to be repaired by hand",
        exit_code=exit_codes.STORAGE,
    )


STORAGE_SIGNS = {
    "No space left on device": errno.ENOSPC,
    "File too large": errno.EFBIG,
    "Read-only file system": errno.EROFS,
    "Permission denied": errno.EACCES,
    "Disk quota exceeded": errno.EDQUOT,
    "database or disk is full": errno.ENOSPC,
    "attempt to write a readonly database": errno.EROFS,
    "disk I/O error": errno.EIO,
}


def storage_problem(said: str, place: object) -> Refusal | None:
    """Recognise a disk that cannot be written in what a tool said."""
    for sign, number in STORAGE_SIGNS.items():
        if sign in said:
            return storage_refusal(OSError(number, sign), place)
    return None
