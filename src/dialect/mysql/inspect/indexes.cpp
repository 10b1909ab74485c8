#include <algorithm>

#include "dialect/fields.h"
#include "dialect/mysql/inspect/catalog.h"
#include "dialect/mysql/inspect/column_text.h"
#include "dialect/mysql/text/literal.h"
#include "dialect/mysql/text/type_text.h"
#include "operation/uses.h"

namespace whimbrel::dialect::mysql {

namespace {

/// A row of information_schema.STATISTICS: one part of a key.
struct IndexRow {
  IndexRow(Fields& row, const CatalogState& state)
      : name(row.text()),
        place(row.number()),
        column(row.text()),
        is_unique(row.number() == 0),
        is_descending(row.is("D")),
        length(row.number()),
        type(row.text()),
        comment(row.text()),
        visibility(row.text()),
        expression(row.text()) {
    if (!expression.empty()) expression = read_expression(expression, state.database, state.server);
  }

  [[nodiscard]] bool has_lengths() const { return type != "SPATIAL" && type != "FULLTEXT"; }
  [[nodiscard]] model::KeyPart part() const {
    model::KeyPart part;
    if (expression.empty()) {
      part.column = column;
    } else {
      part.expression = expression;
    }
    part.descending = is_descending;
    if (length > 0 && has_lengths()) part.length = static_cast<std::uint32_t>(length);
    return part;
  }

  std::string name;
  std::int64_t place;
  std::string column;
  bool is_unique;
  bool is_descending;
  std::int64_t length;
  std::string type;
  std::string comment;
  std::string visibility;
  std::string expression;
};

/// All keys of a table are read as indexes first.
using TableIndexes = std::map<std::string, std::vector<model::Index>>;

/// The rows of an index can be apart, but those of its key are in order.
model::Index& find_or_add(std::vector<model::Index>& indexes, const IndexRow& row) {
  const auto found = std::find_if(indexes.rbegin(), indexes.rend(),
                                  [&](const model::Index& index) { return index.name.text == row.name; });
  if (found != indexes.rend()) return *found;
  model::Index& index = indexes.emplace_back();
  index.name = row.name;
  index.unique = row.is_unique;
  if (row.type != "BTREE") index.method = row.type;
  const std::string comment = row.comment.empty() ? std::string() : "COMMENT " + quote_text(row.comment);
  index.storage_parameters = joined_words({comment, row.visibility});
  return index;
}

bool has_expression(const model::Index& index) {
  return std::any_of(index.columns.begin(), index.columns.end(),
                     [](const model::KeyPart& part) { return part.column.empty(); });
}

void add_uses(model::Index& index, const model::Table& table) {
  std::vector<model::Reference> used;
  for (const model::KeyPart& part : index.columns) {
    if (!part.column.empty()) used.push_back({table.name, part.column, {}});
    const std::vector<model::Reference> more = used_columns(part.expression, table);
    used.insert(used.end(), more.begin(), more.end());
  }
  index.uses.value = operation::sorted_uses(std::move(used));
}

void add_index(model::Index index, model::Table& table) {
  if (index.name.text == "PRIMARY") {
    model::PrimaryKey& key = table.primary_key.emplace();
    key.columns = std::move(index.columns);
    return;
  }
  const auto engine = table.options.find("ENGINE");
  const bool is_in_memory = engine != table.options.end() && engine->second == "MEMORY";
  // https://mariadb.com/kb/en/storage-engine-index-types/
  if (is_in_memory && index.method.empty()) index.method = "BTREE";
  const bool is_plain = index.method.empty() && index.storage_parameters.empty() && !has_expression(index);
  if (index.unique && is_plain) {
    model::Unique unique;
    unique.name = index.name;
    unique.columns = std::move(index.columns);
    table.uniques.push_back(std::move(unique));
    return;
  }
  add_uses(index, table);
  table.indexes.push_back(std::move(index));
}

}  // namespace

void read_indexes(const Catalog& catalog, CatalogState& state) {
  TableIndexes tables;
  for (const std::vector<Value>& values : catalog.indexes.values) {
    Fields fields(values);
    const std::string table = fields.text();
    if (state.find_table(table) == nullptr) continue;
    const IndexRow row(fields, state);
    model::Index& index = find_or_add(tables[table], row);
    const auto place = static_cast<std::size_t>(std::max<std::int64_t>(row.place, 1));
    if (index.columns.size() < place) index.columns.resize(place);
    index.columns[place - 1] = row.part();
  }
  for (auto& [name, indexes] : tables) {
    for (model::Index& index : indexes) add_index(std::move(index), *state.find_table(name));
  }
}

}  // namespace whimbrel::dialect::mysql
