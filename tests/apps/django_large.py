"""For tests/bench/preload_memory: Django with some 50 MB of objects, as large applications have after their import.

A request looks at a few of them, at some more often than at others.
"""

import os
import random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "django_site.settings")

from django_site.wsgi import application as django  # noqa: E402

LOOKED_AT = 20


class Product:
    def __init__(self, number):
        self.number = number
        self.name = f"product number {number}"
        self.prices = {"EUR": number * 1.19, "USD": number * 1.3}


CATALOGUE = [Product(number) for number in range(90_000)]


def looked_up():
    for _ in range(LOOKED_AT):
        number = int(random.paretovariate(1)) - 1  # every second look is at the first, every hundredth beyond 100
        yield CATALOGUE[number % len(CATALOGUE)].prices["EUR"]


def app(environ, start_response):
    environ["django_large.sum"] = sum(looked_up())
    return django(environ, start_response)
