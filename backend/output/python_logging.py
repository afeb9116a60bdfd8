"""Python's own logging, set up as app.NAME.logconfig wants it: a file or a dictionary of logging.config.

Loggers that exist already stay enabled unless it says otherwise: those of an application that was imported before its
workers were forked would fall silent.
"""

import json
import logging.config


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
        logging.config.fileConfig(text, disable_existing_loggers=False)
    else:
        logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, **settings})
