"""The application that an ini file of Paste Deploy describes: app.NAME.paste."""

import configparser
import os
import sys
import traceback
import urllib.parse


def is_missing_package(error):
    # importlib.metadata's, and that of pkg_resources, which Paste Deploy before 3 uses.
    return any(kind.__name__ in ("PackageNotFoundError", "DistributionNotFound") for kind in type(error).__mro__)


def is_of_the_file(error):
    """Whether Paste Deploy complains, and not a module that it imports."""
    modules = [frame.f_globals.get("__name__", "") for frame, _ in traceback.walk_tb(error.__traceback__)]
    helpers = ("configparser", "importlib", "pkg_resources")
    return [name for name in modules if name.partition(".")[0] not in helpers][-1].startswith("paste.deploy")


def load(text, variables):
    """(application, None), or (None, what is wrong with the file). What the application raises goes through."""
    try:
        from paste.deploy import loadwsgi
    except ModuleNotFoundError as error:
        if error.name not in ("paste", "paste.deploy"):
            raise
        return None, ("an ini file needs the package PasteDeploy, which this Python does not have: "
                      f"{sys.executable} -m pip install PasteDeploy")
    file, _, section = text.partition("#")
    # As a URL: Paste Deploy takes its path apart at "#" and replaces what stands behind "%".
    url = "config:" + urllib.parse.quote(file)
    try:
        described = loadwsgi.loadcontext(loadwsgi.APP, url, section or "main", os.getcwd(), variables)
    except Exception as error:
        if is_of_the_file(error) and is_missing_package(error):
            return None, (f"{error}; the package behind \"egg:\" has to be installed where this app's packages are, as by "
                          f"{sys.executable} -m pip install -e .")
        if is_of_the_file(error) and (type(error) is LookupError or isinstance(error, configparser.Error)):
            return None, str(error)
        raise
    return described.create(), None
