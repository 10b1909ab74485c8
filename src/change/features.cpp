#include "change/features.h"

#include "entity/feature.h"
#include "operation/describe.h"
#include "whimbrel/error.h"

namespace whimbrel::change {

namespace {

using namespace operation;
using model::Column;
using model::Feature;

class FeatureCheck {
 public:
  explicit FeatureCheck(const dialect::Dialect& dialect) : dialect_(dialect) {}

  void operator()(const CreateTable& op) const {
    for (const Column& column : op.table.columns) require_default(op.table.name, column);
  }
  void operator()(const AddColumn& op) const { require_default(op.table, op.column); }
  void operator()(const AlterColumn& op) const {
    if (op.before.default_expression != op.after.default_expression) require_default(op.table, op.after);
    if (op.before.computed && !op.after.computed) require(Feature::dropped_expressions, op.table, op.after);
  }
  template <class Other>
  void operator()(const Other&) const {}

 private:
  /// Only of columns of entities: elsewhere the name may be that of another function.
  void require_default(const model::Name& table, const Column& column) const {
    const bool is_of_entity = !column.member.value.empty();
    const bool is_random = column.default_expression && column.default_expression == dialect_.random_uuid();
    if (is_of_entity && is_random) require(Feature::random_uuids, table, column);
  }

  void require(Feature feature, const model::Name& table, const Column& column) const {
    if (!dialect_.since(feature)) return;
    const auto lack = entity::lack(dialect_, feature);
    if (!lack) return;
    throw Error(ErrorKind::entity, "column " + in_quotes(column.name) + " of " + in_quotes(table) + ": " + lack->reason)
        .with_remedy(lack->remedy);
  }

  const dialect::Dialect& dialect_;
};

}  // namespace

void require_features(const dialect::Dialect& dialect, const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) std::visit(FeatureCheck(dialect), operation);
}

}  // namespace whimbrel::change
