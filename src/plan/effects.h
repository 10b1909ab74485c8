#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"

namespace whimbrel::plan {

/// The kind of an item that stands for all functions of a name, whatever their arguments.
inline constexpr std::string_view any_overload = "any overload";

/// An item of a schema, like model::Reference; its texts belong to the operation or to its Effects. Names of indexes,
/// and of constraints with an index, are among those of tables, or have the kind `index`. Additional kinds: `key`,
/// whose columns a foreign key may reference; `schema`; `routine`, a function or procedure with these arguments;
/// `columns`, for an item that may use any column of a table; `parts`, its keys, constraints and indexes; `parent`,
/// that it inherits from another.
struct Item {
  std::string_view schema, name, column, kind;
  bool operator==(const Item&) const = default;
};

/// The effects of an operation on the items of a schema. A table stands for everything in it.
struct Effects {
  std::vector<Item> makes;    ///< Exist only after it.
  std::vector<Item> drops;    ///< Exist only before it.
  std::vector<Item> changes;  ///< Exist before and after it.
  std::vector<Item> needs;    ///< The uses of the items that it creates or changes.
  std::vector<Item> frees;    ///< Former uses of the items that it drops or changes.
  std::vector<Item> leaves;   ///< Those of them that are types of columns, which keep their values.

  std::deque<std::string> texts{};  ///< Texts that the operation does not own.
};

/// The operation must outlive its effects, at the same address.
[[nodiscard]] Effects effects_of(const operation::Operation& operation, IndexNames names = IndexNames::of_schema);

}  // namespace whimbrel::plan
