#include "dialect/postgres/rewrite/hidden_rows.h"

#include <variant>

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;

bool hides_rows(const model::Schema& schema, const model::Name& name) {
  const model::Table* const table = schema.find_table(name);
  if (table == nullptr) return false;
  const auto security = table->options.find("ROW LEVEL SECURITY");
  return security != table->options.end() && security->second.find("ENABLE") != std::string::npos &&
         security->second.find("FORCE") != std::string::npos;
}

/// Returns what it does by reading rows, as display text; empty: nothing.
std::string search(const Operation& operation) {
  if (const auto* const op = std::get_if<AddColumn>(&operation); op != nullptr && op->backfill) {
    return "backfills column \"" + op->column.name + "\" only in";
  }
  const auto* const op = std::get_if<AlterColumn>(&operation);
  if (op == nullptr) return {};
  if (op->backfill && op->before.nullable && !op->after.nullable)
    return "backfills column \"" + op->after.name + "\" only in";
  const bool counts_anew =
      op->after.auto_increment && (!op->before.auto_increment || op->before.identity != op->after.identity ||
                                   op->before.sequence_options != op->after.sequence_options);
  return counts_anew ? "derives the next value of column \"" + op->after.name + "\" only from" : std::string();
}

}  // namespace

std::vector<std::string> notes_on_hidden_rows(const std::vector<Operation>& operations, const model::Schema& from) {
  std::vector<std::string> notes;
  for (const Operation& operation : operations) {
    const std::string words = search(operation);
    const model::Name& table = target_name(operation);
    if (words.empty() || !hides_rows(from, table)) continue;
    notes.push_back(
        words + " the rows of \"" + to_string(table) +
        "\" that the role may see: row level security is forced on it, and a role without BYPASSRLS may not "
        "see all of them");
  }
  return notes;
}

}  // namespace whimbrel::dialect::postgres
