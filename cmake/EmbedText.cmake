# Text files that become part of a program, so that it needs no file, and no disk, to show them.
#
#   bundle_embed(bundle_frontend static/errors/page.html kErrorPageTemplate static/errors/page.hpp)
#
# writes the header to include, with `inline constexpr std::string_view kErrorPageTemplate`.
#
# This file is also the script that does so: cmake -DTEXT=... -DHEADER=... -DNAME=... -P EmbedText.cmake

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${TEXT} text)
  # A literal may be no longer than 64 KiB to be sure of every compiler; our texts are far from that.
  file(WRITE ${HEADER} "#pragma once\n#include <string_view>\n\nnamespace bundle {\n\n"
                       "inline constexpr std::string_view ${NAME} = R\"~bundle~(${text})~bundle~\";\n\n"
                       "}  // namespace bundle\n")
  return()
endif()

function(bundle_embed target text name header)
  set(output ${PROJECT_BINARY_DIR}/embedded/${header})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DTEXT=${PROJECT_SOURCE_DIR}/${text} -DHEADER=${output} -DNAME=${name}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
    DEPENDS ${PROJECT_SOURCE_DIR}/${text} ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
    COMMENT "Embedding ${text}"
    VERBATIM)
  # A target of its own, for the library was made in another folder, whose targets do not see this command.
  add_custom_target(embed_${name} DEPENDS ${output})
  add_dependencies(${target} embed_${name})
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/embedded)
endfunction()
