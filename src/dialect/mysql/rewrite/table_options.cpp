#include "dialect/mysql/rewrite/table_options.h"

#include <map>
#include <string>

#include "dialect/mysql/generate/table_options.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

using namespace operation;
using Options = std::map<std::string, std::string>;

/// Replaces an option by that of the others.
void take_option(Options& options, const Options& others, const char* name) {
  options.erase(name);
  const auto found = others.find(name);
  if (found != others.end()) options.insert(*found);
}

[[noreturn]] void refuse_loss(const AlterTable& op, const std::string& what, const std::string& remedy) {
  throw Error(ErrorKind::unsafe,
              "Changing " + what + " of table \"" + to_string(op.table) + "\" would delete the history of its rows.")
      .with_remedy(remedy);
}

}  // namespace

// REMOVE PARTITIONING comes first: what follows need not fit the partitions.
void split_late_options(std::vector<Operation>& operations) {
  std::vector<Operation> late;
  for (Operation& operation : operations) {
    auto* const op = std::get_if<AlterTable>(&operation);
    if (op == nullptr) continue;
    Options between = op->options_after;
    for (const char* const name : {versioning_option, period_option}) take_option(between, op->options_before, name);
    if (op->options_after.contains(partitions_option)) take_option(between, op->options_before, partitions_option);
    if (between == op->options_after) continue;
    AlterTable last = *op;
    last.options_before = between;
    last.comment_before = op->comment_after;
    last.inherits_before = op->inherits_after;
    op->options_after = std::move(between);
    if (op->options_before == op->options_after && op->comment_before == op->comment_after) {
      operation = std::move(last);
    } else {
      late.emplace_back(std::move(last));
    }
  }
  for (Operation& operation : late) operations.push_back(std::move(operation));
}

void refuse_loss_of_history(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto* const op = std::get_if<AlterTable>(&operation);
    if (op == nullptr || !op->options_before.contains(versioning_option)) continue;
    if (!op->options_after.contains(versioning_option)) {
      refuse_loss(*op, "the system versioning",
                  "Write a migration with ALTER TABLE ... DROP SYSTEM VERSIONING (`newmigration`).");
    }
    const auto before = op->options_before.find(period_option);
    const auto after = op->options_after.find(period_option);
    const bool has_before = before != op->options_before.end();
    const bool has_after = after != op->options_after.end();
    if (has_before != has_after || (has_before && before->second != after->second)) {
      refuse_loss(*op, "the period", "Write a migration that changes it (`newmigration`).");
    }
  }
}

}  // namespace whimbrel::dialect::mysql
