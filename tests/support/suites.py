"""Runs the suites of a preset one after another and counts what they say: the end of tests/run.

A suite that crashes, hangs or leaves no results counts as a failure, so that nothing can go missing unseen.
"""

import argparse
import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UNIT_PROGRAMS = ("shared_tests", "frontend_tests", "backend_tests", "fuzz_seeds_tests")
# ThreadSanitizer holds a signal back until the next call that it watches, so a SIGTERM that comes just before a worker
# blocks in recvmsg is not seen until that returns. These tests end a worker, or a whole backend, by such a signal.
NEEDS_PROMPT_SIGNALS = ("Arbiter.*", "Worker.*")
SUITE_TIMEOUT = 20 * 60  # seconds; a suite that hangs is killed and fails
PYTHON = "/usr/bin/python3"


@dataclass
class Outcome:
    passed: int = 0
    failed: list = field(default_factory=list)  # names
    skipped: int = 0


def run_program(command, environment):
    """Exit status, or None when it had to be killed."""
    if not Path(command[0]).exists():
        return 127
    try:
        return subprocess.run(command, cwd=ROOT, env=environment, timeout=SUITE_TIMEOUT, check=False).returncode
    except subprocess.TimeoutExpired:
        return None


def how_it_ended(status):
    if status is None:
        return f"killed after {SUITE_TIMEOUT} s"
    return f"signal {-status}" if status < 0 else f"exit status {status}"


def googletest_outcome(report):
    outcome = Outcome()
    for suite in json.loads(report.read_text())["testsuites"]:
        for test in suite["testsuite"]:
            if test["result"] == "SKIPPED":
                outcome.skipped += 1
            elif test.get("failures"):
                outcome.failed.append(f"{suite['name']}.{test['name']}")
            elif test["result"] == "COMPLETED":
                outcome.passed += 1
    return outcome


def junit_outcome(report):
    # A test whose teardown fails too has two entries: it counts once, as failed.
    verdicts = {}
    for case in xml.etree.ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            verdicts[name] = "failed"
        elif case.find("skipped") is not None:
            verdicts.setdefault(name, "skipped")
        else:
            verdicts.setdefault(name, "passed")
    return Outcome(
        passed=sum(verdict == "passed" for verdict in verdicts.values()),
        failed=[name for name, verdict in verdicts.items() if verdict == "failed"],
        skipped=sum(verdict == "skipped" for verdict in verdicts.values()),
    )


def run_suite(name, command, report, read_report, environment):
    print(f"\n== {name}", flush=True)
    report.unlink(missing_ok=True)
    begin = time.monotonic()
    status = run_program(command, environment)
    try:
        outcome = read_report(report)
    except (OSError, ValueError, KeyError, xml.etree.ElementTree.ParseError):
        outcome = Outcome(failed=[f"{name}: left no results, {how_it_ended(status)}"])
    if status != 0 and not outcome.failed:
        outcome.failed.append(f"{name}: {how_it_ended(status)}")
    if not outcome.passed and not outcome.failed:
        outcome.failed.append(f"{name}: no test ran")
    print(f"== {name}: {outcome.passed} passed, {len(outcome.failed)} failed, {outcome.skipped} skipped, "
          f"{time.monotonic() - begin:.0f} s", flush=True)
    return outcome


def sanitizer_environment(preset):
    environment = dict(os.environ, BUNDLE_PRESET=preset)
    suppressions = ROOT / "tests" / "support"
    if preset == "asan":
        environment["ASAN_OPTIONS"] = "detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1"
        environment["UBSAN_OPTIONS"] = "print_stacktrace=1"
        environment["LSAN_OPTIONS"] = f"suppressions={suppressions}/lsan.supp:print_suppressions=0"
    if preset == "tsan":
        environment["TSAN_OPTIONS"] = "halt_on_error=0:second_deadlock_stack=1"
    return environment


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", required=True)
    parser.add_argument("--with-end-to-end", action="store_true")
    parser.add_argument("pytest_arguments", nargs="*")
    arguments = parser.parse_args()
    build = ROOT / "build" / arguments.preset
    results = build / "results"
    results.mkdir(parents=True, exist_ok=True)
    environment = sanitizer_environment(arguments.preset)

    outcomes = []
    for program in UNIT_PROGRAMS:
        report = results / f"{program}.json"
        command = [build / "tests" / program, "--gtest_brief=1", f"--gtest_output=json:{report}"]
        if arguments.preset == "tsan":
            command.append(f"--gtest_filter=-{':'.join(NEEDS_PROMPT_SIGNALS)}")
        outcomes.append(run_suite(program, command, report, googletest_outcome, environment))
    pytest_suites = {"tree_test": ["tests/tree_test.py"]}
    if arguments.with_end_to_end:
        pytest_suites["end_to_end"] = ["tests/end_to_end", "-n", "2", "--dist", "loadfile"]
        if arguments.preset == "tsan":
            # Python's own threads are not built with the sanitizer; races are looked for in the front.
            pytest_suites["end_to_end"] += ["-m", "front"]
    for suite, extra in pytest_suites.items():
        report = results / f"{suite}.xml"
        command = [PYTHON, "-m", "pytest", f"--junitxml={report}", *extra]
        if suite == "end_to_end":
            command += arguments.pytest_arguments
        outcomes.append(run_suite(suite, command, report, junit_outcome, environment))

    failed = [name for outcome in outcomes for name in outcome.failed]
    for name in failed:
        print(f"failed: {name}")
    print(f"{sum(outcome.passed for outcome in outcomes)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
