#pragma once

#include <optional>
#include <string>
#include <string_view>

/// The location of a database.
namespace whimbrel::dialect::sqlite {

/// Returns the file of a URL: `sqlite:path` unchanged, `sqlite:///path` percent-decoded; `:memory:` for
/// `sqlite::memory:`.
[[nodiscard]] std::string database_path(std::string_view url);

/// The reason why a file cannot be opened as a database.
struct Obstacle {
  std::string problem;
  std::string remedy;
};

/// Returns the reason that is visible from the path; nullopt if there is none.
[[nodiscard]] std::optional<Obstacle> find_obstacle(const std::string& file);

/// Returns the errno with which the system did not open the file. `reported`, from SQLite, may be that of a second
/// attempt, because SQLite tries to read what it may not write.
[[nodiscard]] int system_code(int reported, const std::string& file);

/// Returns whether the file does not exist, but could be created.
[[nodiscard]] bool is_absent(const std::string& file);

/// Throws Error (connection) if is_absent().
void require_present(const std::string& file);

}  // namespace whimbrel::dialect::sqlite
