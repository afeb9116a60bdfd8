# What all of our own targets have in common. No global flags: a target asks for them.

option(BUNDLE_WERROR "treat warnings as errors" ON)
set(BUNDLE_SANITIZE "" CACHE STRING "sanitizers to build with, for example address,undefined")

function(bundle_target target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                           $<$<BOOL:${BUNDLE_WERROR}>:-Werror>)
  # What nearly every file reads first: a quarter of the build. A compiler cache would store nothing that
  # was built so, and who has one does not need it.
  if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <span> <string>
                                                <string_view> <unordered_map> <utility> <variant> <vector> <fmt/format.h>
                                                <tl/expected.hpp>)
  endif()
  if(BUNDLE_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${BUNDLE_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${BUNDLE_SANITIZE})
    if(BUNDLE_SANITIZE MATCHES "undefined")
      target_compile_options(${target} PUBLIC -fno-sanitize-recover=undefined)
    endif()
  endif()
endfunction()
