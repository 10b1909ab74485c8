# MariaDB Connector/C, the client library of MariaDB and MySQL: the target libmariadb::libmariadb. It is found without
# pkg-config, where packages of distributions and of MariaDB put it.
find_path(LIBMARIADB_INCLUDE_DIR mariadb_version.h PATH_SUFFIXES mariadb mysql)
find_library(LIBMARIADB_LIBRARY mariadb PATH_SUFFIXES mariadb mysql)
mark_as_advanced(LIBMARIADB_INCLUDE_DIR LIBMARIADB_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(libmariadb REQUIRED_VARS LIBMARIADB_LIBRARY LIBMARIADB_INCLUDE_DIR)

if(libmariadb_FOUND AND NOT TARGET libmariadb::libmariadb)
  add_library(libmariadb::libmariadb UNKNOWN IMPORTED)
  set_target_properties(libmariadb::libmariadb PROPERTIES IMPORTED_LOCATION ${LIBMARIADB_LIBRARY}
                                                          INTERFACE_INCLUDE_DIRECTORIES ${LIBMARIADB_INCLUDE_DIR})
endif()
