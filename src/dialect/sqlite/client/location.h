#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Where a database is.
namespace whimbrel::dialect::sqlite {

/// The file that a URL names: `sqlite:path` as it stands, `sqlite:///path` with its percent signs decoded; `:memory:`
/// for `sqlite::memory:`.
[[nodiscard]] std::string database_path(std::string_view url);

/// Why a file cannot be opened as a database.
struct Obstacle {
  std::string problem;
  std::string remedy;
};

/// What can be seen from outside; nothing if nothing is wrong with the path.
[[nodiscard]] std::optional<Obstacle> find_obstacle(const std::string& file);

/// Why the system did not open the file, as errno says it, where SQLite reports `reported`. That may be the answer to a
/// second attempt: what SQLite may not write it tries to read.
[[nodiscard]] int system_code(int reported, const std::string& file);

/// Is there no such file, where one could be made?
[[nodiscard]] bool is_absent(const std::string& file);

/// Throws Error (connection) if it is absent.
void require_present(const std::string& file);

}  // namespace whimbrel::dialect::sqlite
