# llhttp, the HTTP/1 tokeniser, as target Llhttp::llhttp: from LLHTTP_ROOT, from a system libllhttp,
# or compiled from the C sources that Debian's node-llhttp package installs.
#
# Strict mode is not the default of the 8.x sources. Loose mode takes a bare CR for the end of a field
# (CVE-2023-30589) and worse, so our own build always sets it; from 9.0 on strict is all there is.
set(LLHTTP_ROOT "" CACHE PATH "folder with llhttp's sources (llhttp.c, api.c, http.c, llhttp.h)")

if(NOT LLHTTP_ROOT)
  find_package(PkgConfig QUIET)
  pkg_check_modules(LLHTTP_SYSTEM QUIET IMPORTED_TARGET libllhttp>=9)
endif()

if(LLHTTP_SYSTEM_FOUND)
  add_library(Llhttp::llhttp ALIAS PkgConfig::LLHTTP_SYSTEM)
  set(Llhttp_FOUND TRUE)
else()
  find_path(LLHTTP_SOURCE_DIR llhttp.c NO_DEFAULT_PATH
            PATHS ${LLHTTP_ROOT} ${LLHTTP_ROOT}/src /usr/share/llhttp)
  find_path(LLHTTP_INCLUDE_DIR llhttp.h NO_DEFAULT_PATH
            PATHS ${LLHTTP_ROOT} ${LLHTTP_ROOT}/include /usr/share/include/llhttp)
  include(FindPackageHandleStandardArgs)
  find_package_handle_standard_args(Llhttp DEFAULT_MSG LLHTTP_SOURCE_DIR LLHTTP_INCLUDE_DIR)
  if(Llhttp_FOUND)
    add_library(llhttp STATIC ${LLHTTP_SOURCE_DIR}/llhttp.c ${LLHTTP_SOURCE_DIR}/api.c
                              ${LLHTTP_SOURCE_DIR}/http.c)
    target_include_directories(llhttp SYSTEM PUBLIC ${LLHTTP_INCLUDE_DIR})
    target_compile_definitions(llhttp PUBLIC LLHTTP_STRICT_MODE=1)
    # A state machine of gotos, on the path of every request: -O3 is a seventh faster than -O2.
    target_compile_options(llhttp PRIVATE -w -O3)
    set_target_properties(llhttp PROPERTIES UNITY_BUILD OFF)  # its files share names
    add_library(Llhttp::llhttp ALIAS llhttp)
  endif()
endif()
