# whimbrel_add_migrations(<target> DIRECTORY <directory> [DATABASES <database>...] [EXECUTABLE <target>])
#
# Adds the static library <target> with every *.cpp file of the directory, which is made if it is missing, and the
# header <target>.h with `whimbrel::MigrationList <target>();`: the migrations of these files, oldest first. A file
# that `makemigrations` writes is part of it at the next build.
#
# DATABASES are the databases that the program can use, by the names of their components: sqlite postgres mysql. Each has
# its own migrations, in the sub-directory of its name, and the program runs those of the database that its URL names.
# Files in the directory itself are helpers of all of them.
#
# They are compiled without optimization, by GCC and Clang, whatever the build type: there are more of them every week,
# and they wait for the database. Where one computes much itself, optimize them again, after this call:
# target_compile_options(<target> PRIVATE -O2)
#
# EXECUTABLE is the target whose main() calls whimbrel::manage(); `manage` if it is not given. It may be added later in
# the project. The targets makemigrations, migrations and revertmigration run it, and the command `whimbrel` finds it.
include_guard(GLOBAL)
cmake_policy(PUSH)
cmake_policy(VERSION 3.25)

function(whimbrel_add_migrations target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DIRECTORY;EXECUTABLE" "DATABASES")
  set(call "whimbrel_add_migrations(${target})")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${call}: unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_DIRECTORY)
    message(FATAL_ERROR "${call}: DIRECTORY is missing; it says where the migrations are: DIRECTORY src/migrations")
  endif()
  if(NOT target MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "${call}: the name is that of a C++ function too, so it has letters, digits and _ only")
  endif()
  get_property(command_targets GLOBAL PROPERTY whimbrel_command_targets)
  if(target IN_LIST command_targets)
    message(FATAL_ERROR "${call}: ${target} is the name of the target that runs the command; choose another, "
                        "app_migrations say")
  endif()
  if(NOT arg_EXECUTABLE)
    set(arg_EXECUTABLE manage)
  endif()

  if("DATABASES" IN_LIST arg_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "${call}: DATABASES names no database: DATABASES sqlite postgres mysql")
  endif()
  whimbrel_check_databases("${call}" ${arg_DATABASES})

  cmake_path(ABSOLUTE_PATH arg_DIRECTORY BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE directory)
  string(REGEX REPLACE "/$" "" directory "${directory}")
  whimbrel_find_sources("${directory}" sources)
  set(generated_directory "${CMAKE_CURRENT_BINARY_DIR}/${target}.whimbrel")
  whimbrel_write_header("${target}" "${generated_directory}")
  if(arg_DATABASES)
    whimbrel_generate_lists("${target}" "${directory}" "${generated_directory}" "${sources}" "${arg_DATABASES}" sources
                            lists)
  else()
    set(lists "${generated_directory}/${target}.cpp")
    whimbrel_generate_list("${target}" "${target}" "${directory}" "${lists}" "${sources}" "" "")
  endif()
  add_library(${target} STATIC ${sources} ${lists} "${generated_directory}/${target}.h")
  target_include_directories(${target} PUBLIC "${generated_directory}")
  target_link_libraries(${target} PUBLIC whimbrel::core)
  # The C library warns of _FORTIFY_SOURCE, which some systems and projects define always, without optimization.
  target_compile_options(${target} PRIVATE "$<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-O0;-U_FORTIFY_SOURCE>")
  whimbrel_register_executable(${arg_EXECUTABLE})
endfunction()

# What follows is not for use by projects.

set_property(GLOBAL PROPERTY whimbrel_command_targets makemigrations migrations revertmigration)

# The names of databases are those of directories, of functions and of the targets of the package.
function(whimbrel_check_databases call)
  set(seen "")
  foreach(database IN LISTS ARGN)
    if(database IN_LIST seen)
      message(FATAL_ERROR "${call}: DATABASES names ${database} twice")
    endif()
    list(APPEND seen ${database})
    if(NOT database MATCHES "^[a-z_]+$" OR NOT TARGET whimbrel::${database})
      message(FATAL_ERROR "${call}: DATABASES names ${database}, and there is no target whimbrel::${database}; they are "
                          "the components of find_package(whimbrel COMPONENTS ...): sqlite, postgres, mysql")
    endif()
  endforeach()
endfunction()

# The directory is made if it is missing.
function(whimbrel_find_sources directory result)
  file(MAKE_DIRECTORY "${directory}")
  string(REGEX REPLACE "([[*?])" "[\\1]" pattern "${directory}")
  file(GLOB sources CONFIGURE_DEPENDS LIST_DIRECTORIES FALSE "${pattern}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/\\.[^/]*$")
  set(${result} ${sources} PARENT_SCOPE)
endfunction()

function(whimbrel_write_header target generated_directory)
  file(CONFIGURE OUTPUT "${generated_directory}/${target}.h" @ONLY CONTENT [=[
#pragma once

#include <whimbrel/migration.h>

/// The migrations of the program, oldest first. Generated by whimbrel_add_migrations(@target@).
[[nodiscard]] whimbrel::MigrationList @target@();
]=])
endfunction()

# A list at every build after a migration changed. `others` are sources of the program that must not be migrations of
# the same class. `databases` are the names of all, for the list of the first one.
function(whimbrel_generate_list target function directory output sources others databases)
  cmake_path(REMOVE_EXTENSION output LAST_ONLY OUTPUT_VARIABLE stem)
  list(JOIN sources "\n" source_lines)
  file(CONFIGURE OUTPUT "${stem}.sources.txt" @ONLY CONTENT "@source_lines@\n")
  list(JOIN others "\n" other_lines)
  file(CONFIGURE OUTPUT "${stem}.others.txt" @ONLY CONTENT "@other_lines@\n")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND
      ${CMAKE_COMMAND} "-DTARGET=${target}" "-DFUNCTION=${function}" "-DDIRECTORY=${directory}"
      "-DSOURCES=${stem}.sources.txt" "-DOTHERS=${stem}.others.txt" "-DDATABASES=${databases}" "-DOUTPUT=${output}" -P
      "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/WhimbrelListMigrations.cmake"
    DEPENDS ${sources} ${others} "${stem}.sources.txt" "${stem}.others.txt"
            "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/WhimbrelListMigrations.cmake"
    COMMENT "Listing the migrations of ${target}"
    VERBATIM)
endfunction()

# A list for each database, and the list of them. `helpers` are the sources in the directory itself.
function(whimbrel_generate_lists target directory generated_directory helpers databases sources_result lists_result)
  set(all ${helpers})
  foreach(database IN LISTS databases)
    whimbrel_find_sources("${directory}/${database}" sources_of_${database})
    list(APPEND all ${sources_of_${database}})
  endforeach()
  set(lists "${generated_directory}/${target}.cpp")
  set(declarations "")
  set(elements "")
  list(JOIN databases " " names)
  foreach(database IN LISTS databases)
    set(output "${generated_directory}/${database}.cpp")
    set(others ${all})
    list(REMOVE_ITEM others ${sources_of_${database}} "")
    whimbrel_generate_list("${target}" "${target}_for_${database}" "${directory}/${database}" "${output}"
                           "${sources_of_${database}}" "${others}" "${names}")
    set(names "")
    list(APPEND lists "${output}")
    string(APPEND declarations "whimbrel::MigrationList ${target}_for_${database}();\n")
    string(APPEND elements "      {\"${database}\", ${target}_for_${database}()},\n")
  endforeach()
  list(LENGTH databases count)
  file(CONFIGURE OUTPUT "${generated_directory}/${target}.cpp" @ONLY CONTENT [=[
// Generated by whimbrel_add_migrations(@target@).
#include "@target@.h"

@declarations@
whimbrel::MigrationList @target@() {
  static const whimbrel::DatabaseMigrations databases[] = {
@elements@  };
  return {nullptr, 0, nullptr, databases, @count@};
}
]=])
  set(${sources_result} ${all} PARENT_SCOPE)
  set(${lists_result} ${lists} PARENT_SCOPE)
endfunction()

# The executable may not be a target yet: what needs it is put off to the end of the project.
function(whimbrel_register_executable executable)
  get_property(executables GLOBAL PROPERTY whimbrel_executables)
  if(executable IN_LIST executables)
    return()
  endif()
  if(NOT executables)
    cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL whimbrel_finish_project)
  endif()
  set_property(GLOBAL APPEND PROPERTY whimbrel_executables ${executable})
  set_property(GLOBAL PROPERTY whimbrel_project_of_${executable} "${PROJECT_SOURCE_DIR}")
endfunction()

function(whimbrel_finish_project)
  get_property(executables GLOBAL PROPERTY whimbrel_executables)
  foreach(executable IN LISTS executables)
    if(NOT TARGET ${executable})
      message(STATUS "whimbrel: there is no target ${executable}, so makemigrations, migrations and revertmigration "
                     "have nothing to run")
      continue()
    endif()
    whimbrel_add_command_targets(${executable})
    whimbrel_tell_path(${executable})
  endforeach()
endfunction()

function(whimbrel_add_command_targets executable)
  get_property(names GLOBAL PROPERTY whimbrel_command_targets)
  get_property(project_directory GLOBAL PROPERTY whimbrel_project_of_${executable})
  foreach(name IN LISTS names)
    if(NOT TARGET ${name})
      add_custom_target(
        ${name}
        COMMAND ${executable} ${name}
        WORKING_DIRECTORY "${project_directory}"
        USES_TERMINAL VERBATIM)
    endif()
  endforeach()
endfunction()

# Where the command `whimbrel` reads which file the target is.
function(whimbrel_tell_path executable)
  get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  set(condition "")
  if(is_multi_config)
    set(default ${CMAKE_DEFAULT_BUILD_TYPE})
    if(NOT default)
      list(GET CMAKE_CONFIGURATION_TYPES 0 default)
    endif()
    set(condition CONDITION $<CONFIG:${default}>)
  endif()
  file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/whimbrel/${executable}.path" CONTENT "$<TARGET_FILE:${executable}>\n"
       ${condition})
endfunction()

cmake_policy(POP)
