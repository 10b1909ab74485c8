#include "dialect/postgres/rewrite/replica_identity.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using namespace operation;
using Options = std::map<std::string, std::string>;

constexpr const char* identity_option = "REPLICA IDENTITY";

/// Returns the name of the index that the operation creates; empty: none.
std::string created_index(const Operation& operation) {
  if (const auto* op = std::get_if<CreateIndex>(&operation)) return constraint_name(op->table, op->index);
  if (const auto* op = std::get_if<AddUnique>(&operation)) return constraint_name(op->table, op->unique);
  const auto* const op = std::get_if<AlterPrimaryKey>(&operation);
  return op == nullptr || !op->after ? "" : constraint_name(op->table, *op->after);
}

bool names_index(const Options& options) {
  const auto identity = options.find(identity_option);
  return identity != options.end() && identity->second.starts_with("USING INDEX ");
}

AlterTable setting(const model::Name& table, const Options& options, const std::string& comment) {
  AlterTable op{table, options, options, comment, comment, {}, {}};
  op.options_before.erase(identity_option);
  return op;
}

/// Takes the setting out of the operation, if it has one that names an index.
std::optional<AlterTable> take_setting(Operation& operation) {
  if (auto* const made = std::get_if<CreateTable>(&operation)) {
    model::Table& table = made->table;
    if (!names_index(table.options)) return std::nullopt;
    AlterTable op = setting(table.name, table.options, table.comment);
    table.options.erase(identity_option);
    return op;
  }
  auto* const altered = std::get_if<AlterTable>(&operation);
  if (altered == nullptr || !names_index(altered->options_after)) return std::nullopt;
  const auto before = altered->options_before.find(identity_option);
  std::string& after = altered->options_after.at(identity_option);
  if (before != altered->options_before.end() && before->second == after) return std::nullopt;
  AlterTable op = setting(altered->table, altered->options_after, altered->comment_after);
  op.inherits_before = op.inherits_after = altered->inherits_after;
  if (before == altered->options_before.end()) {
    altered->options_after.erase(identity_option);
  } else {
    op.options_before[identity_option] = after = before->second;
  }
  return op;
}

bool changes_nothing(const Operation& operation) {
  const auto* const op = std::get_if<AlterTable>(&operation);
  return op != nullptr && op->options_before == op->options_after && op->comment_before == op->comment_after &&
         op->inherits_before == op->inherits_after;
}

/// Returns the setting that is lost with an index that is recreated.
std::optional<AlterTable> lost_setting(const Operation& operation, const model::Schema& from, const model::Schema& to) {
  const std::string index = created_index(operation);
  const model::Table* const before = index.empty() ? nullptr : from.find_table(target_name(operation));
  const model::Table* const after = before == nullptr ? nullptr : to.find_table(target_name(operation));
  if (after == nullptr || !names_index(before->options) || !names_index(after->options)) return std::nullopt;
  const std::string& identity = after->options.at(identity_option);
  const bool is_it = identity == "USING INDEX " + sql::quote_identifier(index, postgres_syntax);
  if (!is_it || before->options.at(identity_option) != identity) return std::nullopt;
  return setting(after->name, after->options, after->comment);
}

}  // namespace

void set_replica_identity_last(std::vector<Operation>& operations, const model::Schema& from, const model::Schema& to) {
  std::vector<Operation> moved;
  for (Operation& operation : operations) {
    std::optional<AlterTable> op = take_setting(operation);
    if (!op) op = lost_setting(operation, from, to);
    if (op) moved.emplace_back(*std::move(op));
  }
  std::erase_if(operations, changes_nothing);
  for (Operation& operation : moved) operations.push_back(std::move(operation));
}

}  // namespace whimbrel::dialect::postgres
