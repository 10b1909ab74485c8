#pragma once

#include <optional>
#include <string>
#include <vector>

#include "whimbrel/entity_options.h"

struct sqlite3;

/// The kinds of defaults that a column can have.
namespace option_rows {

/// A value of C++, or SQL; neither is no default.
struct Default {
  whimbrel::DefaultValue value{};
  const char* expression = nullptr;
};

using Defaults = std::vector<Default>;

/// For messages.
[[nodiscard]] std::string to_string(const Default& a_default);

// In an order in which no two neighbours are the same value, nor the last and the first.

[[nodiscard]] Defaults number_defaults();
[[nodiscard]] Defaults text_defaults();
/// SQL that SQLite takes as the default of a column of any type.
[[nodiscard]] Defaults sql_defaults();
// One of each kind of these.

[[nodiscard]] Defaults some_values();
[[nodiscard]] Defaults some_sql();

/// What a column that is declared so in SQL makes of a default. SQLite itself says it: of a value that is bound, not
/// written into a statement.
class Oracle {
 public:
  Oracle(const std::string& declaration, bool strict);
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  /// The type and the value; nothing if the column refuses it.
  [[nodiscard]] std::optional<std::string> value(const Default& a_default);

 private:
  sqlite3* handle_ = nullptr;
  bool has_names_;  ///< The column is an enum's.
};

}  // namespace option_rows
