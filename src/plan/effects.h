#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "operation/operation.h"

namespace whimbrel::plan {

/// Something in a schema, as model::Reference; the texts are the operation's, or its Effects'. Indexes and constraints
/// with an index have their names among those of tables. Besides: a `key`, whose columns another may refer to; a
/// `schema`; the `columns` of a table, one or the other of which something may use.
struct Item {
  std::string_view schema, name, column, kind;
  bool operator==(const Item&) const = default;
};

/// What an operation does to the items of a schema. A table stands for all that is in it.
struct Effects {
  std::vector<Item> makes;    ///< There after it, and not before.
  std::vector<Item> drops;    ///< Gone after it.
  std::vector<Item> changes;  ///< There before and after it.
  std::vector<Item> needs;    ///< What the things that it makes or changes use.
  std::vector<Item> frees;  ///< What the things that it drops used, or what those that it changes do not use any more.

  std::deque<std::string> texts{};  ///< Those that the operation does not have.
};

/// The operation must live, and stay where it is, as long as its effects.
[[nodiscard]] Effects effects_of(const operation::Operation& operation);

}  // namespace whimbrel::plan
