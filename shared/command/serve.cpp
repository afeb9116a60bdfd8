// `bundle serve`: reads the configuration and becomes the master.
#include "shared/master/serve.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <memory>

#include "shared/command/config_arguments.hpp"
#include "shared/command/verbs.hpp"
#include "shared/master/programs.hpp"
#include "shared/master/upgrade/take_over.hpp"
#include "shared/tls/own_certificate.hpp"

namespace bundle {

namespace {

constexpr const char* kHidden = "";  // group: what an upgrade says, and no user

struct ServeArguments {
    ConfigArguments config;
    std::string wsgi;  // "hello:app"; empty: what the file says
    bool dev = false;
    bool dev_tls = false;
    int take_over = -1;        // the state of the bundle before us in this process
    int check_take_over = -1;  // of one that may make way for us
};

// An application without --conf needs no file; with one it stands in place of the file's.
Result<LoadRequest> plain_request_of(const ServeArguments& arguments) {
    if (arguments.wsgi.empty()) return load_request(arguments.config);
    ConfigArguments config = arguments.config;
    if (!config.conf.empty()) {
        config.set.insert(config.set.begin(), "app.main.wsgi=" + arguments.wsgi);
        return load_request(config);
    }
    LoadRequest request = request_without_file(arguments.wsgi, std::filesystem::current_path());
    request.overrides.insert(request.overrides.end(), config.set.begin(), config.set.end());
    request.environment = process_environment();
    return request;
}

void tell_of(const OwnCertificate& own) {
    fmt::print(stderr,
               "TLS for localhost alone: {0}\n"
               "  SHA-256 {1}\n"
               "  a browser asks once whether you trust it; for other programs:\n"
               "  sudo cp {0} /usr/local/share/ca-certificates/bundle-localhost.crt && sudo "
               "update-ca-certificates\n",
               own.certificate.native(), own.fingerprint);
}

// The first listener speaks TLS, with a certificate of ours in place of the file's first.
Result<OwnCertificate> add_own_certificate(LoadRequest& request) {
    TRY_ASSIGN(const auto folder, own_certificate_folder(request.environment));
    TRY_ASSIGN(const OwnCertificate own,
               own_certificate_in(folder, std::chrono::system_clock::now()));
    const std::vector<std::string> settings = {
        "listen.0.tls=true", "tls.certificate.0.certificate=" + own.certificate.native(),
        "tls.certificate.0.key=" + own.key.native()};
    request.overrides.insert(request.overrides.begin(), settings.begin(), settings.end());
    return own;
}

Result<LoadRequest> request_of(const ServeArguments& arguments) {
    TRY_ASSIGN(LoadRequest request, plain_request_of(arguments));
    if (arguments.dev) request.purpose = Purpose::Development;
    if (!arguments.dev_tls) return request;
    TRY_ASSIGN(const OwnCertificate own, add_own_certificate(request));
    const bool is_upgrade = arguments.take_over >= 0 || arguments.check_take_over >= 0;
    if (!is_upgrade) tell_of(own);
    return request;
}

int run_serve(const ServeArguments& arguments, const CommandLine& words) {
    const auto request = request_of(arguments);
    const std::filesystem::path programs = own_folder();
    if (request && arguments.check_take_over >= 0)
        return check_take_over({*request, words, programs, arguments.check_take_over});
    if (request && arguments.take_over >= 0)
        return take_over({*request, words, programs, arguments.take_over});
    const auto loaded = request.and_then(load_config);
    if (!loaded) {
        fmt::print(stderr, "{}\n", loaded.error().message);
        return kExitUsage;
    }
    return serve(*request, *loaded, programs, words);
}

}  // namespace

void add_serve(CLI::App& app, Invocation& invocation) {
    const auto arguments = std::make_shared<ServeArguments>();
    CLI::App* verb = app.add_subcommand("serve", "Serve until a signal says stop.");
    add_config_arguments(*verb, arguments->config);
    verb->add_option("wsgi", arguments->wsgi,
                     "Application to serve: without --conf no file is read")
        ->type_name("MODULE:APP");
    verb->add_flag("--dev", arguments->dev,
                   "While you write it: reload when a file changes, show tracebacks, one worker");
    verb->add_flag("--dev-tls", arguments->dev_tls,
                   "Speak TLS, with a certificate made for localhost");
    verb->add_option(kTakeOverOption, arguments->take_over)->group(kHidden);
    verb->add_option(kCheckOption, arguments->check_take_over)->group(kHidden);
    verb->callback([arguments, &invocation] {
        invocation.run = [arguments, &invocation] {
            return run_serve(*arguments, invocation.words);
        };
    });
}

}  // namespace bundle
