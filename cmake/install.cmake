set(package_directory ${CMAKE_INSTALL_LIBDIR}/cmake/whimbrel)

install(DIRECTORY include/whimbrel DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(
  TARGETS whimbrel_core ${whimbrel_driver_targets} whimbrel_manage
  EXPORT whimbrelTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(
  EXPORT whimbrelTargets
  NAMESPACE whimbrel::
  DESTINATION ${package_directory})

configure_package_config_file(cmake/whimbrelConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/whimbrelConfig.cmake
                              INSTALL_DESTINATION ${package_directory})
# Until 1.0 a new minor version may change what programs rely on.
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/whimbrelConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/whimbrelConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/whimbrelConfigVersion.cmake
              cmake/Findlibmd.cmake cmake/Findlibmariadb.cmake cmake/WhimbrelDrivers.cmake cmake/WhimbrelMigrations.cmake cmake/WhimbrelListMigrations.cmake
        DESTINATION ${package_directory})

if(WHIMBREL_BUILD_COMMAND)
  install(TARGETS whimbrel_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
