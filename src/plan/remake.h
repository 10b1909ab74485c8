#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

/// The change to an item that others use.
enum class Change {
  type,       ///< The type or collation of a column changes.
  size,       ///< The same, but expressions over it are written as before.
  values,     ///< An enum, or the enum of a column, is recreated with other values.
  made_anew,  ///< It is dropped and recreated as part of the change.
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

/// An item that uses a changed one.
struct Dependent {
  DependentKind kind;
  bool has_expression = true;      ///< For an index: if true, it contains more than columns.
  std::string_view object_kind{};  ///< For an object: its kind.
};

/// The requirements of a database.
class RemakeRules {
 public:
  virtual ~RemakeRules() = default;
  /// Returns whether the dependent must be dropped before the change and recreated after it.
  [[nodiscard]] virtual bool must_remake(const Dependent& dependent, Change change) const = 0;
  /// Returns whether the enum is recreated instead of changed in place.
  [[nodiscard]] virtual bool is_made_anew(const operation::AlterEnum& op) const = 0;
  /// Returns whether the database drops the object together with what it uses, instead of refusing to.
  [[nodiscard]] virtual bool is_dropped_along(const model::Object& object) const = 0;
  /// Returns whether values keep their text if the change recreates the object, which may be their type.
  [[nodiscard]] virtual bool keeps_texts(const operation::AlterObject& op) const = 0;
  /// Returns whether expressions over a column are written in the same way for both types.
  [[nodiscard]] virtual bool keeps_expressions(const model::Type& before, const model::Type& after) const = 0;
  /// Returns a type for the text of any value.
  [[nodiscard]] virtual model::Type text_type() const = 0;
};

/// Adds operations that drop and recreate everything that is the same in both schemas but depends on what the
/// operations change, directly or indirectly. The operations lead from one schema to the other, and are not sorted yet.
/// Throws Error (unsafe) if something that stays uses something that is dropped.
void add_remakes(std::vector<operation::Operation>& operations, const model::Schema& from, const model::Schema& to,
                 const RemakeRules& rules);

}  // namespace whimbrel::plan
