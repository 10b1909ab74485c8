#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// Runs other programs without a shell.
namespace whimbrel::cli {

struct Finished {
  int exit_code = 0;         ///< 128 plus the signal's number if a signal ended it, as in a shell.
  bool interrupted = false;  ///< If true, Ctrl-C was pressed while it ran.
  std::string output;        ///< Standard output and standard error.
};

/// Runs a program from PATH and waits for it. From the call of `announce` on, Ctrl-C goes to that program and not to
/// this process. Throws Error (file) if it cannot be started.
[[nodiscard]] Finished run_quietly(
    const std::vector<std::string>& arguments, const std::function<void()>& announce = [] {});

/// Replaces this process by the program, in that directory, on the same terminal. Throws Error (file) on failure.
[[noreturn]] void become(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const std::filesystem::path& directory);

/// Returns the program of that name on PATH; empty if there is none.
[[nodiscard]] std::filesystem::path find_on_path(const std::string& program);

/// Returns the file of this program, which was started under that name.
[[nodiscard]] std::filesystem::path own_file(const std::string& name);

}  // namespace whimbrel::cli
