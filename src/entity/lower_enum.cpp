#include "entity/lower_enum.h"

#include "entity/naming.h"
#include "whimbrel/error.h"

namespace whimbrel::entity {

namespace {

void add_enum(model::Schema& schema, const model::Table& table, const model::Column& column, model::Enum type) {
  const model::Enum* const other = schema.find_enum(type.name);
  if (other == nullptr) {
    schema.enums.push_back(std::move(type));
    return;
  }
  if (other->values == type.values) return;
  throw Error(ErrorKind::entity, "The enum of column \"" + column.name + "\" of table \"" + to_string(table.name) +
                                     "\" is named \"" + to_string(type.name) +
                                     "\", like that of another column with different values.")
      .with_remedy("Rename one of them: {.enum_name = \"...\"}.");
}

}  // namespace

void lower_enums(model::Schema& schema, const Context& context) {
  if (!context.mapping.has(model::Feature::named_enums)) return;
  for (model::Table& table : schema.tables) {
    for (model::Column& column : table.columns) {
      if (column.enum_values.empty()) continue;
      model::Enum type;
      type.derived.value = column.enum_name.empty();
      type.name = {table.name.schema, type.derived.value ? context.mapping.identifier_limit().shortened(
                                                               context.naming.enum_type(table.name.name, column.name))
                                                         : column.enum_name};
      type.values = std::move(column.enum_values);
      column.enum_values.clear();
      column.enum_name = to_string(type.name);
      column.type = context.mapping.enum_type(type.name);
      add_enum(schema, table, column, std::move(type));
    }
  }
}

}  // namespace whimbrel::entity
