#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace whimbrel::write {

/// A directory that is created if it does not exist. If it was created, it is removed again unless keep() is called.
class NewDirectory {
 public:
  /// Throws Error (file).
  explicit NewDirectory(const std::filesystem::path& path);
  NewDirectory(const NewDirectory&) = delete;
  NewDirectory& operator=(const NewDirectory&) = delete;
  ~NewDirectory();
  void keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;
};

/// Writes a file atomically: it appears completely or not at all, and never replaces another.
///
/// Throws Error (file), and then leaves nothing behind.
void write_new_file(const std::filesystem::path& path, std::string_view text);

/// New files, which are removed again unless keep() is called.
class NewFiles {
 public:
  NewFiles() = default;
  NewFiles(const NewFiles&) = delete;
  NewFiles& operator=(const NewFiles&) = delete;
  ~NewFiles();
  /// Like write_new_file().
  void write(const std::filesystem::path& path, std::string_view text);
  void keep() { paths_.clear(); }

 private:
  std::vector<std::filesystem::path> paths_;
};

/// Removed files, which are restored unless keep() is called.
class RemovedFiles {
 public:
  RemovedFiles() = default;
  RemovedFiles(const RemovedFiles&) = delete;
  RemovedFiles& operator=(const RemovedFiles&) = delete;
  ~RemovedFiles();
  /// Throws Error (file).
  void remove(const std::filesystem::path& path);
  void keep();

 private:
  struct Moved {
    std::filesystem::path from, to;
  };
  std::vector<Moved> moved_;
};

/// Locks a directory against other processes that lock it too, if its file system supports this.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::filesystem::path& directory);
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock();

 private:
  int descriptor_;
};

}  // namespace whimbrel::write
