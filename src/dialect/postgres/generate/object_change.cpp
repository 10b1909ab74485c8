#include "dialect/postgres/generate/object_change.h"

#include <algorithm>
#include <string_view>

#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/generate/sequence.h"
#include "dialect/postgres/generate/type_change.h"

namespace whimbrel::dialect::postgres {

namespace {

constexpr std::string_view create = "CREATE ";

/// What was stored with a call of a routine must also fit the new one.
bool is_alterable(const std::optional<model::Alteration>& before, const std::optional<model::Alteration>& after) {
  return before && after && before->fixed == after->fixed && before->defaults <= after->defaults;
}

bool is_same_column(const model::Column& before, const model::Column& after) {
  return before.name == after.name && before.type == after.type && before.collation == after.collation;
}

}  // namespace

bool is_replaced(const operation::AlterObject& op) {
  if (op.after.kind == sequence_kind || op.after.kind == ownership_kind || is_property(op.after)) return true;
  return can_change_in_place(op.before, op.after) ||
         is_alterable(op.before.alteration.value, op.after.alteration.value);
}

bool is_replaceable(const model::View& before, const model::View& after) {
  const std::vector<model::Column>& columns = before.columns.value;
  const std::vector<model::Column>& later = after.columns.value;
  return !before.materialized && !after.materialized && after.definition.starts_with(create) && !columns.empty() &&
         columns.size() <= later.size() && std::equal(columns.begin(), columns.end(), later.begin(), is_same_column);
}

std::string replacement(const model::View& view) {
  return "CREATE OR REPLACE " + view.definition.substr(create.size());
}

}  // namespace whimbrel::dialect::postgres
