#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "operation/operation.h"

/// What keeps a change of a column from replacing values by others.
namespace whimbrel::dialect::mysql {

/// What is true for all rows while the column changes.
struct ValueGuard {
  std::string name;
  std::string condition;
};

/// Returns a name for what exists only while a table changes. An error of the server shows it.
/// `taken`: the names that it cannot be, in lines.
[[nodiscard]] std::string passing_name(std::string_view beginning, const std::string& column, const std::string& taken);

/// Returns the names in the schema that a passing_name() could be, in lines.
[[nodiscard]] std::string names_like_passing(const model::Schema& schema);

/// Returns whether the value of the enum is neither kept nor renamed. One whose name a renamed value gets is not kept.
[[nodiscard]] bool is_removed(const operation::AlterColumn& op, const std::string& value);

/// Returns nullopt if the server replaces no value. It replaces NULL in a timestamp or a counting column. It takes a
/// text that is not in an enum or a set for one that is, if they are equal in its collation but for spaces at the end,
/// or for the position of one, if it consists of digits.
[[nodiscard]] std::optional<ValueGuard> value_guard(const operation::AlterColumn& op, const std::string& taken_names);

/// Returns whether the server takes a number for the position of a value, or gives that of the value.
[[nodiscard]] bool takes_positions(const operation::AlterColumn& op);

/// The guard while the column holds the positions of the values of its enum.
[[nodiscard]] ValueGuard has_position(const operation::AlterColumn& op, const std::string& taken_names);

}  // namespace whimbrel::dialect::mysql
