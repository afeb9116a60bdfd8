"""The programs of a bundle in a folder of their own, where a test can install others."""

import os
import shutil
from pathlib import Path

from support.bundle_process import BIN


class Installation:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.install()

    def install(self):
        """New files under the same names, as a package manager does it: whoever runs keeps what he has."""
        for program in BIN.glob("bundle*"):
            self._put(program.name, lambda path, source=program: shutil.copy(source, path))

    def put_instead(self, name, other):
        """Another program, or only its beginning when a size is given with it."""
        path, size = other if isinstance(other, tuple) else (other, None)

        def write(new):
            new.write_bytes(Path(path).read_bytes()[:size])
            new.chmod(0o755)
        for program in self.folder.glob(name):
            self._put(program.name, write)

    def _put(self, name, write):
        new = self.folder / f".{name}.new"
        write(new)
        new.rename(self.folder / name)

    def runs_in(self, pid):
        """Whether a process runs what is installed now."""
        program = Path(f"/proc/{pid}/exe")
        name = os.readlink(program).removesuffix(" (deleted)")
        return program.stat().st_ino == (self.folder / Path(name).name).stat().st_ino
