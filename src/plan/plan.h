#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "operation/operation.h"
#include "whimbrel/error.h"

/// Puts operations into an order that a database can execute.
namespace whimbrel::plan {

struct Plan {
  std::vector<operation::Operation> up;
  std::vector<operation::Operation> down;
  std::vector<std::string> notes{};             ///< Notes for the user on `up` beyond the difference, as display text.
  std::vector<std::string> down_notes{};        ///< Notes on `down`.
  std::optional<Error> irreversible_because{};  ///< Why the database cannot make the changes of `down`; none: it can.
};

/// The operations that a plan requires from a dialect.
class Rewriter {
 public:
  virtual ~Rewriter() = default;
  /// Replaces operations that the database does not support by others. `plan.up` is ordered and leads from `before` to
  /// `after`, and `plan.down` back; the result must do the same.
  [[nodiscard]] virtual Plan rewrite(Plan plan, const model::Schema& before, const model::Schema& after) const = 0;
};

/// Where the name of an index must be unique.
enum class IndexNames {
  of_schema,  ///< Tables and indexes share their names.
  of_table,
};

/// Sorts the operations so that each runs when what it needs exists, and before what it used is dropped. If nothing
/// known requires an order, dependents are dropped early and created late, and the rest keep their order. Operations in
/// a cycle come last.
[[nodiscard]] std::vector<operation::Operation> order(std::vector<operation::Operation> operations);
/// The same, for execution: cycles are broken by taking parts out of the tables that are created or dropped in them.
/// Throws Error (unsafe) for a cycle that cannot be broken.
[[nodiscard]] std::vector<operation::Operation> order_and_detach(std::vector<operation::Operation> operations,
                                                                 IndexNames names = IndexNames::of_schema);

/// Drops columns whose change the database cannot make in place, and adds them with their new definition.
void recreate_columns(std::vector<operation::Operation>& operations,
                      const std::function<bool(const operation::AlterColumn&)>& must_recreate);

/// Sorts operations by their tables, which keep their order, and those of a table by `place`.
void group_by_table(std::span<operation::Operation> operations,
                    const std::function<int(const operation::Operation&)>& place);

/// Calls a function that throws Error (unsafe) if the database cannot make the changes of `down`.
void check_reversible(Plan& plan, const std::function<void()>& check);

/// The operations of one migration.
struct MigrationPart {
  Plan plan;
  bool in_transaction = true;
};

/// Splits the plan into parts that run one after the other: first everything that can run in a transaction, then each
/// index that is created concurrently. Empty parts are left out.
[[nodiscard]] std::vector<MigrationPart> split(const Plan& plan);
/// Returns the plan for one transaction: no index is created concurrently.
[[nodiscard]] Plan in_one_transaction(Plan plan);

/// Plans both directions: `down` is the plan of the reversed operations. The renames come first and lead to `before`,
/// from which the operations lead to `after`.
[[nodiscard]] Plan plan(const std::vector<operation::Operation>& renames,
                        const std::vector<operation::Operation>& operations, const model::Schema& before,
                        const model::Schema& after, const Rewriter& rewriter);

}  // namespace whimbrel::plan
