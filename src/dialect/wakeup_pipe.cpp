#include "dialect/wakeup_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "whimbrel/error.h"

namespace whimbrel::dialect {

WakeupPipe::WakeupPipe() {
  if (pipe(ends_) != 0) {
    throw Error(ErrorKind::connection, std::string("Cannot create a pipe: ") + std::strerror(errno) + '.');
  }
  for (const int end : ends_) {
    fcntl(end, F_SETFD, FD_CLOEXEC);
    fcntl(end, F_SETFL, O_NONBLOCK);
  }
}

WakeupPipe::~WakeupPipe() {
  for (const int end : ends_) close(end);
}

void WakeupPipe::ring() noexcept {
  const int before = errno;
  // A full pipe already wakes the thread.
  [[maybe_unused]] const auto written = write(ends_[1], "!", 1);
  errno = before;
}

void WakeupPipe::hush() noexcept {
  char bytes[64];
  while (read(ends_[0], bytes, sizeof bytes) > 0) {
  }
}

}  // namespace whimbrel::dialect
