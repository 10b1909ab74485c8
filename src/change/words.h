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

/// What can happen to the values of a column whose type changes.
using FindRisk = std::function<dialect::ConversionRisk(const operation::AlterColumn&)>;

/// What a person should know before the operations run, the renames among them first. `before` is the schema after the
/// renames. What the database does not look at again says nothing: a constraint that only gets another name, values
/// that another constraint keeps apart already, columns that are new and hold nothing.
[[nodiscard]] Words words_of(const dialect::Dialect& dialect, const std::vector<operation::Operation>& operations,
                             const model::Schema& before, const FindRisk& find_risk = {});

}  // namespace whimbrel::run
