#pragma once

#include <string>
#include <vector>

#include "operation/operation.h"

/// Puts operations into an order that a database can execute.
namespace whimbrel::plan {

struct Plan {
  std::vector<operation::Operation> up;
  std::vector<operation::Operation> down;
  std::vector<std::string> notes{};  ///< What a person should know of what `up` does besides the difference, in words.
  std::vector<std::string> down_notes{};  ///< The same of `down`.
};

/// What a plan asks of a dialect.
class Rewriter {
 public:
  virtual ~Rewriter() = default;
  /// Replaces what the database cannot do in place by operations that it can do. `plan.up` is in order and leads from
  /// `before` to `after`, `plan.down` back; so must the result.
  [[nodiscard]] virtual Plan rewrite(Plan plan, const model::Schema& before, const model::Schema& after) const = 0;
};

/// The operations in dependency order: what refers is dropped before and made after what it refers to; ties stay in the
/// order given.
[[nodiscard]] std::vector<operation::Operation> order(std::vector<operation::Operation> operations);

/// What one migration does.
struct Part {
  Plan plan;
  bool in_transaction = true;
};

/// The plan in parts that run one after the other: first what a transaction can hold, then each index that is made
/// concurrently. A part that would do nothing is left out.
[[nodiscard]] std::vector<Part> split(const Plan& plan);
/// The plan for one transaction: no index is made concurrently.
[[nodiscard]] Plan in_one_transaction(Plan plan);

/// Both ways: `down` is the plan of the reverses. The renames come first and lead to `before`, from which the
/// operations lead to `after`.
[[nodiscard]] Plan plan(const std::vector<operation::Operation>& renames,
                        const std::vector<operation::Operation>& operations, const model::Schema& before,
                        const model::Schema& after, const Rewriter& rewriter);

}  // namespace whimbrel::plan
