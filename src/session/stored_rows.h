#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "whimbrel/error.h"
#include "whimbrel/query_runner.h"

namespace whimbrel::session {

/// Rows in a form that can be stored. Of many rows it has only the hash.
class StoredRows {
 public:
  void add(const std::vector<std::string>& columns, const std::vector<Value>& values);
  [[nodiscard]] std::string text() const;

 private:
  std::string text_{};
  bool is_cut_ = false;
};

/// Returns the text of StoredRows.
[[nodiscard]] std::string to_stored(const Rows::Data& rows);
/// Returns the rows; nullopt if the text does not have them.
[[nodiscard]] std::optional<Rows::Data> read_rows(std::string_view stored);

/// Returns the text of the error of a statement.
[[nodiscard]] std::string to_stored(const Error& error);
/// Throws the error that the text has, if it has one.
void throw_stored_error(std::string_view stored);

}  // namespace whimbrel::session
