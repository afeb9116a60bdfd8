#include "backend/wsgi/gateway.hpp"

#include <array>

#include "backend/leaving.hpp"
#include "backend/output/current_request.hpp"
#include "backend/python/exception.hpp"
#include "backend/python/forked_child.hpp"
#include "backend/python/py_ref.hpp"
#include "backend/wsgi/answer.hpp"
#include "backend/wsgi/application_error.hpp"
#include "backend/wsgi/call.hpp"
#include "backend/wsgi/environ.hpp"
#include "backend/wsgi/errors.hpp"
#include "backend/wsgi/file_wrapper.hpp"
#include "backend/wsgi/input.hpp"
#include "backend/wsgi/start_response.hpp"

namespace bundle {

struct Gateway::State {
    PyRef application;
    GatewayFacts facts;
    PyRef input_type;
    PyRef errors_type;
    PyRef file_wrapper_type;
    StartResponse start_response;
    ExtendDeadline extend_deadline;
    EnvironBuilder environ;
    std::string last_error;

    // False with a Python exception.
    bool prepare() {
        input_type = make_input_type();
        errors_type = make_errors_type();
        file_wrapper_type = make_file_wrapper_type();
        return input_type && errors_type && file_wrapper_type && start_response.prepare() &&
               environ.prepare(facts, file_wrapper_type.get());
    }
};

namespace {

BodyReader body_reader(const wire::Request& request, OwnedFd body) {
    if (request.body_place == wire::BodyPlace::Descriptor)
        return {std::move(body), request.body_length};
    return BodyReader(request.body);
}

// What the application is called with, which it may keep; the ends that lead back to us are cut
// when the request is over.
struct CallArguments {
    RequestObjects objects;
    PyRef start_response;
    PyRef environ;

    [[nodiscard]] bool complete() const { return environ != nullptr; }
    void cut() const {
        close_input(objects.input.get());
        flush_errors(objects.errors.get());
        StartResponse::close(start_response.get());
    }
};

PyRef call(PyObject* application, const CallArguments& arguments) {
    // The place before the first argument is for the callee (PY_VECTORCALL_ARGUMENTS_OFFSET).
    std::array<PyObject*, 3> given = {nullptr, arguments.environ.get(),
                                      arguments.start_response.get()};
    return PyRef(PyObject_Vectorcall(application, given.data() + 1,
                                     2 | PY_VECTORCALL_ARGUMENTS_OFFSET, nullptr));
}

// What hooks are told of the request; empty with what pre_request raised, which fails the request.
PyRef let_in(PyObject* begin_request, const CallArguments& arguments) {
    return PyRef(PyObject_CallOneArg(begin_request, arguments.environ.get()));
}

bool tell_hook(PyObject* end_request, PyObject* request, const CallArguments& arguments,
               const Answer& answer) {
    PyObject* status = answer.head().status();
    const PyRef headers =
        status != nullptr ? share(answer.head().headers()) : PyRef(PyTuple_New(0));
    const PyRef size(PyLong_FromUnsignedLongLong(answer.body_size()));
    return headers && size &&
           PyRef(PyObject_CallFunctionObjArgs(end_request, request, arguments.environ.get(),
                                              status != nullptr ? status : Py_None, headers.get(),
                                              size.get(), nullptr)) != nullptr;
}

// As long as nothing of another answer is out.
bool shows(const GatewayFacts& facts, const std::string& trace, const Answer& answer) {
    return facts.traceback_page != nullptr && !trace.empty() && !answer.has_sent_head();
}

PyRef traceback_page(const GatewayFacts& facts, const std::string& trace,
                     const CallArguments& arguments) {
    const PyRef text(
        PyUnicode_DecodeUTF8(trace.data(), static_cast<Py_ssize_t>(trace.size()), "replace"));
    if (!text) return nullptr;
    return PyRef(PyObject_CallFunctionObjArgs(facts.traceback_page, text.get(),
                                              arguments.environ.get(),
                                              arguments.start_response.get(), nullptr));
}

// One of those that write() raises when nobody listens any more: the application's way out, and no
// mistake of its.
bool is_about_the_client(const Answer& answer) {
    return answer.client_left() && PyErr_ExceptionMatches(PyExc_BrokenPipeError) != 0;
}

}  // namespace

Gateway::Gateway(std::unique_ptr<State> state) : state_(std::move(state)) {}
Gateway::Gateway(Gateway&&) noexcept = default;
Gateway& Gateway::operator=(Gateway&&) noexcept = default;
Gateway::~Gateway() = default;

Result<Gateway> Gateway::create(PyObject* application, const GatewayFacts& facts) {
    if (PyCallable_Check(application) == 0)
        return failure("the application is a " + std::string(Py_TYPE(application)->tp_name) +
                       " and cannot be called; name a WSGI callable");
    auto state = std::make_unique<State>();
    state->application = share(application);
    state->facts = facts;
    if (!state->prepare()) return failure("prepare the WSGI gateway: " + take_exception_text());
    return Gateway(std::move(state));
}

const std::string& Gateway::last_error() const { return state_->last_error; }

void Gateway::serve(const wire::Request& request, OwnedFd body, AnswerWriter& writer) {
    const ServesRequest serves(request.request_id);
    writer.begin(request.stream);
    Answer answer(request, writer);

    CallArguments arguments;
    RequestObjects& objects = arguments.objects;
    arguments.start_response = state_->start_response.make(answer);
    objects.input = make_input(as_type(state_->input_type), body_reader(request, std::move(body)));
    objects.errors = make_errors(as_type(state_->errors_type), request.request_id);
    if (arguments.start_response) {
        objects.early_hints = StartResponse::early_hints(arguments.start_response.get());
        objects.extend_deadline = state_->extend_deadline.make(state_->start_response, answer);
        objects.client_gone = StartResponse::client_gone(arguments.start_response.get());
    }
    // What could not be made raised, and stops here.
    if (PyErr_Occurred() == nullptr) arguments.environ = state_->environ.build(request, objects);
    if (!arguments.complete()) {
        log_exception(request, "out of memory before the application was called");
        answer.finish(wire::Outcome::Failed, wire::Afterwards::Free);
        return;
    }

    answer.show_deadline_in(state_->facts.deadline_place, arguments.environ.get());
    const PyRef hooked = state_->facts.begin_request != nullptr
                             ? let_in(state_->facts.begin_request, arguments)
                             : share(Py_None);
    const PyRef result = hooked ? call(state_->application.get(), arguments) : PyRef();
    auto outcome = wire::Outcome::Complete;
    const bool well =
        result && send_result(result.get(), as_type(state_->file_wrapper_type), answer);
    if (is_forked_child()) leave_forked_child();
    if (!well) {
        if (is_about_the_client(answer)) PyErr_Clear();
        state_->last_error = log_exception(request, "application error");
        outcome = wire::Outcome::Aborted;
        if (shows(state_->facts, state_->last_error, answer)) {
            const PyRef page = traceback_page(state_->facts, state_->last_error, arguments);
            if (page && send_result(page.get(), nullptr, answer)) outcome = wire::Outcome::Complete;
            log_exception(request, "the traceback cannot be shown");
        }
    }
    // What close() raises is logged; the answer is not the worse for it.
    if (result && !close_result(result.get()))
        log_exception(request, "application error in close()");
    arguments.cut();
    state_->extend_deadline.close();
    const bool has_hook = state_->facts.end_request != nullptr && hooked;
    answer.finish(outcome, has_hook ? wire::Afterwards::Closing : wire::Afterwards::Free);
    if (has_hook && !tell_hook(state_->facts.end_request, hooked.get(), arguments, answer))
        log_exception(request, "the hook post_request raised");
}

}  // namespace bundle
