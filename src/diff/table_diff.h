#pragma once

#include <map>
#include <set>

#include "diff/diff.h"
#include "diff/match.h"
#include "diff/part_names.h"
#include "diff/table_index.h"

namespace whimbrel::diff {

/// The context of a table's diff.
struct Context {
  const model::Schema& current;
  const TableIndex& current_tables;
  const Matcher& match;
  const Answers& answers;
  const Ownership& ownership;
  Difference& result;
  const std::map<model::Name, const model::Table*>& created;  ///< Created by migrations, by folded names.
  const std::set<model::Name>& renamed;                       ///< The tables that are renamed, or one of their columns.
  const PartNames& desired_names;
  const std::set<model::Name>& unmanaged;  ///< The folded names of Ownership::unmanaged_tables.
};

/// Adds the operations from `current` to `desired` to the result, and returns the table after them.
[[nodiscard]] model::Table diff_table(const Context& context, const model::Table& current, const model::Table& desired);

}  // namespace whimbrel::diff
