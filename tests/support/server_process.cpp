#include "support/server_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

extern char** environ;

namespace whimbrel::test {

namespace {

// Closed in programs that the tests start, so that none of them keeps the server alive.
struct Pipe {
  int ends[2] = {-1, -1};
  Pipe() {
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
  }
};

int spawn(const std::vector<std::string>& arguments, int input, int output) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t process = -1;
  const int code = posix_spawnp(&process, pointers.front(), &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) throw std::runtime_error("cannot start " + arguments.front());
  return process;
}

std::string read_line(int descriptor) {
  std::string line;
  for (char c = 0; read(descriptor, &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

}  // namespace

ServerProcess::ServerProcess(const std::vector<std::string>& command) {
  const Pipe input;
  const Pipe output;
  process_ = spawn(command, input.ends[0], output.ends[1]);
  close(input.ends[0]);
  close(output.ends[1]);
  input_ = input.ends[1];
  line_ = read_line(output.ends[0]);
  close(output.ends[0]);
}

ServerProcess::~ServerProcess() { stop(); }

void ServerProcess::stop() {
  if (process_ < 0) return;
  close(input_);
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = -1;
}

}  // namespace whimbrel::test
