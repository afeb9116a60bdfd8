"""What the applications saw happen, in its order, until somebody asks."""

noted = []


def note(what):
    noted.append(what)


def take_notes():
    taken = list(noted)
    noted.clear()
    return taken
