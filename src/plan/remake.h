#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

/// What happens to something that others use.
enum class Change {
  type,       ///< A column gets another type or collation.
  values,     ///< An enum, or the enum of a column, is made anew with other values.
  made_anew,  ///< It is dropped and made again.
};

enum class DependentKind {
  foreign_key,
  unique,
  check,
  exclusion,
  index,
  trigger,
  default_value,
  computed,
  view,
  object
};

/// What uses it.
struct Dependent {
  DependentKind kind;
  bool has_expression = true;      ///< Of an index: is it over more than columns?
  std::string_view object_kind{};  ///< Of an object.
};

/// What a database demands.
class RemakeRules {
 public:
  virtual ~RemakeRules() = default;
  /// Must the dependent be dropped before the change, and made again after it?
  [[nodiscard]] virtual bool must_remake(const Dependent& dependent, Change change) const = 0;
  /// Is the enum made anew, and not changed in place?
  [[nodiscard]] virtual bool is_made_anew(const operation::AlterEnum& op) const = 0;
  /// Can such an object be dropped and made again without a loss?
  [[nodiscard]] virtual bool can_remake(const model::Object& object) const = 0;
};

/// Adds what must be dropped and made again, though it is the same in both schemas, because it depends on what the
/// operations change; and what depends on that. They lead from one schema to the other, and are yet to be ordered.
/// Throws Error (unsafe) for what uses something that is dropped, and stays; and for what cannot be made again.
void add_remakes(std::vector<operation::Operation>& operations, const model::Schema& from, const model::Schema& to,
                 const RemakeRules& rules);

}  // namespace whimbrel::plan
