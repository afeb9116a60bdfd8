# Finds every library and says which package brings a missing one.

# The interpreter whose libpython the backend embeds. Another python3 may come first in PATH (pyenv, conda),
# so the distribution's is named by its path.
set(BUNDLE_PYTHON /usr/bin/python3 CACHE FILEPATH "Python interpreter to build bundle-backend for")

function(bundle_require found what packages)
  if(NOT ${found})
    message(FATAL_ERROR "${what} is missing; install it with: apt-get install ${packages} "
                        "(deploy/setup installs everything that is needed)")
  endif()
endfunction()

find_package(PkgConfig QUIET)
bundle_require(PkgConfig_FOUND "pkg-config" "pkg-config")

pkg_check_modules(LIBUV QUIET IMPORTED_TARGET libuv>=1.43)
bundle_require(LIBUV_FOUND "libuv (1.43 or newer)" "libuv1-dev")

find_package(OpenSSL 3.0 QUIET COMPONENTS SSL Crypto)
bundle_require(OPENSSL_FOUND "OpenSSL (3.0 or newer)" "libssl-dev")

pkg_check_modules(NGHTTP2 QUIET IMPORTED_TARGET libnghttp2>=1.52)
bundle_require(NGHTTP2_FOUND "nghttp2 (1.52 or newer)" "libnghttp2-dev")

find_package(ZLIB QUIET)
bundle_require(ZLIB_FOUND "zlib" "zlib1g-dev")

# The better codings of answers, which bundle does without where their libraries are not there.
option(BUNDLE_BROTLI "compress by brotli, where libbrotlienc is" ON)
option(BUNDLE_ZSTD "compress by zstd, where libzstd is" ON)
if(BUNDLE_BROTLI)
  pkg_check_modules(BROTLI QUIET IMPORTED_TARGET libbrotlienc)
endif()
if(BUNDLE_ZSTD)
  pkg_check_modules(ZSTD QUIET IMPORTED_TARGET libzstd>=1.4)
endif()
set(BUNDLE_HAS_BROTLI 0)
set(BUNDLE_HAS_ZSTD 0)
if(BUNDLE_BROTLI AND BROTLI_FOUND)
  set(BUNDLE_HAS_BROTLI 1)
endif()
if(BUNDLE_ZSTD AND ZSTD_FOUND)
  set(BUNDLE_HAS_ZSTD 1)
endif()
set(BUNDLE_CODINGS BUNDLE_HAS_BROTLI=${BUNDLE_HAS_BROTLI} BUNDLE_HAS_ZSTD=${BUNDLE_HAS_ZSTD})

find_package(fmt QUIET)
bundle_require(fmt_FOUND "fmt" "libfmt-dev")

find_package(tl-expected QUIET)
bundle_require(tl-expected_FOUND "tl::expected" "libexpected-dev")

find_package(tomlplusplus QUIET)
bundle_require(tomlplusplus_FOUND "toml++" "libtomlplusplus-dev")

find_package(nlohmann_json 3.9 QUIET)
bundle_require(nlohmann_json_FOUND "JSON for Modern C++" "nlohmann-json3-dev")

find_package(CLI11 QUIET)
bundle_require(CLI11_FOUND "CLI11" "libcli11-dev")

set(Python_EXECUTABLE ${BUNDLE_PYTHON})
find_package(Python 3.10 QUIET COMPONENTS Interpreter Development.Embed Development.Module)
bundle_require(Python_Development.Embed_FOUND
               "the embedding library of ${BUNDLE_PYTHON} (choose another interpreter with -DBUNDLE_PYTHON=...)"
               "python3-dev")
set(PYBIND11_FINDPYTHON ON)
find_package(pybind11 2.10 QUIET)
bundle_require(pybind11_FOUND "pybind11 (2.10 or newer)" "pybind11-dev")

find_package(Llhttp QUIET)
bundle_require(Llhttp_FOUND "llhttp (or name its folder with -DLLHTTP_ROOT=...)" "node-llhttp")

find_package(Threads REQUIRED)
