#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

/// Other programs, run without a shell.
namespace whimbrel::cli {

struct Finished {
  int exit_code = 0;         ///< 128 and the signal's number if a signal ended it, as in a shell.
  bool interrupted = false;  ///< Ctrl-C was pressed while it ran.
  std::string output;        ///< Both streams.
};

/// Runs a program that is found on PATH and waits for it; Ctrl-C reaches it and not this process, from when `announce`
/// is called on. Throws Error (file) when it cannot be started.
[[nodiscard]] Finished run_quietly(
    const std::vector<std::string>& arguments, const std::function<void()>& announce = [] {});

/// Becomes the program, in that directory, with this process's terminal. Throws Error (file) when it cannot.
[[noreturn]] void become(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                         const std::filesystem::path& directory);

/// The program of that name on PATH; empty if there is none.
[[nodiscard]] std::filesystem::path find_on_path(const std::string& program);

/// The file of this program, which was started under that name.
[[nodiscard]] std::filesystem::path own_file(const std::string& name);

}  // namespace whimbrel::cli
