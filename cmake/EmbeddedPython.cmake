# embedded_python: the interpreter that bundle-backend embeds.
#
# Its static library, where one can be linked, at fixed addresses: so Debian builds its own python3,
# too. The shared library is position-independent, and runs the same Python code a tenth slower.

include(CheckCXXSourceCompiles)

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

# All of it, for everyone to see: extension modules find the C API in the executable.
set(static_python_options
    -no-pie -Wl,--dynamic-list=${CMAKE_CURRENT_LIST_DIR}/python_symbols.list)
set(static_python_libraries
    -Wl,--whole-archive ${static_python} -Wl,--no-whole-archive ${static_python_needs})

# Some distributions ship one that needs libraries which they do not ship.
set(CMAKE_REQUIRED_INCLUDES ${Python_INCLUDE_DIRS})
set(CMAKE_REQUIRED_LINK_OPTIONS ${static_python_options})
set(CMAKE_REQUIRED_LIBRARIES ${static_python_libraries})
check_cxx_source_compiles("#include <Python.h>
int main() { Py_Initialize(); }" BUNDLE_PYTHON_IS_STATIC)
foreach(asked INCLUDES LINK_OPTIONS LIBRARIES)
  unset(CMAKE_REQUIRED_${asked})
endforeach()

if(BUNDLE_PYTHON_IS_STATIC)
  target_include_directories(embedded_python SYSTEM INTERFACE ${Python_INCLUDE_DIRS})
  target_link_options(embedded_python INTERFACE ${static_python_options})
  target_link_libraries(embedded_python INTERFACE ${static_python_libraries})
else()
  target_link_libraries(embedded_python INTERFACE Python::Python)
endif()
