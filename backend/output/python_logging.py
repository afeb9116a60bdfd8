"""Python's own logging, set up as app.NAME.logconfig wants it: a file or a dictionary of logging.config; else as the
ini file of app.NAME.paste does, when that has [loggers].

Loggers that exist already stay enabled unless it says otherwise: those of an application that was imported before its
workers were forked would fall silent.
"""

import configparser
import json
import logging.config
import os


def dictionary_in(text):
    if text.startswith("{"):
        return json.loads(text)
    with open(text, "rb") as file:
        if text.endswith(".json"):
            return json.load(file)
        if text.endswith(".toml"):
            import tomllib
            return tomllib.load(file)
    return None


def configure(text):
    settings = dictionary_in(text)
    if settings is None:
        configure_from_file(text, {})
    else:
        logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, **settings})


def configure_from_file(file, variables):
    """What gunicorn and pserve define there is defined, too."""
    path = os.path.abspath(file)
    defaults = {name: value.replace("%", "%%") for name, value in
                {**variables, "__file__": path, "here": os.path.dirname(path)}.items()}
    logging.config.fileConfig(path, defaults, disable_existing_loggers=False)


def has_loggers(file):
    try:
        parser = configparser.ConfigParser()
        parser.read(file)
        return parser.has_section("loggers")
    except (OSError, ValueError, configparser.Error):
        return False  # the loader tells what is wrong with it


def configure_from_paste(text, variables):
    file = text.partition("#")[0]
    if has_loggers(file):
        configure_from_file(file, variables)
