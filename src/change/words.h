#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "operation/operation.h"

/// The effects of operations on existing rows.
namespace whimbrel::change {

struct Words {
  std::vector<std::string> losses;  ///< Data loss if there are rows, as display text.
  std::vector<std::string> notes;   ///< Possible failures and conversions, as display text.
};

/// A conversion of a column's values.
struct Conversion {
  model::Name table;
  std::string column;
  dialect::StoredAs before, after;
};

/// Facts about existing rows that limit what can happen.
struct RowQuestions {
  std::function<dialect::ConversionRisk(const Conversion&)> risk{};
  std::function<bool(const operation::AlterColumn&)> holds_null{};
};

/// Returns the effects of the operations, renames first. `before` is the schema after the renames. Changes that the
/// database does not check against rows have no effects: a renamed constraint, values that another constraint already
/// keeps distinct, new columns without values. Without facts about existing rows, anything that can happen is reported.
[[nodiscard]] Words words_of(const dialect::Dialect& dialect, const std::vector<operation::Operation>& operations,
                             const model::Schema& before, const RowQuestions& rows = {});

/// Marks the tables whose rows are copied in a plan although operations drop the tables. `planned`: its operations.
void mark_kept_tables(std::vector<operation::Operation>& operations, const std::vector<operation::Operation>& planned);

}  // namespace whimbrel::change
