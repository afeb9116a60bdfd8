// The settings of a Django project, from Django itself: what is computed there cannot be read in
// the file.
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <sstream>

#include "shared/command/init/ask_django.hpp"
#include "shared/command/init/project.hpp"
#include "shared/master/program_output.hpp"

namespace bundle {

namespace {

constexpr std::chrono::seconds kPatience{30};

std::map<std::string, std::string> answers_in(const std::string& text) {
    constexpr std::string_view kMark = "bundle:";
    std::map<std::string, std::string> answers;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        if (line.starts_with(kMark) && equals != std::string::npos)
            answers.emplace(line.substr(kMark.size(), equals - kMark.size()),
                            line.substr(equals + 1));
    }
    return answers;
}

ServedFolder folder_of(const std::string& url, const std::string& root) {
    // A URL of another host is not for us.
    const bool is_ours = url.size() > 1 && url.front() == '/' && !url.starts_with("//");
    return is_ours ? ServedFolder{url, root} : ServedFolder{};
}

// "shop.wsgi.application" as "shop.wsgi:application".
std::string with_colon(std::string dotted) {
    const std::size_t dot = dotted.rfind('.');
    if (dot != std::string::npos) dotted[dot] = ':';
    return dotted;
}

}  // namespace

void ask_django(Project& project) {
    DjangoProject& django = *project.django;
    // A link, often, but it is by the name that Python finds the virtual environment.
    const std::string python =
        project.virtualenv ? (*project.virtualenv / "bin/python").string() : BUNDLE_PYTHON;
    const auto ended = output_of_program(
        python,
        {python, "-B", "-c", std::string(kAskDjango), project.directory.string(), django.settings},
        kPatience);
    if (!ended || !ended->well) {
        django.unknown = ended ? last_line(ended->text) : ended.error().message;
        return;
    }
    auto answers = answers_in(ended->text);
    if (!answers["WSGI_APPLICATION"].empty())
        project.wsgi = with_colon(answers["WSGI_APPLICATION"]);
    django.static_files = folder_of(answers["STATIC_URL"], answers["STATIC_ROOT"]);
    django.media = folder_of(answers["MEDIA_URL"], answers["MEDIA_ROOT"]);
    django.names_have_hashes = answers["STORAGE"].find("Manifest") != std::string::npos;
    std::istringstream hosts(answers["HOSTS"]);
    for (std::string host; hosts >> host;) django.hosts.push_back(host);
}

}  // namespace bundle
