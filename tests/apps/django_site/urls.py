import hashlib

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, JsonResponse
from django.shortcuts import render
from django.urls import path


@login_required(login_url="/admin/login/")
def upload(request):
    if request.method == "GET":
        return render(request, "upload.html")
    file = request.FILES["file"]
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    return JsonResponse({"name": file.name, "size": file.size, "sha256": digest.hexdigest(),
                         "user": request.user.username, "note": request.POST["note"]})


BOOKS = [{"title": f"the {number}. book", "author": f"Author <{number}>", "pages": 40 * number} for number in range(1, 21)]


def books(request):
    """A page through all of the middleware and a template, without the database."""
    return render(request, "books.html", {"books": BOOKS, "reader": request.GET.get("reader")})


def film(request):
    return FileResponse(open(__file__, "rb"), content_type="video/mp4")


urlpatterns = [path("admin/", admin.site.urls), path("upload/", upload), path("books/", books), path("film/", film)]
