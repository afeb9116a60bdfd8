"""For whoever writes an application: pages that say why it failed, and where the modules are that it has imported."""

import html
import importlib.machinery
import importlib.util
import json
import os
import re
import sys
import time

SETTLED = 2  # seconds
# What start_response() wants of somebody who replaces a head that was announced already.
SOMETHING_FAILED = (Exception, Exception(), None)
STYLE = """body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #222 }
h1 { font-size: 1.3rem; overflow-wrap: anywhere } p { color: #666 }
pre { background: #f5f5f5; border-left: 4px solid #c33; padding: 1rem; overflow-x: auto; font-size: .85rem }
@media (prefers-color-scheme: dark) { body { background: #1b1b1b; color: #ddd } pre { background: #262626 } }"""


def let_frameworks_fail():
    """Flask answers for an exception itself unless it is in debug mode, as under `flask --debug run`; then app.run(), which
    would start a server and a reloader of its own here, does nothing."""
    if "FLASK_DEBUG" not in os.environ:
        os.environ.update(FLASK_DEBUG="1", FLASK_RUN_FROM_CLI="true")


def cache_settled_sources_only():
    """Bytecode counts as long as its source has the same size and was changed in the same second: of a file that is saved
    twice in a second, the first version would stay. So what is that young is not cached."""
    loader = importlib.machinery.SourceFileLoader
    set_data = loader.set_data

    def set_data_of_settled(self, path, data, **options):
        try:
            age = time.time() - os.stat(importlib.util.source_from_cache(path)).st_mtime
        except (OSError, ValueError, NotImplementedError):
            age = SETTLED
        if age >= SETTLED:
            set_data(self, path, data, **options)

    loader.set_data = set_data_of_settled


class ImportedFolders:
    """Called, it says in which folders modules have come since the last time, each with a line's end. Python's own are
    nobody's to change."""

    def __init__(self):
        self._modules = 0
        self._told = set()
        self._library = os.path.dirname(os.__file__)

    def __call__(self, more=()):
        if len(sys.modules) == self._modules and not more:
            return ""
        self._modules = len(sys.modules)
        files = list(more)
        for module in list(sys.modules.values()):
            try:
                # Not module.__file__: asking a lazy module for something loads it.
                file = object.__getattribute__(module, "__dict__").get("__file__")
            except AttributeError:
                continue
            if isinstance(file, str):
                files.append(file)
        found = {os.path.dirname(os.path.abspath(file)) for file in files} - self._told
        self._told |= found
        return "".join(f"{folder}\n" for folder in sorted(found) if "\n" not in folder and not self._is_own(folder))

    def _is_own(self, folder):
        return (folder + "/").startswith(self._library + "/") and "-packages" not in folder


def files_in(trace):
    return re.findall(r'^ *File "(/[^"\n]+)", line', trace, re.MULTILINE)


def as_html(title, trace, request):
    return ("text/html; charset=utf-8",
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
            f"<style>{STYLE}</style></head>\n<body><h1>{html.escape(title)}</h1>\n<p>{html.escape(request)}</p>\n"
            f"<pre>{html.escape(trace)}</pre>\n"
            "<p>Shown because dev.tracebacks is on (bundle serve --dev).</p></body></html>\n")


def as_json(title, trace, request):
    return "application/json", json.dumps({"status": 500, "title": title, "request": request,
                                           "traceback": trace.splitlines()}) + "\n"


def as_text(title, trace, request):
    return "text/plain; charset=utf-8", f"{trace}\n\n{request}\n"


def wanted(accept):
    if "text/html" in accept:
        return as_html
    return as_json if "json" in accept else as_text


def show_traceback(trace, environ, start_response):
    """The answer in place of the one that did not come to be."""
    title = trace.rstrip().rpartition("\n")[2].strip()
    request = f'{environ.get("REQUEST_METHOD", "")} {environ.get("PATH_INFO", "")}'
    kind, text = wanted(environ.get("HTTP_ACCEPT", ""))(title, trace, request)
    body = text.encode("utf-8", "backslashreplace")
    start_response("500 Internal Server Error", [("Content-Type", kind), ("Content-Length", str(len(body))),
                                                 ("Cache-Control", "no-store")], SOMETHING_FAILED)
    return [body]


def stand_in(trace):
    """The application in place of one that cannot be loaded."""
    def application(environ, start_response):
        return show_traceback(trace, environ, start_response)
    return application
