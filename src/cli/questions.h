#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "diff/diff.h"

namespace whimbrel::cli {

/// All that a person is asked. An answer is missing where nobody can be asked, or where nobody answers.
class Questions {
 public:
  virtual ~Questions() = default;
  [[nodiscard]] virtual std::optional<bool> is_rename(const diff::RenameCandidate& candidate) = 0;
  [[nodiscard]] virtual std::optional<bool> is_rename(const diff::TableRenameCandidate& candidate) = 0;
  /// May the table go, with all its rows?
  [[nodiscard]] virtual std::optional<bool> is_dropped(const model::Name& table) = 0;
  /// SQL for the rows that are there.
  [[nodiscard]] virtual std::optional<std::string> fill(const diff::MissingFill& missing) = 0;
  /// Only the word `yes` is one.
  [[nodiscard]] virtual std::optional<bool> confirm(const std::string& question) = 0;
};

/// Asks on a terminal: writes the question and reads lines; nothing when there is no line.
using ReadLine = std::function<std::optional<std::string>()>;
[[nodiscard]] std::unique_ptr<Questions> ask_on(std::ostream& terminal, ReadLine read_line);

/// Asks nobody.
[[nodiscard]] std::unique_ptr<Questions> ask_nobody();

/// On a terminal if there is a person at it.
[[nodiscard]] std::unique_ptr<Questions> ask_if_interactive();

}  // namespace whimbrel::cli
