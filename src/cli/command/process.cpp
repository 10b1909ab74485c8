#include "cli/command/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "whimbrel/error.h"

namespace whimbrel::cli {

namespace {

namespace fs = std::filesystem;

Error process_error(const std::string& message, int code) {
  return Error(ErrorKind::file, message + ": " + std::generic_category().message(code) + '.');
}

std::vector<char*> argument_pointers(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

volatile std::sig_atomic_t interrupted = 0;

// While it waits, this process leaves Ctrl-C to the child, and only records it.
class SignalsLeftToChild {
 public:
  SignalsLeftToChild() {
    interrupted = 0;
    struct sigaction note {};
    note.sa_handler = [](int) { interrupted = 1; };
    ::sigaction(SIGINT, &note, &interrupt_);
    ::sigaction(SIGQUIT, &note, &quit_);
  }
  SignalsLeftToChild(const SignalsLeftToChild&) = delete;
  SignalsLeftToChild& operator=(const SignalsLeftToChild&) = delete;
  ~SignalsLeftToChild() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGQUIT, &quit_, nullptr);
  }

 private:
  struct sigaction interrupt_ {};
  struct sigaction quit_ {};
};

// The streams of a child: no input, and both outputs into one file.
class Spawning {
 public:
  explicit Spawning(int output) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() { ::posix_spawn_file_actions_destroy(&actions_); }

  pid_t start(const std::vector<std::string>& arguments) {
    pid_t child = 0;
    const std::vector<char*> pointers = argument_pointers(arguments);
    const int code = ::posix_spawnp(&child, pointers[0], &actions_, nullptr, pointers.data(), environ);
    if (code == 0) return child;
    throw process_error("Cannot start " + arguments.front(), code)
        .with_remedy("Install " + arguments.front() + " and make sure that it is on the PATH.");
  }

 private:
  posix_spawn_file_actions_t actions_{};
};

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string read_all(int descriptor) {
  std::string text;
  char buffer[65536];
  ssize_t size = 0;
  off_t offset = 0;
  while ((size = ::pread(descriptor, buffer, sizeof buffer, offset)) > 0) {
    text.append(buffer, static_cast<std::size_t>(size));
    offset += size;
  }
  return text;
}

}  // namespace

Finished run_quietly(const std::vector<std::string>& arguments, const std::function<void()>& announce) {
  // An in-memory file: unlike a pipe, it accepts any amount of output that is not read yet.
  const int output = ::memfd_create("output", MFD_CLOEXEC);
  if (output < 0) throw process_error("Cannot buffer the output of " + arguments.front(), errno);
  try {
    const SignalsLeftToChild signals;
    announce();
    const pid_t child = Spawning(output).start(arguments);
    // Ctrl-C was pressed before the child existed.
    if (interrupted != 0) ::kill(child, SIGINT);
    Finished finished;
    finished.exit_code = wait_for(child);
    finished.interrupted = interrupted != 0;
    finished.output = read_all(output);
    ::close(output);
    return finished;
  } catch (...) {
    ::close(output);
    throw;
  }
}

void become(const fs::path& program, const std::vector<std::string>& arguments, const fs::path& directory) {
  std::error_code error;
  fs::current_path(directory, error);
  if (error) throw process_error("Cannot enter the directory " + directory.string(), error.value());
  std::vector<std::string> all = {program.string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  ::execv(program.c_str(), argument_pointers(all).data());
  throw process_error("Cannot run " + program.string(), errno);
}

fs::path find_on_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    fs::path candidate = fs::path(rest.substr(0, end)) / program;
    std::error_code error;
    if (!fs::is_directory(candidate, error) && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return {};
}

fs::path own_file(const std::string& name) {
  std::error_code error;
  fs::path file = fs::read_symlink("/proc/self/exe", error);
  if (!error) return file;
  // Without /proc: find it as the shell did that started it.
  file = name.find('/') == name.npos ? find_on_path(name) : fs::path(name);
  const fs::path whole = fs::canonical(file, error);
  return error ? file : whole;
}

}  // namespace whimbrel::cli
