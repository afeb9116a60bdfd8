"""PEP 3333, The Application/Framework Side and Specification Details: what is called, with what, how often."""

import pytest
from support.raw_client import request_bytes

KINDS = ("function", "Iterable", "instance", "instance.answer", "partial", "generator")


@pytest.fixture(scope="module")
def kinds(serve_for_module):
    """An application of each kind, each below a path of its own."""
    names = [kind.lower().replace(".", "-") for kind in KINDS]
    apps = "".join(f'[app.{name}]\nwsgi = "pep3333.callables:{kind}"\ndirectory = "{{apps}}"\nworkers = 1\n'
                   for name, kind in zip(names, KINDS))
    routes = "".join(f'[[site.route]]\npath = "/{name}/"\napp = "{name}"\n' for name in names)
    return serve_for_module(f'{apps}[[site]]\napp = "function"\n{routes}')


@pytest.mark.parametrize("kind", KINDS)
def test_the_application_object_is_simply_a_callable_object(kinds, kind):
    assert kinds.get(f"/{kind.lower().replace('.', '-')}/").text == kind


def test_application_objects_must_be_able_to_be_invoked_more_than_once(cases):
    assert [cases.get("/callables/once").status for _ in range(3)] == [200] * 3
    assert cases.notes() == ["called"] * 3


def test_the_server_invokes_the_application_object_using_positional_arguments(cases):
    cases.get("/callables/called")

    [[count, named, _, start_response_is_callable]] = cases.notes()
    assert (count, named, start_response_is_callable) == (2, [], True)


def test_the_environ_parameter_must_be_a_builtin_python_dictionary(cases):
    cases.get("/callables/called")

    [[_, _, is_a_dict, _]] = cases.notes()
    assert is_a_dict


def test_the_application_is_allowed_to_modify_the_dictionary_in_any_way_it_desires(cases):
    for _ in range(2):
        assert cases.get("/callables/changes_environ").body == b"function"

    first, second = cases.notes()
    assert first == second


def test_each_request_has_a_dictionary_of_its_own(cases):
    for number in range(3):
        cases.get(f"/callables/keeps_environ?{number}")

    assert cases.notes() == [True, ["0"], True, ["0", "1"], True, ["0", "1", "2"]]


def test_the_server_invokes_the_application_once_for_each_request_it_receives(cases):
    with cases.connect() as client:
        client.send(request_bytes("POST", "/callables/once", body=b"x" * 100_000) * 3)
        assert [client.read_answer().status for _ in range(3)] == [200] * 3

    assert cases.notes() == ["called"] * 3


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_every_method_is_the_applications_to_answer(cases, method):
    with cases.connect() as client:
        answer = client.request(method, "/callables/function")

    assert answer.status == 200
    assert answer.body == (b"" if method == "HEAD" else b"function")
