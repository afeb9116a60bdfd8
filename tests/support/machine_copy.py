"""A copy of this machine to install packages in: what is written there goes to memory and ends with it."""

import os
import shutil
import signal
import subprocess

from support.processes import DEADLINE, wait_until

# Mounts are its own, and processes: killing the first ends all. `root` below the temporary file system is this
# machine's file system with what was written since on top of it.
BEGIN = """
set -e
mount -t tmpfs tmpfs "$0"
mkdir "$0/written" "$0/work" "$0/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$0/written,workdir=$0/work" "$0/root"
mount -t proc proc "$0/root/proc"
mount --rbind /dev "$0/root/dev"
mount --rbind /sys "$0/root/sys"
exec sleep infinity
"""


class MachineCopy:
    """Raises OSError where it cannot be made: without root, or without overlays. With a network of its own, every port of
    127.0.0.1 is free there, and nobody else is reached."""

    def __init__(self, directory, own_network=False):
        self._begin = directory / "copy"
        self._namespaces = ["--mount", "--pid", *(["--net"] if own_network else [])]
        self._begin.mkdir()
        if os.geteuid() != 0 or not shutil.which("nsenter"):
            raise OSError("only root can make a copy of the machine")
        self._first = subprocess.Popen(
            ["unshare", *self._namespaces, "--fork", "--kill-child", "sh", "-c", BEGIN, self._begin],
            stderr=subprocess.PIPE)
        self.processes = []
        wait_until(lambda: self._first.poll() is not None or self._is_there(), "the copy of the machine")
        if self._first.poll() is not None:
            raise OSError(self._first.stderr.read().decode())
        if own_network:
            self.run("ip", "link", "set", "lo", "up")

    def _init(self):
        """The pid of the copy's first process, or None."""
        children = open(f"/proc/{self._first.pid}/task/{self._first.pid}/children").read().split()
        return int(children[0]) if children else None

    def _is_there(self):
        init = self._init()
        return init and os.readlink(f"/proc/{init}/exe").endswith("/sleep")

    def path(self, path):
        """Where a file of the copy is for us."""
        return f"/proc/{self._init()}/root{self._begin}/root{path}"

    def _command(self, arguments):
        return ["nsenter", "--target", str(self._init()), *self._namespaces, "chroot", f"{self._begin}/root", *arguments]

    def run(self, *arguments, deadline=120, check=True):
        ended = subprocess.run(self._command(arguments), capture_output=True, text=True, timeout=deadline, check=False,
                               env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"})
        assert not check or ended.returncode == 0, f"{arguments} exited with {ended.returncode}:\n{ended.stdout}{ended.stderr}"
        return ended

    def start(self, *arguments, **options):
        """A process that goes on; stopped at the latest with the copy."""
        self.processes.append(subprocess.Popen(self._command(arguments), **options))
        return self.processes[-1]

    def written_files(self):
        """What there is of files, folders and links that this machine does not have, or has otherwise."""
        found = subprocess.run(["nsenter", "--target", str(self._init()), "--mount", "find", f"{self._begin}/written", "-mindepth",
                                "1", "-printf", "/%P\\n"], capture_output=True, text=True, check=True)
        return found.stdout.splitlines()

    def remove(self):
        os.kill(self._init(), signal.SIGKILL)
        self._first.wait(DEADLINE)
        for process in self.processes:
            process.wait(DEADLINE)
        self._first.stderr.close()
