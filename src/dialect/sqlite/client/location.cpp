#include "dialect/sqlite/client/location.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "dialect/url.h"
#include "sql/lexer.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::sqlite {

namespace {

constexpr std::string_view scheme = "sqlite:";

Error refuse(std::string_view url, const std::string& why) {
  return Error(ErrorKind::usage, "The database URL \"" + without_password(url) + "\" " + why + '.');
}

// sqlite:///absolute/path: text between the second and the third slash would be a host.
std::string absolute_path(std::string_view url, std::string_view rest) {
  if (rest.empty()) return {};
  if (rest.front() == '/') {
    std::optional<std::string> path = percent_decoded(rest);
    if (path) return std::move(*path);
    throw refuse(url, "has a % that is not followed by two hexadecimal digits")
        .with_remedy("Write %25 for a percent sign, or use the form sqlite:path, which is not percent-decoded.");
  }
  throw refuse(url, "names a host, which SQLite URLs cannot have")
      .with_remedy("Write sqlite:" + std::string(rest) + " for a path relative to the working directory, sqlite:///" +
                   std::string(rest) + " for an absolute one.");
}

}  // namespace

std::string database_path(std::string_view url) {
  if (!sql::equal_ignoring_case(url.substr(0, scheme.size()), scheme)) {
    throw refuse(url, "is not an SQLite URL").with_remedy("Use the form sqlite:path.");
  }
  std::string_view rest = url.substr(scheme.size());
  if (const auto question = rest.find('?'); question != std::string_view::npos) {
    const std::string_view option = rest.substr(question + 1);
    throw refuse(url, "has the option \"" + std::string(option.substr(0, option.find('='))) + "\", which is unknown")
        .with_remedy("SQLite URLs have no options. For a question mark in a path, write sqlite:///path with %3F.");
  }
  const bool has_authority = rest.substr(0, 2) == "//";
  std::string path = has_authority ? absolute_path(url, rest.substr(2)) : std::string(rest);
  if (path.empty()) {
    throw refuse(url, "names no file").with_remedy("Write sqlite:path, or sqlite::memory: for a database in memory.");
  }
  if (path.find('\0') != std::string::npos) throw refuse(url, "contains a NUL character in its path");
  return path;
}

std::optional<Obstacle> find_obstacle(const std::string& file) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path path(file);
  if (fs::is_directory(path, ignored)) return Obstacle{"it is a directory", "Name a file in the URL."};
  const fs::path directory = path.parent_path();
  if (!directory.empty() && !fs::is_directory(directory, ignored)) {
    return Obstacle{"there is no directory \"" + directory.string() + '"', "Check the path, or create the directory."};
  }
  return std::nullopt;
}

int system_code(int reported, const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 && errno != ENOENT) return errno;
  if (reported != ENOENT) return reported;
  const std::filesystem::path directory = std::filesystem::path(file).parent_path();
  const bool is_writable = ::faccessat(AT_FDCWD, directory.empty() ? "." : directory.c_str(), W_OK, AT_EACCESS) == 0;
  return is_writable ? reported : errno;
}

bool is_absent(const std::string& file) {
  std::error_code ignored;
  return !std::filesystem::exists(file, ignored) && !find_obstacle(file);
}

void require_present(const std::string& file) {
  if (!is_absent(file)) return;
  throw Error(ErrorKind::connection, "The SQLite database \"" + file + "\" does not exist.")
      .with_remedy("Check the path; it is relative to the working directory.");
}

}  // namespace whimbrel::dialect::sqlite
