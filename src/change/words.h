#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dialect/dialect.h"
#include "operation/operation.h"

/// What operations do to the rows that are there.
namespace whimbrel::run {

struct Words {
  std::vector<std::string> losses;  ///< What is lost for ever where there are rows, in words.
  std::vector<std::string> notes;   ///< What can fail or is converted, in words.
};

/// The values of a column that are kept as something else.
struct Conversion {
  model::Name table;
  std::string column;
  dialect::StoredAs before, after;
};

/// What the rows that are there say of what can happen.
struct RowQuestions {
  std::function<dialect::ConversionRisk(const Conversion&)> risk{};
  std::function<bool(const operation::AlterColumn&)> holds_null{};
};

/// What a person should know before the operations run, the renames among them first. `before` is the schema after the
/// renames. What the database does not look at again says nothing: a constraint that only gets another name, values
/// that another constraint keeps apart already, columns that are new and hold nothing. Without rows that can be asked,
/// what can happen to some does.
[[nodiscard]] Words words_of(const dialect::Dialect& dialect, const std::vector<operation::Operation>& operations,
                             const model::Schema& before, const RowQuestions& rows = {});

}  // namespace whimbrel::run
