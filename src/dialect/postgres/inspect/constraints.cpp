#include "dialect/postgres/inspect/catalog_state.h"
#include "dialect/postgres/text/deparsed_text.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"

namespace whimbrel::dialect::postgres {

namespace {

model::ReferentialAction action(char letter) {
  switch (letter) {
    case 'r':
      return model::ReferentialAction::restrict;
    case 'c':
      return model::ReferentialAction::cascade;
    case 'n':
      return model::ReferentialAction::set_null;
    case 'd':
      return model::ReferentialAction::set_default;
    default:
      return model::ReferentialAction::no_action;
  }
}

std::vector<model::KeyPart> key_parts(const std::vector<std::string>& columns) {
  return {columns.begin(), columns.end()};
}

/// The common part of all constraints.
struct ConstraintRow {
  explicit ConstraintRow(Fields& row)
      : number(row.number()),
        table(row.number()),
        name(row.text()),
        kind(row.letter()),
        columns(row.numbers()),
        index(row.number()),
        is_deferrable(row.flag()),
        is_deferred(row.flag()),
        is_valid(row.flag()),
        has_no_inherit(row.flag()),
        is_inherited(row.flag()),
        expression(row.text()),
        exclusion(row.text()),
        used_by_index(row.numbers()) {}

  [[nodiscard]] model::Deferral deferral() const {
    if (is_deferred) return model::Deferral::initially_deferred;
    return is_deferrable ? model::Deferral::initially_immediate : model::Deferral::not_deferrable;
  }

  std::int64_t number;
  std::int64_t table;
  std::string name;
  char kind;
  std::vector<std::int64_t> columns;
  std::int64_t index;
  bool is_deferrable, is_deferred, is_valid, has_no_inherit;
  bool is_inherited;  ///< It belongs to a parent table.
  std::string expression;
  std::string exclusion;
  std::vector<std::int64_t> used_by_index;
};

model::ForeignKey read_foreign_key(const ConstraintRow& constraint, const PgClass& relation, Fields& row,
                                   CatalogState& state) {
  model::ForeignKey key;
  key.name = constraint.name;
  key.columns = relation.column_names(constraint.columns);
  key.deferral = constraint.deferral();
  key.not_valid = !constraint.is_valid;
  const PgClass* const referenced = state.find(row.number());
  const std::vector<std::int64_t> referenced_columns = row.numbers();
  key.referenced_table.schema = row.text();
  key.referenced_table.name = row.text();
  const std::string names = row.text();  // If the table is in a schema that is not inspected.
  if (referenced != nullptr) {
    key.referenced_columns = referenced->column_names(referenced_columns);
  } else {
    for (const std::string_view name : split_list(names)) {
      for (const sql::Token& token : sql::tokenize(name, postgres_syntax))
        key.referenced_columns.push_back(token.value());
    }
  }
  key.on_update = action(row.letter());
  key.on_delete = action(row.letter());
  if (row.letter() == 'f') key.match = "FULL";
  key.set_columns = relation.column_names(row.numbers());
  return key;
}

void read_constraint(const std::vector<Value>& values, CatalogState& state) {
  Fields row(values);
  const ConstraintRow constraint(row);
  model::Table* const table = state.find_table(constraint.table, constraint.is_inherited);
  if (table == nullptr) return;
  const PgClass& relation = *state.find(constraint.table);
  const model::Index* const index = state.find_constraint_index(constraint.index);
  const std::vector<std::string> included = index == nullptr ? std::vector<std::string>() : index->included;
  std::vector<model::KeyPart> columns = key_parts(relation.column_names(constraint.columns));
  const std::size_t place = constraint.kind == 'u'   ? table->uniques.size()
                            : constraint.kind == 'c' ? table->checks.size()
                                                     : table->exclusions.size();
  if (constraint.kind != 'f') {
    state.parts[{"pg_constraint", constraint.number}] = {constraint.table, constraint.kind, place,
                                                         constraint.is_inherited};
  }
  switch (constraint.kind) {
    case 'p':
      table->primary_key = model::PrimaryKey{constraint.name, std::move(columns), {}, constraint.deferral(), included};
      break;
    case 'u':
      table->uniques.push_back({constraint.name,
                                std::move(columns),
                                {},
                                constraint.deferral(),
                                index != nullptr && index->nulls_not_distinct,
                                included});
      break;
    case 'c':
      table->checks.push_back({constraint.name,
                               without_parentheses(constraint.expression),
                               !constraint.is_valid,
                               constraint.has_no_inherit,
                               {relation.used_columns(constraint.columns)}});
      break;
    case 'x': {
      std::vector<std::int64_t> used = constraint.used_by_index;
      used.insert(used.end(), constraint.columns.begin(), constraint.columns.end());
      table->exclusions.push_back({constraint.name,
                                   exclusion_definition(constraint.exclusion),
                                   constraint.deferral(),
                                   {relation.used_columns(used)}});
      break;
    }
    default:
      table->foreign_keys.push_back(read_foreign_key(constraint, relation, row, state));
  }
}

}  // namespace

void read_constraints(const Catalog& catalog, CatalogState& state) {
  for (const std::vector<Value>& values : catalog.constraints.values) read_constraint(values, state);
}

}  // namespace whimbrel::dialect::postgres
