#include "change/sample_rows.h"

#include <algorithm>
#include <array>
#include <random>

#include "dialect/samples.h"
#include "sql/writer.h"

namespace whimbrel::change {

namespace {

using model::Column;
using model::ForeignKey;
using model::Table;

/// Puts each table after the tables that it references.
class Order {
 public:
  Order(const model::Schema& schema, const NeededRows& needed, std::vector<dialect::SampledTable>& result)
      : needed_(needed), result_(result) {
    for (const Table& table : schema.tables) tables_.emplace(table.name, &table);
  }

  void place(const model::Name& name) {
    const auto found = tables_.find(name);
    if (found == tables_.end() || !entered_.insert(name).second) return;
    for (const ForeignKey& key : found->second->foreign_keys) place(key.referenced_table);
    dialect::SampledTable sampled{found->second};
    const auto [first, end] = needed_.later_keys.equal_range(name);
    for (auto key = first; key != end; ++key) {
      place(key->second.referenced_table);
      sampled.later_keys.push_back(key->second);
    }
    result_.push_back(std::move(sampled));
  }

 private:
  std::map<model::Name, const Table*> tables_;
  std::set<model::Name> entered_;
  const NeededRows& needed_;
  std::vector<dialect::SampledTable>& result_;
};

bool is_in_key(const Table& table, const Column& column) {
  const auto has = [&](const std::vector<model::KeyPart>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part.column == column.name; });
  };
  return (table.primary_key && has(table.primary_key->columns)) ||
         std::any_of(table.uniques.begin(), table.uniques.end(), [&](const auto& it) { return has(it.columns); }) ||
         std::any_of(table.indexes.begin(), table.indexes.end(),
                     [&](const model::Index& index) { return index.unique && has(index.columns); });
}

/// Returns the value of the nth row that the key can reference.
std::string referred_value(const dialect::Dialect& dialect, const ForeignKey& key, const std::string& column,
                           std::size_t n) {
  const auto quoted = [&](const std::string& name) { return dialect.quote_identifier(name); };
  sql::Writer writer(dialect.syntax());
  for (std::size_t i = 0; i < std::min(key.columns.size(), key.referenced_columns.size()); ++i) {
    if (key.columns[i] == column) writer.raw("(SELECT ").raw(quoted(key.referenced_columns[i]));
  }
  writer.raw(" FROM ").raw(quoted_name(dialect, key.referenced_table)).raw(" ORDER BY ");
  writer.list(key.referenced_columns, [&](const std::string& name) { writer.raw(quoted(name)); });
  return writer.raw(" LIMIT 1 OFFSET ").raw(std::to_string(n)).raw(")").take();
}

}  // namespace

std::vector<dialect::SampledTable> tables_to_sample(const model::Schema& schema, const std::set<model::Name>& changed,
                                                    const NeededRows& needed) {
  std::vector<dialect::SampledTable> result;
  Order order(schema, needed, result);
  for (const Table& table : schema.tables) {
    const bool is_near = changed.contains(table.name) || needed.read.contains(table.name) ||
                         std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                                     [&](const ForeignKey& key) { return changed.contains(key.referenced_table); });
    if (is_near) order.place(table.name);
  }
  return result;
}

std::string quoted_name(const dialect::Dialect& dialect, const model::Name& name) {
  const std::string schema = name.schema.empty() ? "" : dialect.quote_identifier(name.schema) + '.';
  return schema + dialect.quote_identifier(name.name);
}

std::vector<RowMaker::ColumnChoice> RowMaker::choices_for(const Table& table) const {
  std::vector<ColumnChoice> choices;
  for (const Column& column : table.columns) {
    if (column.computed || column.auto_increment) continue;
    ColumnChoice choice{&column, {}, is_in_key(table, column)};
    for (const ForeignKey& key : table.foreign_keys) {
      if (std::find(key.columns.begin(), key.columns.end(), column.name) == key.columns.end()) continue;
      const auto rows = counts_.find(key.referenced_table);
      constexpr std::size_t most = 3;
      const std::size_t count = rows == counts_.end() ? 0 : std::min(rows->second, most);
      for (std::size_t n = 0; n < count; ++n) choice.values.push_back(referred_value(dialect_, key, column.name, n));
      choice.is_distinct = false;
      if (choice.values.empty()) choice.values.emplace_back("NULL");
    }
    if (choice.values.empty()) choice.values = dialect_.samples().edge_values(column);
    if (column.nullable) choice.values.emplace_back("NULL");
    choices.push_back(std::move(choice));
  }
  return choices;
}

std::string RowMaker::row(const std::vector<ColumnChoice>& choices, const Picks& picks, bool distinct) {
  ++tried_;
  sql::Writer values(dialect_.syntax());
  std::size_t i = 0;
  values.list(choices, [&](const ColumnChoice& choice) {
    std::optional<std::string> nth;
    if (distinct && choice.is_distinct) nth = dialect_.samples().nth_value(*choice.column, tried_);
    values.raw(nth ? *nth : choice.values[picks[i]]);
    ++i;
  });
  return '(' + values.take() + ')';
}

// Most rows are accepted, so all are inserted at once; a rejected batch is split in halves.
std::size_t RowMaker::insert(const Table& table, const std::vector<ColumnChoice>& choices,
                             std::span<const std::string> rows) {
  if (rows.empty()) return 0;
  sql::Writer writer(dialect_.syntax());
  writer.raw("INSERT INTO ").raw(quoted_name(dialect_, table.name));
  if (choices.empty()) {
    writer.raw(" DEFAULT VALUES");
  } else {
    writer.raw(" (").list(
        choices, [&](const ColumnChoice& choice) { writer.raw(dialect_.quote_identifier(choice.column->name)); });
    writer.raw(") VALUES ").list(rows, [&](const std::string& row) { writer.raw(row); });
  }
  try {
    scratch_.run(writer.take());
    return rows.size();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
  }
  if (rows.size() == 1) return 0;
  const std::size_t half = rows.size() / 2;
  const std::size_t accepted = insert(table, choices, rows.first(half));
  return accepted + insert(table, choices, rows.subspan(half));
}

std::size_t RowMaker::make(const Table& table, Kind kind) {
  const std::vector<ColumnChoice> choices = choices_for(table);
  std::size_t& count = counts_[table.name];
  // An accepted row, then for every possible value a row that differs from it only in this value.
  constexpr std::size_t attempts = 40;
  Picks base(choices.size(), 0);
  std::minstd_rand random;  // Fixed seed: the same rows each time.
  for (std::size_t attempt = 0; attempt < attempts && count == 0; ++attempt) {
    for (std::size_t i = 0; i < choices.size(); ++i) base[i] = attempt == 0 ? 0 : random() % choices[i].values.size();
    count += insert(table, choices, std::array{row(choices, base, true)});
  }
  if (count == 0 || kind == Kind::ordinary) return count;
  std::vector<std::string> rows{row(choices, base, true)};
  for (std::size_t i = 0; i < choices.size(); ++i) {
    for (std::size_t value = 0; value < choices[i].values.size(); ++value) {
      Picks picks = base;
      picks[i] = value;
      rows.push_back(row(choices, picks, !choices[i].is_distinct));
    }
  }
  return count += insert(table, choices, rows);
}

}  // namespace whimbrel::change
