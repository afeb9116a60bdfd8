#include "backend/python/application.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "backend/python/exception.hpp"
#include "backend/python/paste_application.hpp"
#include "backend/python/wsgi_name.hpp"

namespace bundle {

namespace py = pybind11;

namespace {

// "; did you mean shop:application?", when the module has a name that is usual for a callable, or
// for what makes one.
std::string what_was_meant(const py::object& module, const WsgiName& name) {
    for (const std::string_view usual : {"application", "app", "create_app()", "make_app()"}) {
        const std::string attribute(usual.substr(0, usual.find('(')));
        if (py::hasattr(module, attribute.c_str()))
            return fmt::format("; did you mean {}:{}?", name.module, usual);
    }
    return "";
}

// "site.app" of a module, step by step.
Result<py::object> attribute_of(const py::object& module, const WsgiName& name) {
    py::object found = module;
    std::string_view rest = name.callable;
    std::string so_far(name.module);
    while (!rest.empty()) {
        const std::string step(rest.substr(0, rest.find('.')));
        rest.remove_prefix(std::min(step.size() + 1, rest.size()));
        if (!py::hasattr(found, step.c_str()))
            return failure(fmt::format("{} has no attribute {}{}", so_far, step,
                                       what_was_meant(module, name)));
        found = found.attr(step.c_str());
        so_far += '.' + step;
    }
    return found;
}

Result<py::object> usual_callable(const py::object& module, const WsgiName& name) {
    for (const char* usual : {"application", "app"})
        if (py::hasattr(module, usual)) return py::object(module.attr(usual));
    return failure(
        fmt::format("{0} has neither \"application\" nor \"app\"; name its callable: "
                    "wsgi = \"{0}:NAME\"{1}",
                    name.module, what_was_meant(module, name)));
}

// Calls the factory. Its arguments are literals: site.toml is configuration and runs no code of its
// own.
Result<py::object> made_by(const py::object& factory, const WsgiName& name) {
    const py::module_ ast = py::module_::import("ast");
    const py::object literal = ast.attr("literal_eval");
    py::list positional;
    py::dict named;
    try {
        const py::object call =
            ast.attr("parse")(fmt::format("_({})", *name.arguments), py::arg("mode") = "eval")
                .attr("body");
        for (const py::handle argument : call.attr("args")) positional.append(literal(argument));
        for (const py::handle keyword : call.attr("keywords"))
            named[keyword.attr("arg")] = literal(keyword.attr("value"));
    } catch (const std::exception&) {
        return failure(
            fmt::format("{}({}): the arguments must be literals, such as 'text', 1, "
                        "True, None or debug=False",
                        name.callable, *name.arguments));
    }
    return py::object(factory(*positional, **named));
}

// Starlette's and Django's ASGI applications are objects whose __call__ is a coroutine.
bool is_asgi(const py::object& found) {
    const py::object is_coroutine = py::module_::import("inspect").attr("iscoroutinefunction");
    return py::bool_(is_coroutine(found)) ||
           py::bool_(is_coroutine(py::type::of(found).attr("__call__")));
}

// A factory without its brackets would fail each request. Only of plain functions, which take what
// their signature says; empty when in doubt.
std::string why_not_wsgi(const py::object& found, const WsgiName& name) {
    if (!PyFunction_Check(found.ptr()) || py::hasattr(found, "__wrapped__") ||
        py::hasattr(found, "__signature__"))
        return "";
    const py::object signature = py::module_::import("inspect").attr("signature")(found);
    const auto can_be_called_with = [&](const auto&... arguments) {
        try {
            signature.attr("bind")(arguments...);
            return true;
        } catch (const py::error_already_set&) {
            return false;
        }
    };
    if (can_be_called_with(py::none(), py::none())) return "";
    const py::list parameters(signature.attr("parameters"));
    const std::string takes = parameters.empty()
                                  ? "no arguments"
                                  : py::cast<std::string>(py::str(", ").attr("join")(parameters));
    const bool is_factory = !name.arguments && !name.callable.empty() && can_be_called_with();
    return fmt::format(
        "{} takes {}; a WSGI application is called with environ and start_response{}",
        py::cast<std::string>(found.attr("__name__")), takes,
        is_factory ? fmt::format("; did you mean {}:{}()?", name.module, name.callable) : "");
}

Result<py::object> find_callable(const WsgiName& name) {
    const py::object module = py::module_::import(std::string(name.module).c_str());
    TRY_ASSIGN(py::object found,
               name.callable.empty() ? usual_callable(module, name) : attribute_of(module, name));
    if (name.arguments) {
        TRY_ASSIGN(found, made_by(found, name));
    }
    if (const std::string why = why_not_wsgi(found, name); !why.empty() && !is_asgi(found))
        return failure(why);
    return found;
}

Result<py::object> find_application(const AppConfig& app) {
    TRY_ASSIGN(py::object found, app.paste.empty() ? find_callable(parts_of_wsgi_name(app.wsgi))
                                                   : paste_application(app));
    if (PyCallable_Check(found.ptr()) == 0)
        return failure(
            fmt::format("it is of type {}, which cannot be called; name the WSGI callable",
                        py::str(py::type::of(found).attr("__name__")).cast<std::string>()));
    if (is_asgi(found))
        return failure(
            "it is an ASGI application, and only WSGI is served; Django has its WSGI "
            "application in wsgi.py, and a2wsgi makes one of an ASGI application");
    return found;
}

// What was tried and where; the reason comes last, because a long text is cut at its front.
std::string told_whole(const AppConfig& app, std::string_view reason) {
    std::string text = fmt::format("app {}: {} = \"{}\" cannot be loaded\ndirectory: {}\n",
                                   app.name, app.paste.empty() ? "wsgi" : "paste", app.named(),
                                   std::filesystem::current_path().string());
    text += "import path:\n";
    try {
        for (const py::handle folder : py::module_::import("sys").attr("path"))
            text += fmt::format("  {}\n", py::str(folder).cast<std::string>());
    } catch (const std::exception&) {
        text += "  (unreadable)\n";
    }
    return text.append(reason);
}

}  // namespace

Result<py::object> load_application(const AppConfig& app) {
    try {
        auto found = find_application(app);
        if (!found) return failure(told_whole(app, found.error().message));
        return found;
    } catch (py::error_already_set& error) {
        error.restore();
        return failure(told_whole(app, take_traceback_text()));
    } catch (const std::exception& error) {
        return failure(told_whole(app, error.what()));
    }
}

void freeze_memory() {
    const py::module_ gc = py::module_::import("gc");
    gc.attr("collect")();
    gc.attr("freeze")();
}

}  // namespace bundle
