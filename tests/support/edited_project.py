"""A folder that somebody edits while a bundle serves it."""

from support.processes import wait_until

SITE = """
[app.main]
wsgi = "shop:app"
directory = "{directory}/src"
python_path = ["{apps}"]
env = { TEST_DIRECTORY = "{directory}" }
"""
APP = """
{before}
def app(environ, start_response):
    {within}
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"{text}"]
"""
BROWSER = [("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")]
BROKEN = "def app(environ, start_response:\n"


class Project:
    """A folder that somebody edits while a bundle serves it."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        self.bundle = None

    def save(self, text, name="shop.py"):
        """As editors do: beside it, then over it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.draft")
        draft.write_text(text)
        draft.rename(path)

    def save_app(self, text, before="", within="pass"):
        self.save(APP.format(text=text, before=before, within=within))

    def wait_for(self, text, statuses=(200,), target="/", fields=()):
        """Asks until an answer has the text; what comes before has to have one of the statuses."""
        def asked():
            answer = self.bundle.get(target, fields)
            assert answer.status in statuses, answer.text
            return answer if text in answer.text else None
        return wait_until(asked, f"an answer with {text!r}")

    def reloads(self):
        return sum(" reloaded in " in line for line in self.bundle.log.lines())
