// Words that a verb does not know: what gunicorn, Flask or uvicorn are told, in our words.
#pragma once
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace bundle {

// A sentence for each, such as "--workers: here it is --set app.main.workers=4". `words` is the
// whole command line, which `verb` has parsed as far as it could.
std::vector<std::string> about_unknown_words(const CLI::App& verb,
                                             const std::vector<std::string>& words);

}  // namespace bundle
