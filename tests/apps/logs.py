"""Logs and warns: the query string says how."""

import logging
import os
import warnings

logger = logging.getLogger("shop.orders")
logger.info("imported")


def app(environ, start_response):
    if environ["QUERY_STRING"] == "warn":
        warnings.warn("old fashioned")
    elif environ["QUERY_STRING"] == "fail":
        try:
            raise ValueError("no shoes")
        except ValueError:
            logger.exception("failed")
    else:
        logger.info("ordered %s in %d", environ["QUERY_STRING"], os.getpid())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"logged"]
