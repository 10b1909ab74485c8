#include "cli/command/build.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <thread>

#include "cli/command/process.h"
#include "whimbrel/error.h"

namespace whimbrel::cli {

namespace {

namespace fs = std::filesystem;

// A progress line, on terminals only, which is erased when the step is done.
class Progress {
 public:
  explicit Progress(const std::string& text) : shown_(::isatty(STDERR_FILENO) == 1) {
    if (shown_) std::fprintf(stderr, "%s...", text.c_str());
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
  }

 private:
  bool shown_;
};

void run_step(const std::string& doing, const std::vector<std::string>& arguments) {
  std::optional<Progress> progress;
  const Finished finished = run_quietly(arguments, [&] { progress.emplace(doing); });
  progress.reset();
  if (finished.interrupted) throw Error(ErrorKind::interrupted, doing + " was stopped.");
  if (finished.exit_code == 0) return;
  throw BuildFailure(finished.output);
}

// whimbrel_add_migrations() writes it at the end of a successful configuration.
fs::path path_file(const Project& project) { return project.build_directory / "whimbrel" / (project.target + ".path"); }

bool chooses_generator(const Project& project) {
  const auto is_generator = [](const std::string& argument) { return argument.starts_with("-G"); };
  return std::getenv("CMAKE_GENERATOR") != nullptr || fs::exists(project.build_directory / "CMakeCache.txt") ||
         std::any_of(project.cmake_arguments.begin(), project.cmake_arguments.end(), is_generator);
}

void configure(const Project& project, const fs::path& own_program) {
  if (!fs::exists(project.directory / "CMakeLists.txt")) {
    throw Error(ErrorKind::usage, "The build directory " + project.build_directory.string() +
                                      " is not configured, and there is no CMakeLists.txt beside whimbrel.toml.")
        .with_remedy("Configure it once with cmake, or set a different build_directory in whimbrel.toml.");
  }
  std::vector<std::string> arguments = {"cmake", "-S", project.directory.string(), "-B",
                                        project.build_directory.string()};
  if (!chooses_generator(project) && !find_on_path("ninja").empty()) arguments.insert(arguments.end(), {"-G", "Ninja"});
  const fs::path package = find_own_package(own_program);
  if (!package.empty()) arguments.push_back("-Dwhimbrel_DIR=" + package.string());
  arguments.insert(arguments.end(), project.cmake_arguments.begin(), project.cmake_arguments.end());
  run_step("Configuring " + project.build_directory.string(), arguments);
  if (!fs::exists(path_file(project))) {
    throw Error(ErrorKind::usage, "No target \"" + project.target + "\" in " + project.directory.string() +
                                      " is registered with whimbrel_add_migrations().")
        .with_remedy(
            "Pass its target as EXECUTABLE to whimbrel_add_migrations() and, if it is not `manage`, set `target` in "
            "whimbrel.toml.");
  }
}

}  // namespace

fs::path build(const Project& project, const fs::path& own_program) {
  if (!fs::exists(path_file(project))) configure(project, own_program);
  std::vector<std::string> arguments = {"cmake", "--build", project.build_directory.string(), "--target",
                                        project.target};
  if (std::getenv("CMAKE_BUILD_PARALLEL_LEVEL") == nullptr) {
    arguments.insert(arguments.end(),
                     {"--parallel", std::to_string(std::max(1u, std::thread::hardware_concurrency()))});
  }
  run_step("Building " + project.target, arguments);
  std::ifstream file(path_file(project));
  std::string path;
  std::getline(file, path);
  return path;
}

fs::path find_own_package(const fs::path& executable) {
  const fs::path package = (executable.parent_path() / WHIMBREL_PACKAGE_FROM_COMMAND).lexically_normal();
  return fs::exists(package / "whimbrelConfig.cmake") ? package : fs::path();
}

}  // namespace whimbrel::cli
