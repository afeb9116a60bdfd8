// Names of files that have a hash of their contents in them: another content has another name, so
// whoever has such a file never needs to ask for it again.
#pragma once
#include <string_view>

namespace bundle {

// Of a file's name, folders before it or not, as the usual tools write them:
//   site.55e7cbb9ba48.css, 55e7cbb9ba48.js      Django's ManifestStaticFilesStorage, webpack,
//   parcel main.0123abcd.chunk.js, main-0123abcd.js    create-react-app, older Vite
//   index-DiwrgTda.js, app-QOKJUS2T.css         Vite, rollup, esbuild
// A hash stands between dots or behind the last hyphen. One of hexadecimal digits has at least
// eight of them, letters and numerals both, so that a date or a version is none; one of other
// letters has exactly eight, upper case among them where no word has it.
bool is_hashed_name(std::string_view file_name);

}  // namespace bundle
