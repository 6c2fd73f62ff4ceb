# What `cmake --install` copies: the program, the header, both libraries, what pkg-config and CMake need to find them,
# the recipes, and what the target `documents` makes. The target `installable` builds all of it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
add_custom_target(installable)

# ---- The shared library: the ordinary objects, of which -fvisibility=hidden shows percept_… alone -----------------
# SOVERSION counts binary interfaces, not releases: it changes when programs must be compiled again.
add_library(percept_shared SHARED ${core_objects} ${more_objects})
set_target_properties(percept_shared PROPERTIES OUTPUT_NAME percept EXPORT_NAME percept LINKER_LANGUAGE C
  VERSION 2.0.0 SOVERSION 2)
target_include_directories(percept_shared INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(percept_shared PRIVATE ${library_targets} Threads::Threads m)
target_link_options(percept_shared PRIVATE -Wl,-z,defs -Wl,--as-needed)
add_dependencies(installable percept_shared)
install(TARGETS percept_shared EXPORT perceptTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})

# ---- The static library: one object, in which every hidden name has become local ----------------------------------
# Internal names (error_set, file_read, …) so cannot clash with those of a program. Clang's table of address-significant
# symbols counts by the old numbers, and goes.
set(static_library ${CMAKE_CURRENT_BINARY_DIR}/installable/libpercept.a)
set(static_object ${CMAKE_CURRENT_BINARY_DIR}/installable/percept.o)
add_custom_command(OUTPUT ${static_library}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/installable
  COMMAND ${CMAKE_LINKER} -r -o ${static_object} --whole-archive $<TARGET_FILE:percept>
  COMMAND ${CMAKE_OBJCOPY} --localize-hidden --remove-section=.llvm_addrsig ${static_object}
  COMMAND ${CMAKE_COMMAND} -E rm -f ${static_library}
  COMMAND ${CMAKE_AR} rcs ${static_library} ${static_object}
  DEPENDS percept $<TARGET_FILE:percept> VERBATIM COMMENT "Hiding internal names of the static library")
add_custom_target(percept_static ALL DEPENDS ${static_library})
add_dependencies(installable percept_static)
install(FILES ${static_library} DESTINATION ${CMAKE_INSTALL_LIBDIR})

# ---- The program and the header -----------------------------------------------------------------------------------
if(TARGET percept_program)
  add_dependencies(installable percept_program)
  install(TARGETS percept_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES ${PROJECT_SOURCE_DIR}/include/percept/percept.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/percept)

# ---- How others find the library: all of it from its own place, so that --prefix at installation is enough --------
string(REPLACE ";" " " dependencies_words "${library_needs}")
file(RELATIVE_PATH prefix_from_pkgconfig /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" prefix_from_pkgconfig ${prefix_from_pkgconfig})
configure_file(cmake/percept.pc.in installable/percept.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/installable/percept.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/percept)
configure_package_config_file(cmake/perceptConfig.cmake.in installable/perceptConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
# Before 1.0 a minor release may change the interface.
write_basic_package_version_file(installable/perceptConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/installable/perceptConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/installable/perceptConfigVersion.cmake DESTINATION ${package_folder})
install(EXPORT perceptTargets NAMESPACE percept:: DESTINATION ${package_folder})

# ---- Recipes, manual pages, completions ---------------------------------------------------------------------------
if(TARGET percept_program)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/recipes DESTINATION ${CMAKE_INSTALL_DATADIR}/percept
    FILES_MATCHING PATTERN *.yaml PATTERN published/*.csv)
  # If `make playground` has built it.
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/build/playground DESTINATION ${CMAKE_INSTALL_DATADIR}/percept OPTIONAL)
endif()
if(TARGET documents)
  add_dependencies(installable documents)
  install(DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/share/ DESTINATION ${CMAKE_INSTALL_DATADIR})
endif()
