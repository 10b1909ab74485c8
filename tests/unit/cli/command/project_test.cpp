#include "cli/command/project.h"

#include <doctest/doctest.h>

#include <fstream>

#include "cli/command/build.h"
#include "cli/command/process.h"
#include "temporary_directory.h"
#include "whimbrel/error.h"

using namespace whimbrel::cli;
using whimbrel::Error;
using whimbrel::ErrorKind;
using whimbrel::test::TemporaryDirectory;

namespace {

namespace fs = std::filesystem;

std::string error_of(const fs::path& file) {
  try {
    static_cast<void>(read_project_file(file));
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return std::string(error.what()).substr(file.string().size());
  }
  return "no error";
}

}  // namespace

TEST_CASE("the project is the nearest directory above whose CMakeLists.txt uses whimbrel") {
  const TemporaryDirectory directory;
  directory.write("CMakeLists.txt", "PROJECT (outer)\nfind_package(whimbrel CONFIG REQUIRED)\n");
  directory.write("other/CMakeLists.txt", "project(other)  # not whimbrel\n");
  directory.write("inner/CMakeLists.txt", "project(inner)\nadd_subdirectory(whimbrel)\n");
  fs::create_directories(directory.path() / "inner" / "src");
  fs::create_directories(directory.path() / "other" / "src");

  const Project inner = find_project(directory.path() / "inner" / "src");
  CHECK(inner.directory == directory.path() / "inner");
  CHECK(inner.build_directory == directory.path() / "inner" / "build");
  CHECK(inner.target == "manage");
  CHECK(find_project(directory.path() / "other" / "src").directory == directory.path());
}

TEST_CASE("where a subdirectory uses whimbrel, the project is the one that it is in") {
  const TemporaryDirectory directory;
  directory.write("CMakeLists.txt", "project(shop)\nadd_subdirectory(database)\n");
  directory.write("database/CMakeLists.txt", "set(project_files a)\nwhimbrel_add_migrations(m DIRECTORY m)\n");
  CHECK(find_project(directory.path() / "database").directory == directory.path());
}

TEST_CASE("outside of a project it is said how to make one") {
  const TemporaryDirectory directory;
  try {
    static_cast<void>(find_project(directory.path()));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(error.remedy().find("whimbrel init") != std::string::npos);
  }
}

TEST_CASE("whimbrel.toml names the build directory, the target and CMake's arguments") {
  const TemporaryDirectory directory;
  directory.write("whimbrel.toml",
                  "build_directory = \"../out/dev\"\ntarget = \"shop-db\"\ncmake_arguments = [\"-DA=b c\"]\n");
  directory.write("CMakeLists.txt", "project(shop)\n");
  fs::create_directories(directory.path() / "src");
  const Project project = find_project(directory.path() / "src");
  CHECK(project.directory == directory.path());
  CHECK(project.build_directory == directory.path().parent_path() / "out" / "dev");
  CHECK(project.target == "shop-db");
  CHECK(project.cmake_arguments == std::vector<std::string>{"-DA=b c"});

  directory.write("whimbrel.toml", "");
  CHECK(find_project(directory.path() / "src").build_directory == directory.path() / "build");
}

TEST_CASE("a mistake in whimbrel.toml is told with its line") {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "whimbrel.toml";
  directory.write("whimbrel.toml", "target = \"a\"\nbuild = \"b\"\n");
  CHECK(error_of(file) == ", line 2: unknown key \"build\".");
  directory.write("whimbrel.toml", "target = 1\n");
  CHECK(error_of(file) == ", line 1: target must be a string.");
  directory.write("whimbrel.toml", "target = \"\"\n");
  CHECK(error_of(file) == ", line 1: target must be a string.");
  directory.write("whimbrel.toml", "cmake_arguments = \"-DA=b\"\n");
  CHECK(error_of(file) == ", line 1: cmake_arguments must be a list of strings.");
  directory.write("whimbrel.toml", "cmake_arguments = [1]\n");
  CHECK(error_of(file) == ", line 1: Each of cmake_arguments must be a string.");
  directory.write("whimbrel.toml", "target = \n");
  CHECK(error_of(file).starts_with(", line 1: "));
  CHECK(error_of(file) != ", line 1: ");
}

TEST_CASE("a program's output and exit code are kept, without a shell between") {
  const Finished good = run_quietly({"printf", "%s|%s", "a b", "$HOME"});
  CHECK(good.exit_code == 0);
  CHECK(good.output == "a b|$HOME");
  CHECK_FALSE(good.interrupted);
  const Finished bad = run_quietly({"sh", "-c", "echo out; echo err >&2; cat; exit 3"});
  CHECK(bad.exit_code == 3);
  CHECK(bad.output == "out\nerr\n");
  CHECK(run_quietly({"sh", "-c", "kill -TERM $$"}).exit_code == 128 + 15);
}

TEST_CASE("a program that is not there is an error that says to install it") {
  try {
    static_cast<void>(run_quietly({"whimbrel-no-such-program"}));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::file);
    CHECK(error.remedy() == "Install whimbrel-no-such-program and make sure that it is on the PATH.");
  }
  CHECK(find_on_path("sh").filename() == "sh");
  CHECK(find_on_path("whimbrel-no-such-program").empty());
}

TEST_CASE("Ctrl-C is noted while a program runs, and does not end this one") {
  const Finished finished = run_quietly({"sh", "-c", "kill -INT $PPID; sleep 0.2; exit 130"});
  CHECK(finished.interrupted);
  CHECK(finished.exit_code == 130);
  CHECK_FALSE(run_quietly({"true"}).interrupted);
}

TEST_CASE("the package of an installed program is beside it") {
  const TemporaryDirectory directory;
  CHECK(find_own_package(directory.path() / "bin" / "whimbrel").empty());
  const fs::path package = (fs::path("bin") / WHIMBREL_PACKAGE_FROM_COMMAND).lexically_normal();
  directory.write(package / "whimbrelConfig.cmake", "");
  CHECK(find_own_package(directory.path() / "bin" / "whimbrel") == directory.path() / package);
  CHECK(own_file("whimbrel").is_absolute());
}
