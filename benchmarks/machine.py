"""The machine that a run was made on: a rate without it says nothing."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

from benchmarks.databases import Databases

_BLOCK: Final = bytes(4096)
_SYNCS: Final = 200


def machine(databases: Databases, backends: tuple[str, ...]) -> dict[str, str]:
    """What there is, by name, in the order in which it is printed."""
    said = {
        "kärnor": str(os.cpu_count()),
        "minne": f"{_ram_gib():.0f} GiB",
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **state(databases.folder, "vid start"),
    }
    if "sqlite" in backends:
        said["sqlite"] = f"{sqlite3.sqlite_version} (WAL, synchronous=FULL)"
    if "postgres" in backends:
        settings = ("fsync", "synchronous_commit", "wal_sync_method", "shared_buffers", "data_checksums")
        named = ", ".join(f"{name}={databases.ask(f'SHOW {name}')}" for name in settings)
        said["postgresql"] = f"{databases.ask('SHOW server_version')} ({named})"
    return said


def state(folder: Path, when: str) -> dict[str, str]:
    """How busy machine and disk are: others may be using them."""
    return {
        f"belastning {when}": f"{os.getloadavg()[0]:.2f}",
        f"fdatasync {when}": f"{_sync_us(folder):.0f} µs (median)",
    }


def peak_mb() -> float:
    """The most memory that this process and the largest that it started have had, MB.

    Read from /proc where there is one: the counter of getrusage is handed down from who started the process.
    """
    import resource  # noqa: PLC0415 - not on every system

    unit = 1 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e6
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6 + children
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6 + children


def _ram_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        for line in cpus.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _sync_us(folder: Path) -> float:
    """How long the disk takes to promise a block, µs. Far under 500: a cache answers, perhaps a protected one."""
    path, took = folder / "sync", []
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    sync = getattr(os, "fdatasync", os.fsync)
    try:
        for _ in range(_SYNCS):
            os.pwrite(handle, _BLOCK, 0)
            begun = time.perf_counter()
            sync(handle)
            took.append(time.perf_counter() - begun)
    finally:
        os.close(handle)
        path.unlink()
    return median(took) * 1e6
