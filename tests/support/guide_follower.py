"""Follows a guide to the letter, in a copy of the machine with a network of its own."""

import os
import re
import shlex
import subprocess

from support.bundle_process import level_of
from support.guide import first_difference, told_of
from support.output import OutputLines
from support.processes import DEADLINE

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
# A line that does not end by itself.
SERVES = re.compile(r"(bundle serve|\./deploy/quickstart)\b")
# Told to root, and where few files may be open.
OF_THE_MACHINE = re.compile(r"server\.user is not set, so|server\.max_connections is ")
SERVING = "/run/guide.pid"
WHERE = "/run/guide.cwd"


class GuideFollower:
    def __init__(self, machine, directory, cwd):
        self._machine = machine
        self._directory = directory
        self.cwd = cwd
        self._serving = None
        self._output = None
        self._count = 0
        with open(machine.path("/root/.curlrc"), "w") as file:
            file.write("no-progress-meter\n")  # as at a terminal

    # --- what a block says -------------------------------------------------------------------------------

    def follow(self, block):
        if block.path:
            self._write(block)
        {"sh": self._run, "console": self._compare, "toml": self._check}.get(block.kind, lambda _: None)(block)

    def _write(self, block):
        path = self._machine.path(os.path.join(self.cwd, block.path))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(block.text)

    def _run(self, block):
        commands = []
        for line in block.text.splitlines():
            if SERVES.match(line):
                self._shell(block, commands)
                self.serve(line)
                commands = []
            else:
                commands.append(line)
        self._shell(block, commands)

    def _shell(self, block, commands):
        if commands:
            status, printed = self.shell("\n".join(commands))
            assert status == 0, f"{block.place} exited with {status}:\n{printed}"

    def _compare(self, block):
        for command, shown in told_of(block):
            if SERVES.match(command):
                printed = self.serve(command)
            else:
                printed = self.shell(command)[1]
            difference = first_difference(shown, [line for line in printed.splitlines() if not OF_THE_MACHINE.search(line)])
            assert difference is None, f"{block.place}: {command}: {difference!r} is shown or printed alone:\n{printed}"

    def _check(self, block):
        path = block.path
        if not path:
            path = "/run/guide.toml"
            with open(self._machine.path(path), "w") as file:
                file.write(block.text)
        status, printed = self.shell(f"bundle check --elsewhere --conf {path}")
        warnings = [line for line in printed.splitlines() if line.endswith("(warning)") and not OF_THE_MACHINE.search(line)]
        assert (status, warnings) == (0, []), f"{block.place}:\n{printed}"

    # --- how it is done ----------------------------------------------------------------------------------

    def shell(self, commands):
        """(exit status, all that they print); where they change to another folder, what follows begins there."""
        script = f"cd {self.cwd}\nset -eu\ntrap 'pwd > {WHERE}' EXIT\n{commands}\n"
        shell = self._machine.start("bash", "-s", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                    env=ENVIRONMENT)
        printed, _ = shell.communicate(script.encode(), timeout=DEADLINE * 6)
        with open(self._machine.path(WHERE)) as file:
            self.cwd = file.read().strip()
        return shell.returncode, printed.decode()

    def serve(self, line):
        """Until it is ready; it goes on, at a terminal, until the next one. Returns what it printed."""
        self.stop()
        command = f"cd {self.cwd}; echo $$ > {SERVING}; exec {line}"
        self._serving = self._machine.start("script", "-qec", f"bash -c {shlex.quote(command)}", "/dev/null",
                                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                            env=ENVIRONMENT)
        self._count += 1
        self._output = OutputLines(self._serving.stdout, self._directory / f"serve-{self._count}")
        ready = self._output.wait_for_line(re.compile(r"^ready\b").search, DEADLINE * 2)
        assert ready, f"{line}: it did not become ready:\n{self.served()}"
        return "\n".join(self.served().splitlines()[:ready[0] + 1])

    def served(self):
        return "\n".join(line.rstrip("\r") for line in self._output.lines())

    def stop(self):
        """What serves ends as after control-c, and has told no error."""
        if not self._serving:
            return
        if self._serving.poll() is None:
            with open(self._machine.path(SERVING)) as file:
                self._machine.run("kill", "-TERM", file.read().strip())
        status = self._serving.wait(DEADLINE)
        self._serving = None
        errors = [line for line in self.served().splitlines() if level_of(line) == "error"]
        assert (status, errors) == (0, []), f"bundle serve exited with {status}:\n{self.served()}"
