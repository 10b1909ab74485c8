# Which databases a program links is known when the whole project has been read. Then each program gets a generated
# source with the list of their drivers, as it has one with the list of its migrations. Nothing here is for projects to
# call.
#
# A database is a target with the property WHIMBREL_DATABASE, its name: the header <whimbrel/NAME.h> declares the
# function whimbrel::NAME::driver(), and the target defines it.
include_guard(GLOBAL)
cmake_policy(PUSH)
cmake_policy(VERSION 3.25)

# For every program of the directory and of those below it. A program is what is linked: an executable, a shared library.
function(whimbrel_list_drivers directory)
  get_property(targets DIRECTORY "${directory}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(is_listed ${target} WHIMBREL_DRIVERS_LISTED)
    if(NOT is_listed AND type MATCHES "^(EXECUTABLE|SHARED_LIBRARY|MODULE_LIBRARY)$")
      whimbrel_list_drivers_of(${target})
    endif()
  endforeach()
  get_property(subdirectories DIRECTORY "${directory}" PROPERTY SUBDIRECTORIES)
  foreach(subdirectory IN LISTS subdirectories)
    whimbrel_list_drivers("${subdirectory}")
  endforeach()
endfunction()

# In a library of its own, since the program itself need not see whimbrel's headers: a library of its own may be all that
# uses them.
function(whimbrel_list_drivers_of program)
  whimbrel_find_databases(${program} databases)
  if(NOT databases)
    return()
  endif()
  set(includes "")
  set(drivers "")
  foreach(target IN LISTS databases)
    get_target_property(name ${target} WHIMBREL_DATABASE)
    string(APPEND includes "#include <whimbrel/${name}.h>\n")
    list(APPEND drivers "&whimbrel::${name}::driver()")
  endforeach()
  list(LENGTH drivers count)
  list(JOIN drivers ", " drivers)
  get_target_property(directory ${program} BINARY_DIR)
  set(source "${directory}/${program}.whimbrel/drivers.cpp")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT [=[
// Generated: the drivers of the databases that @program@ links.
@includes@
whimbrel::Drivers whimbrel::detail::linked_drivers() {
  static const whimbrel::Driver* const list[] = {@drivers@};
  return {list, @count@};
}
]=])
  set(library whimbrel_drivers_of_${program})
  add_library(${library} OBJECT "${source}")
  set_target_properties(${library} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(${library} PRIVATE ${databases})
  target_sources(${program} PRIVATE $<TARGET_OBJECTS:${library}>)
  set_target_properties(${program} PROPERTIES WHIMBREL_DRIVERS_LISTED TRUE)
endfunction()

# The databases that the program is linked with, directly or through its libraries, also where these keep it to
# themselves. A condition in a generator expression is taken to be true.
function(whimbrel_find_databases program result)
  set(databases "")
  set(seen "")
  get_target_property(items ${program} LINK_LIBRARIES)
  while(items)
    list(POP_FRONT items item)
    string(REGEX MATCHALL "[A-Za-z0-9_.+-]+(::[A-Za-z0-9_.+-]+)*" names "${item}")
    foreach(name IN LISTS names)
      if(NOT TARGET ${name})
        continue()
      endif()
      get_target_property(aliased ${name} ALIASED_TARGET)
      if(aliased)
        set(name ${aliased})
      endif()
      if(name IN_LIST seen)
        continue()
      endif()
      list(APPEND seen ${name})
      get_target_property(database ${name} WHIMBREL_DATABASE)
      if(database)
        list(APPEND databases ${name})
      endif()
      get_target_property(more ${name} INTERFACE_LINK_LIBRARIES)
      if(more)
        list(APPEND items ${more})
      endif()
    endforeach()
  endwhile()
  set(${result} ${databases} PARENT_SCOPE)
endfunction()

cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL whimbrel_list_drivers "${CMAKE_SOURCE_DIR}")

cmake_policy(POP)
