#pragma once

#include "diff/table_diff.h"

namespace whimbrel::diff {

/// A current table, the desired one, and the table after the operations so far.
struct ComparedTable {
  ComparedTable(const Context& its_context, const model::Table& from, const model::Table& to)
      : context(its_context), current(from), desired(to), target(from) {}

  /// Returns whether two databases are compared: then everything missing from the desired one does not exist.
  [[nodiscard]] bool strict() const { return context.ownership.everything; }

  void add(operation::Operation op) {
    using namespace operation;
    const bool keeps_statement = std::holds_alternative<CreateIndex>(op) || std::holds_alternative<DropIndex>(op) ||
                                 std::holds_alternative<CreateTrigger>(op) || std::holds_alternative<DropTrigger>(op);
    if (!keeps_statement) changed = true;
    context.result.operations.push_back(std::move(op));
  }

  const Context& context;
  const model::Table& current;
  const model::Table& desired;
  model::Table target;
  bool changed = false;  ///< If true, the statement that creates the current table does not create the target.
};

}  // namespace whimbrel::diff
