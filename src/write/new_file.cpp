#include "write/new_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "whimbrel/error.h"

namespace whimbrel::write {

namespace {

namespace fs = std::filesystem;

std::string remedy(int code) {
  switch (code) {
    case ENOSPC:
    case EDQUOT:
      return "Free disk space and run the command again.";
    case EFBIG:
      return "Raise the file size limit (ulimit -f) and run the command again.";
    case EACCES:
    case EPERM:
    case EROFS:
      return "Make the directory writable, or choose another one.";
    case EEXIST:
      return "Move the existing file, or choose another name.";
    case ENOTDIR:
      return "A part of the path is a file: move it, or choose another directory.";
    default:
      return "Choose a directory that is writable.";
  }
}

Error file_error(const std::string& doing, const fs::path& path, int code) {
  return Error(ErrorKind::file,
               "Cannot " + doing + ' ' + path.string() + ": " + std::generic_category().message(code) + '.')
      .with_remedy(remedy(code));
}

// A temporary file next to the final one, so that renaming it never copies. Its name does not end in .cpp, so that a
// build that runs now does not compile it.
class TemporaryFile {
 public:
  explicit TemporaryFile(const fs::path& final_path)
      : path_(final_path.parent_path() /
              ('.' + final_path.filename().string() + '.' + std::to_string(::getpid()) + ".tmp")) {
    descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (descriptor_ < 0) throw file_error("write", final_path, errno);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(path_.c_str());
  }

  void write(std::string_view text, const fs::path& final_path) {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) throw file_error("write", final_path, errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(descriptor_) != 0) throw file_error("write", final_path, errno);
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) throw file_error("write", final_path, errno);
  }

  void rename(const fs::path& final_path) {
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, final_path.c_str(), RENAME_NOREPLACE) == 0) {
      renamed_ = true;
      return;
    }
    // Not every file system can rename without replacing; those that cannot support hard links.
    const bool unsupported = errno == EINVAL || errno == ENOSYS;
    if (!unsupported || ::link(path_.c_str(), final_path.c_str()) != 0) {
      throw file_error("write", final_path, errno);
    }
  }

 private:
  fs::path path_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

// The name of a new file is on the disk only after its directory has been synced.
void synchronize_directory(const fs::path& directory) {
  const int descriptor = ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

void remove_empty(const std::vector<fs::path>& directories) {
  for (const fs::path& directory : directories) ::rmdir(directory.c_str());
}

}  // namespace

NewDirectory::NewDirectory(const fs::path& path) {
  std::error_code error;
  std::vector<fs::path> missing;
  fs::path ancestor = path.lexically_normal();
  if (!ancestor.has_filename()) ancestor = ancestor.parent_path();
  while (!ancestor.empty() && fs::status(ancestor, error).type() == fs::file_type::not_found) {
    missing.push_back(ancestor);
    ancestor = ancestor.parent_path();
  }
  fs::create_directories(path, error);
  if (error) {
    remove_empty(missing);
    throw file_error("create the directory", path, error.value());
  }
  made_ = std::move(missing);
}

NewDirectory::~NewDirectory() { remove_empty(made_); }

void write_new_file(const fs::path& path, std::string_view text) {
  TemporaryFile file(path);
  file.write(text, path);
  file.rename(path);
  synchronize_directory(path.parent_path());
}

NewFiles::~NewFiles() {
  std::error_code error;
  for (const fs::path& path : paths_) fs::remove(path, error);
}

void NewFiles::write(const fs::path& path, std::string_view text) {
  write_new_file(path, text);
  paths_.push_back(path);
}

RemovedFiles::~RemovedFiles() {
  std::error_code error;
  for (const Moved& moved : moved_) fs::rename(moved.to, moved.from, error);
}

// Moves the file to a name next to it that a build does not compile.
void RemovedFiles::remove(const fs::path& path) {
  const fs::path other =
      path.parent_path() / ('.' + path.filename().string() + '.' + std::to_string(::getpid()) + ".old");
  std::error_code error;
  fs::rename(path, other, error);
  if (error) throw file_error("remove", path, error.value());
  moved_.push_back({path, other});
}

void RemovedFiles::keep() {
  std::error_code error;
  for (const Moved& moved : moved_) fs::remove(moved.to, error);
  moved_.clear();
}

DirectoryLock::DirectoryLock(const fs::path& directory)
    : descriptor_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw file_error("read the directory", directory, errno);
  while (::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

DirectoryLock::~DirectoryLock() { ::close(descriptor_); }

}  // namespace whimbrel::write
