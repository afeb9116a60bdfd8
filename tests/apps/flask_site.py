"""A Flask site as people write them: a template, a form, an upload, a redirect, a streamed answer, an error."""

import hashlib

from flask import Flask, Response, redirect, render_template_string, request, url_for

app = Flask(__name__)


@app.route("/")
def index():
    return render_template_string("<h1>Hello {{ name }}</h1>", name=request.args.get("name", "you"))


@app.route("/upload", methods=["POST"])
def upload():
    file = request.files["file"]
    data = file.read()
    return {"name": file.filename, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@app.route("/moved")
def moved():
    return redirect(url_for("index", name="moved"))


@app.route("/stream")
def stream():
    return Response((f"line {number}\n" for number in range(1000)), mimetype="text/plain")


@app.route("/where")
def where():
    return {"url": request.url, "remote": request.remote_addr, "secure": request.is_secure}


BOOKS = [{"id": number, "title": f"The {number}. book", "pages": 40 * number} for number in range(23)]


@app.route("/books")
def books():
    return {"books": BOOKS}  # 1 KB of JSON


@app.route("/fails")
def fails():
    raise RuntimeError("Flask view failed")


def create_app(greeting, loud=False):
    factory_made = Flask("factory")
    factory_made.route("/")(lambda: greeting.upper() if loud else greeting)
    return factory_made
