# embedded_python: the interpreter that bundle-backend embeds.
#
# Its static library, where there is one, at fixed addresses: so Debian builds its own python3, too.
# The shared library is position-independent, and runs the same Python code a tenth slower.

add_library(embedded_python INTERFACE)
target_link_libraries(embedded_python INTERFACE pybind11::pybind11)

execute_process(
  COMMAND ${BUNDLE_PYTHON} -c "if True:
    from sysconfig import get_config_vars
    print(*get_config_vars('LIBPL', 'LIBRARY'), sep='/')
    print(*get_config_vars('MODLIBS', 'LIBS', 'SYSLIBS'))"
  OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "^([^\n]*)\n(.*)$" said "${said}")
set(static_python ${CMAKE_MATCH_1})
separate_arguments(static_python_needs UNIX_COMMAND "${CMAKE_MATCH_2}")

if(EXISTS ${static_python})
  target_include_directories(embedded_python SYSTEM INTERFACE ${Python_INCLUDE_DIRS})
  # All of it, for everyone to see: extension modules find the C API in the executable.
  target_link_options(embedded_python INTERFACE -no-pie -Wl,--export-dynamic)
  target_link_libraries(embedded_python INTERFACE
                        -Wl,--whole-archive ${static_python} -Wl,--no-whole-archive
                        ${static_python_needs})
else()
  target_link_libraries(embedded_python INTERFACE Python::Python)
endif()
