"""Runs a gunicorn.conf.py as gunicorn does and prints what it set: read_gunicorn_conf FILE FOLDER < names."""

import ast
import json
import os
import sys
import traceback

path, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
names = set(sys.argv[3].split())
os.chdir(folder)
sys.path.insert(0, folder)
with open(path, "rb") as file:
    source = file.read()
told, sys.stdout = sys.stdout, sys.stderr  # what it prints is not for us
found = {"__builtins__": __builtins__, "__name__": "__config__", "__file__": path, "__doc__": None, "__package__": None}


def line_of(problem):
    """The line of the file at which it went wrong, also where something that it calls did; 0: none."""
    if isinstance(problem, SyntaxError) and problem.filename == path:
        return problem.lineno or 0
    frames = traceback.extract_tb(problem.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == path), 0)


try:
    exec(compile(source, path, "exec"), found)
except BaseException as problem:  # also SystemExit: nothing was set by then
    what = " ".join(traceback.format_exception_only(type(problem), problem)[-1].split())
    told.write(f"\nbundle-failed:{line_of(problem)}:{what}\n")
    sys.exit(1)

lines = {}
for node in ast.walk(ast.parse(source)):
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        targets = [node.target]
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        targets = [node]
    else:
        continue
    for target in targets:
        lines[getattr(target, "id", getattr(target, "name", ""))] = node.lineno


def texts(value):
    if isinstance(value, dict):
        return [f"{key}={text}" for key, text in value.items()]
    if isinstance(value, (list, tuple, set)):
        return [str(item) for item in value]
    return [str(value)]


for name in sorted(names & found.keys()):
    if found[name] is not None:
        is_function = callable(found[name]) and not isinstance(found[name], type)
        values = [] if is_function else texts(found[name])
        told.write("bundle:" + json.dumps({"name": name, "line": lines.get(name, 0), "values": values}) + "\n")
