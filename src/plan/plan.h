#pragma once

#include <vector>

#include "operation/operation.h"

/// Puts operations into an order that a database can execute.
namespace whimbrel::plan {

enum class Direction { up, down };

/// What a plan asks of a dialect.
class Rewriter {
 public:
  virtual ~Rewriter() = default;
  /// Replaces what the database cannot do in place by operations that it can do. `operations` are in order and lead
  /// from `before` to `after`; so must the result.
  [[nodiscard]] virtual std::vector<operation::Operation> rewrite(std::vector<operation::Operation> operations,
                                                                  const model::Schema& before,
                                                                  const model::Schema& after,
                                                                  Direction direction) const = 0;
};

/// The operations in dependency order: what refers is dropped before and made after what it refers to; ties stay in the
/// order given.
[[nodiscard]] std::vector<operation::Operation> order(std::vector<operation::Operation> operations);

struct Plan {
  std::vector<operation::Operation> up;
  std::vector<operation::Operation> down;
};

/// Both ways: `down` is the plan of the reverses.
[[nodiscard]] Plan plan(const std::vector<operation::Operation>& operations, const model::Schema& before,
                        const model::Schema& after, const Rewriter& rewriter);

}  // namespace whimbrel::plan
