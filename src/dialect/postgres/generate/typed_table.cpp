#include "dialect/postgres/generate/typed_table.h"

#include "dialect/postgres/generate/definition.h"

namespace whimbrel::dialect::postgres {

model::Object typed_table_object(const model::Name& table, const std::vector<std::string>& columns,
                                 const std::string& type) {
  const std::string alter = "ALTER TABLE " + quote(table);
  model::Object object;
  object.kind = typed_table_kind;
  object.name = table;
  object.definition = alter + " OF " + type;
  object.removal = alter + " NOT OF";
  object.after_tables = true;
  object.uses.value.emplace();
  for (const std::string& column : columns) object.uses.value->push_back({table, column, {}});
  return object;
}

}  // namespace whimbrel::dialect::postgres
