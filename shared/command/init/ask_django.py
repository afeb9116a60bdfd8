"""Asks a Django project for the settings that a web server wants to know: ask_django FOLDER SETTINGS_MODULE."""

import os
import sys

os.chdir(sys.argv[1])
sys.path.insert(0, sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = sys.argv[2]

from django.conf import settings  # noqa: E402  only now is it known which


def path_of(name):
    value = getattr(settings, name, None)
    return os.path.abspath(value) if value else ""


def static_storage():
    # Until Django 4.2 a setting of its own.
    if settings.is_overridden("STATICFILES_STORAGE"):
        return settings.STATICFILES_STORAGE
    return getattr(settings, "STORAGES", {}).get("staticfiles", {}).get("BACKEND", "")


answers = {
    "WSGI_APPLICATION": settings.WSGI_APPLICATION or "",
    "STATIC_URL": settings.STATIC_URL or "",
    "STATIC_ROOT": path_of("STATIC_ROOT"),
    "MEDIA_URL": settings.MEDIA_URL or "",
    "MEDIA_ROOT": path_of("MEDIA_ROOT"),
    "STORAGE": static_storage(),
    "HOSTS": " ".join(settings.ALLOWED_HOSTS),
}
for name, value in answers.items():
    print(f"bundle:{name}={value}")
