# What all of our own targets have in common. No global flags: a target asks for them.

option(BUNDLE_WERROR "treat warnings as errors" ON)
set(BUNDLE_SANITIZE "" CACHE STRING "sanitizers to build with, for example address,undefined")

function(bundle_target target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                           $<$<BOOL:${BUNDLE_WERROR}>:-Werror>)
  if(BUNDLE_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=${BUNDLE_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${BUNDLE_SANITIZE})
    if(BUNDLE_SANITIZE MATCHES "undefined")
      target_compile_options(${target} PUBLIC -fno-sanitize-recover=undefined)
    endif()
  else()
    # As Debian builds its own packages: the front reads what strangers send.
    target_compile_options(${target} PRIVATE -fstack-protector-strong
                                             $<$<CONFIG:Release,RelWithDebInfo>:-D_FORTIFY_SOURCE=2>)
    target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now)
  endif()
endfunction()

# The presets compile up to sixteen files of a folder as one (CMAKE_UNITY_BUILD): half of a build would be the reading
# of headers. So a name in an unnamed namespace is its folder's, not only its file's. To be called where the target was
# made, when it has all its sources.
function(bundle_join_sources target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  # What is right in a file of its own: GCC takes it for a header, where a class of an unnamed namespace would be a
  # mistake; for Clang its names shadow those of the files before it.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>
                                           $<$<CXX_COMPILER_ID:Clang>:-Wno-shadow>)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source NORMALIZE)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
    string(MAKE_C_IDENTIFIER "${folder}" folder)
    list(APPEND ${folder} ${source})
    list(LENGTH ${folder} count)
    math(EXPR part "(${count} - 1) / 16")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${part})
  endforeach()
endfunction()
