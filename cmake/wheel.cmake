# What goes into a wheel (python/pyproject.toml): the library beside the modules of the package, and the declarations that
# Python makes of the header. The library needs libc and libm alone, so that it runs on any Linux with a libc as new: jansson
# and libyaml are linked in where their archives are there, as in Debian's development packages.
set(wheel_libraries)
foreach(name jansson yaml)
  find_library(archive_of_${name} NAMES lib${name}.a)
  if(archive_of_${name})
    # Debian's archives are compiled for programs. In a shared library they cannot address the one variable of libc that they
    # name, stdin, in functions that nobody calls: they get a variable of their own.
    set(archive ${CMAKE_CURRENT_BINARY_DIR}/lib${name}_for_wheel.a)
    add_custom_command(OUTPUT ${archive}
      COMMAND ${CMAKE_OBJCOPY} --redefine-sym stdin=wheel_stdin ${archive_of_${name}} ${archive}
      DEPENDS ${archive_of_${name}} VERBATIM)
    list(APPEND wheel_archives ${archive})
    list(APPEND wheel_libraries ${archive})
  else()
    message(WARNING "There is no lib${name}.a, so the wheel will need the shared library of this machine")
    list(APPEND wheel_libraries ${name})
  endif()
endforeach()
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/wheel_stdin.c "void *wheel_stdin;\n")
add_custom_target(percept_wheel_archives DEPENDS ${wheel_archives})

add_library(percept_wheel SHARED ${core_objects} ${more_objects} ${CMAKE_CURRENT_BINARY_DIR}/wheel_stdin.c)
add_dependencies(percept_wheel percept_wheel_archives)
set_target_properties(percept_wheel PROPERTIES OUTPUT_NAME percept LINKER_LANGUAGE C)
target_link_libraries(percept_wheel PRIVATE ${wheel_libraries} Threads::Threads m)
target_link_options(percept_wheel PRIVATE -Wl,-z,defs -Wl,--as-needed -Wl,--exclude-libs,ALL -Wl,--gc-sections)
install(TARGETS percept_wheel LIBRARY DESTINATION percept)

find_package(Python COMPONENTS Interpreter REQUIRED)
set(header ${PROJECT_SOURCE_DIR}/include/percept/percept.h)
set(declarations ${CMAKE_CURRENT_BINARY_DIR}/_declarations.py)
add_custom_command(OUTPUT ${declarations}
  COMMAND Python::Interpreter ${PROJECT_SOURCE_DIR}/python/declare.py ${header} ${declarations}
  DEPENDS ${header} ${PROJECT_SOURCE_DIR}/python/declare.py VERBATIM COMMENT "Declaring the library to Python")
add_custom_target(percept_declarations ALL DEPENDS ${declarations})
install(FILES ${declarations} DESTINATION percept)
