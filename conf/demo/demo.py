"""The demo site: a plain WSGI application that shows who answered, and takes a file."""

import hashlib
import html
import os
import sys
from string import Template

PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>bundle</title>
<link rel="stylesheet" href="/static/demo/demo.css">
<link rel="icon" href="/static/demo/bundle.svg">
</head>
<body>
<header>
<img src="/static/demo/bundle.svg" alt="" width="96" height="96">
<div>
<h1>It works.</h1>
<p>The front accepted your request and handed it to a Python worker, which made this page.</p>
</div>
</header>
<main>
<section>
<h2>Who answered</h2>
<dl>
<div><dt>worker</dt><dd>$pid</dd></div>
<div><dt>requests it has served</dt><dd>$served</dd></div>
<div><dt>request id</dt><dd class="id">$request_id</dd></div>
<div><dt>client</dt><dd>$client</dd></div>
<div><dt>Python</dt><dd>$python</dd></div>
</dl>
<p><a class="button" href="/">Ask again</a></p>
</section>
<section>
<h2>Upload a file</h2>
<p>The front takes the whole upload first; only then does a worker see it.</p>
<form method="post" action="/upload" enctype="multipart/form-data">
<input type="file" name="file" aria-label="File" required>
<button class="button">Upload</button>
</form>
$upload
</section>
</main>
<footer>This page came through a worker. Its stylesheet and its picture came straight from the front.</footer>
</body>
</html>
""")

UPLOAD = Template("""<dl class="result">
<div><dt>name</dt><dd>$name</dd></div>
<div><dt>size</dt><dd>$size bytes</dd></div>
<div><dt>sha256</dt><dd class="id">$digest</dd></div>
</dl>""")

served = 0  # by this worker: each worker is a process with its own memory


def uploaded_file(environ):
    """(name, content) of the first file in a multipart form, or None. A framework does this for you."""
    _, _, boundary = environ.get("CONTENT_TYPE", "").partition("boundary=")
    if not boundary:
        return None
    body = b"\r\n" + environ["wsgi.input"].read()
    for part in body.split(b"\r\n--" + boundary.strip('"').encode("latin-1"))[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        _, found, name = head.decode("utf-8", "replace").partition('filename="')
        if found:
            return name.partition('"')[0], content
    return None


def page(environ, upload=""):
    return PAGE.substitute(
        pid=os.getpid(), served=served, upload=upload, python=sys.version.partition(" ")[0],
        request_id=html.escape(environ.get("HTTP_X_REQUEST_ID", "none")),
        client=html.escape(environ.get("HTTP_X_REAL_IP", environ.get("REMOTE_ADDR", "unknown"))))


def answer_upload(environ):
    file = uploaded_file(environ)
    if not file:
        return "400 Bad Request", page(environ, '<p class="result">There was no file in that form.</p>')
    name, content = file
    return "200 OK", page(environ, UPLOAD.substitute(
        name=html.escape(name), size=f"{len(content):,}", digest=hashlib.sha256(content).hexdigest()))


def app(environ, start_response):
    global served
    served += 1
    if environ["PATH_INFO"] == "/upload" and environ["REQUEST_METHOD"] == "POST":
        status, text = answer_upload(environ)
    elif environ["PATH_INFO"] in ("/", "/upload"):
        status, text = "200 OK", page(environ)
    else:
        status, text = "404 Not Found", page(environ, '<p class="result">There is no such page.</p>')
    body = text.encode()
    start_response(status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
