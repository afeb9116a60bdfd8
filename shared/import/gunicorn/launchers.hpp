// What stands before gunicorn on a command line: "cd /srv/shop && A=1 exec pipenv run gunicorn
// ...".
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/import/gunicorn/command_line.hpp"

namespace bundle::imported {

// The words behind "gunicorn". What stands before it goes to `command`: program, directory,
// environment, and what there is to tell. An error says that it is another server.
Result<std::vector<std::string>> arguments_of_gunicorn(std::string_view text,
                                                       GunicornCommand& command);

// "NAME=VALUE"
bool is_assignment(const std::string& word);

}  // namespace bundle::imported
