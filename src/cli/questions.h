#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "diff/diff.h"

namespace whimbrel::cli {

/// All questions to a user. There is no answer without a terminal, or if the user gives none.
class Questions {
 public:
  virtual ~Questions() = default;
  /// Returns whether there is a user to ask.
  [[nodiscard]] virtual bool has_user() const = 0;
  [[nodiscard]] virtual std::optional<bool> is_rename(const diff::RenameCandidate& candidate) = 0;
  [[nodiscard]] virtual std::optional<bool> is_rename(const diff::TableRenameCandidate& candidate) = 0;
  /// Asks whether the table may be dropped, with all its rows.
  [[nodiscard]] virtual std::optional<bool> is_dropped(const model::Name& table) = 0;
  /// Asks for the SQL expression that backfills existing rows.
  [[nodiscard]] virtual std::optional<std::string> backfill(const diff::MissingBackfill& missing) = 0;
  /// Asks for confirmation: only the word `yes` confirms.
  [[nodiscard]] virtual std::optional<bool> confirm(const std::string& question) = 0;
};

/// Asks on a terminal: writes the question and reads a line; nullopt at the end of the input.
using ReadLine = std::function<std::optional<std::string>()>;
[[nodiscard]] std::unique_ptr<Questions> ask_on(std::ostream& terminal, ReadLine read_line);

/// Never asks.
[[nodiscard]] std::unique_ptr<Questions> ask_nobody();

/// Asks on the terminal if there is one.
[[nodiscard]] std::unique_ptr<Questions> ask_if_interactive();

}  // namespace whimbrel::cli
