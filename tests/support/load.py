"""A steady load beside what a test does, to see whether clients notice."""

import threading


class Load:
    """Clients that send requests over kept connections until stopped; every answer must be a 200, or what `is_right`
    says."""

    def __init__(self, bundle, clients=4, method="GET", is_right=lambda answer: answer.status == 200):
        self._bundle = bundle
        self._method = method
        self._is_right = is_right
        self._stop = threading.Event()
        self._progress = threading.Condition()
        self.answered = 0
        self.failures = []
        self._threads = [threading.Thread(target=self._run) for _ in range(clients)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self):
        try:
            while not self._stop.is_set():
                with self._bundle.connect() as client:
                    while not self._stop.is_set() and self._ask(client).field("connection") != "close":
                        pass
        except (OSError, AssertionError) as error:
            with self._progress:
                self.failures.append(error)
                self._progress.notify_all()

    def _ask(self, client):
        answer = client.request(self._method, "/")
        with self._progress:
            if not self._is_right(answer):
                self.failures.append(answer)
            self.answered += 1
            self._progress.notify_all()
        return answer

    def wait_for_more(self, count, deadline=10):
        with self._progress:
            goal = self.answered + count
            assert self._progress.wait_for(lambda: self.answered >= goal or self.failures, deadline)
