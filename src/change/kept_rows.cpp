#include "change/kept_rows.h"

#include <algorithm>

#include "change/sample_rows.h"
#include "dialect/samples.h"
#include "sql/writer.h"

namespace whimbrel::change {

namespace {

using namespace operation;

/// Returns the column of a kept table.
std::string kept_column(std::size_t i) { return "c" + std::to_string(i); }
std::string kept_key(std::size_t i) { return "k" + std::to_string(i); }

/// Returns whether its values are those of the type, or arrays of them.
bool has_type(const model::Column& column, const model::Name& type) {
  if (column.enum_name == to_string(type)) return true;
  const std::optional<std::vector<model::Reference>>& uses = column.type_uses.value;
  return uses &&
         std::any_of(uses->begin(), uses->end(), [&](const model::Reference& used) { return used.name == type; });
}

}  // namespace

KeptRows::KeptRows(const dialect::Dialect& dialect, dialect::Connection& scratch, const model::Table& table,
                   const std::vector<Operation>& operations, const model::Schema& target, std::size_t number)
    : dialect_(dialect),
      scratch_(scratch),
      table_(table),
      after_(table.name),
      kept_("whimbrel_kept_" + std::to_string(number)),
      converted_("whimbrel_converted_" + std::to_string(number)) {
  follow_table(operations);
  if (is_dropped_) return;
  for (const model::Column& column : table.columns) {
    if (!column.computed) follow_column(column, operations);
  }
  find_key(target);
  keep();
}

void KeptRows::follow_table(const std::vector<Operation>& operations) {
  for (const Operation& operation : operations) {
    const auto* const renamed = std::get_if<RenameTable>(&operation);
    if (renamed != nullptr && renamed->from == after_) after_ = renamed->to;
    const auto* const dropped = std::get_if<DropTable>(&operation);
    if (dropped != nullptr && is_it(dropped->table.name)) is_dropped_ = true;
  }
}

void KeptRows::follow_column(const model::Column& column, const std::vector<Operation>& operations) {
  Column followed{column.name, column.name, column.type, column.type};
  for (const Operation& operation : operations) {
    // Its values may be renamed.
    if (const auto* op = std::get_if<RenameEnumValue>(&operation); op && has_type(column, op->type)) return;
    if (const auto* op = std::get_if<RenameColumn>(&operation); op && is_it(op->table) && op->from == followed.after) {
      followed.after = op->to;
    }
    if (const auto* op = std::get_if<DropColumn>(&operation); op && is_it(op->table)) {
      if (op->column.name == followed.after) return;
    }
    if (const auto* op = std::get_if<AlterColumn>(&operation); op && is_it(op->table)) {
      if (op->before.name != followed.after) continue;
      if (op->after.computed || !op->renamed_values.empty()) return;
      followed.type_after = op->after.type;
      followed.is_retyped = op->before.type != op->after.type;
      followed.is_filled = op->before.nullable && !op->after.nullable;
    }
  }
  columns_.push_back(std::move(followed));
}

void KeptRows::find_key(const model::Schema& target) {
  const model::Table* const after = target.find_table(after_);
  if (after == nullptr) return;
  const std::optional<std::string> id = dialect_.samples().row_id(table_);
  const std::optional<std::string> id_after = dialect_.samples().row_id(*after);
  if (id && id_after) {
    // A column that becomes an auto-increment key numbers the rows itself.
    const auto numbers = std::find_if(columns_.begin(), columns_.end(), [&](const Column& column) {
      return dialect_.quote_identifier(column.after) == *id_after;
    });
    const bool has_column = numbers != columns_.end();
    key_.push_back({has_column ? dialect_.quote_identifier(numbers->before) : *id, *id_after});
    return;
  }
  if (!table_.primary_key) return;
  for (const model::KeyPart& part : table_.primary_key->columns) {
    const auto column = std::find_if(columns_.begin(), columns_.end(),
                                     [&](const Column& candidate) { return candidate.before == part.column; });
    if (column == columns_.end()) {
      key_.clear();
      return;
    }
    key_.push_back({dialect_.quote_identifier(column->before), dialect_.quote_identifier(column->after)});
  }
}

void KeptRows::keep() {
  count_ = first_row("SELECT count(*) FROM " + quoted_name(dialect_, table_.name)).at(0).integer();
  sql::Writer writer(dialect_.syntax());
  writer.raw("CREATE TEMPORARY TABLE ").raw(kept_).raw(" AS SELECT 1 AS one");
  for (std::size_t i = 0; i < key_.size(); ++i) {
    writer.raw(", ").raw(dialect_.samples().kept(key_[i].before)).raw(" AS ").raw(kept_key(i));
  }
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    writer.raw(", ").raw(dialect_.samples().kept(dialect_.quote_identifier(columns_[c].before)));
    writer.raw(" AS ").raw(kept_column(c));
  }
  writer.raw(" FROM ").raw(quoted_name(dialect_, table_.name)).raw(" WHERE ");
  for (const Key& key : key_) writer.raw(key.before).raw(" IS NOT NULL AND ");
  scratch_.run(writer.raw("1 = 1").take());
}

std::string KeptRows::matches(bool after) const {
  std::string text;
  for (std::size_t i = 0; i < key_.size(); ++i) {
    const std::string& column = after ? key_[i].after : key_[i].before;
    text += (i > 0 ? " AND " : "") + dialect_.samples().equals("k." + kept_key(i), "t." + column);
  }
  return text;
}

std::vector<Value> KeptRows::first_row(const std::string& sql) const {
  const Rows::Data rows = scratch_.run(sql);
  return rows.values.empty() ? std::vector<Value>() : rows.values.front();
}

std::string KeptRows::count_words(std::int64_t count, const std::string& what) const {
  return std::to_string(count) + " of " + std::to_string(count_) + ' ' + what + " \"" + to_string(table_.name) + '"';
}

// Without a key, rows cannot be identified, but each must occur as often as before.
void KeptRows::compare_whole(bool after, const std::string& which, std::vector<Finding>& damaged) const {
  const std::string now = kept_ + "_now";
  sql::Writer list(dialect_.syntax());
  list.raw("count(*)");
  sql::Writer make(dialect_.syntax());
  make.raw("CREATE TEMPORARY TABLE ").raw(now).raw(" AS SELECT 1 AS one");
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = columns_[c];
    if (column.is_retyped || column.is_filled) continue;
    list.raw(", ").raw(kept_column(c));
    make.raw(", ").raw(dialect_.samples().kept(dialect_.quote_identifier(after ? column.after : column.before)));
    make.raw(" AS ").raw(kept_column(c));
  }
  scratch_.run(make.raw(" FROM ").raw(quoted_name(dialect_, after ? after_ : table_.name)).take());
  const auto counted = [&](const std::string& table) {
    return "SELECT " + list.text() + " FROM " + table + " GROUP BY one" + list.text().substr(8);
  };
  const std::int64_t gone =
      first_row("SELECT count(*) FROM (" + counted(kept_) + " EXCEPT " + counted(now) + ") AS t").at(0).integer();
  scratch_.run("DROP TABLE " + now);
  if (gone == 0) return;
  damaged.push_back({"after `" + which + "`, " + count_words(gone, "rows of") + " are missing or changed", ""});
}

void KeptRows::compare(bool after, const std::string& which, std::vector<Finding>& damaged) const {
  if (key_.empty()) return compare_whole(after, which, damaged);
  const std::string table = quoted_name(dialect_, after ? after_ : table_.name);
  const std::int64_t gone = first_row("SELECT count(*) FROM " + kept_ + " AS k WHERE NOT EXISTS (SELECT 1 FROM " +
                                      table + " AS t WHERE " + matches(after) + ')')
                                .at(0)
                                .integer();
  if (gone > 0) damaged.push_back({"after `" + which + "`, " + count_words(gone, "rows of") + " are missing", ""});
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = columns_[c];
    if (column.is_retyped) continue;
    const std::string kept = "k." + kept_column(c);
    const std::string now = "t." + dialect_.quote_identifier(after ? column.after : column.before);
    const std::string from = " FROM " + kept_ + " AS k JOIN " + table + " AS t ON " + matches(after) + " WHERE " +
                             dialect_.samples().differs(kept, now) +
                             (column.is_filled ? " AND " + kept + " IS NOT NULL" : "");
    const std::int64_t changed = first_row("SELECT count(*)" + from).at(0).integer();
    if (changed == 0) continue;
    const std::vector<Value> example =
        first_row("SELECT " + dialect_.samples().shown(kept, column.type_before) + ", " +
                  dialect_.samples().shown(dialect_.samples().kept(now), column.type_after) + from + " LIMIT 1");
    damaged.push_back({"after `" + which + "`, " +
                           count_words(changed, "values of column \"" + column.before + "\" of") + " are changed",
                       example.at(0).text() + " became " + example.at(1).text()});
  }
}

void KeptRows::keep_converted() {
  sql::Writer writer(dialect_.syntax());
  writer.raw("CREATE TEMPORARY TABLE ").raw(converted_).raw(" AS SELECT k.*");
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (!columns_[c].is_retyped) continue;
    writer.raw(", ").raw(dialect_.samples().kept("t." + dialect_.quote_identifier(columns_[c].after)));
    writer.raw(" AS ").raw("u" + std::to_string(c));
  }
  writer.raw(" FROM ").raw(kept_).raw(" AS k JOIN ").raw(quoted_name(dialect_, after_)).raw(" AS t ON ");
  scratch_.run(writer.raw(matches(true)).take());
}

void KeptRows::compare_after_up(std::vector<Finding>& damaged) {
  if (is_dropped_) return;
  compare(true, "up", damaged);
  if (!key_.empty()) keep_converted();
}

void KeptRows::compare_after_down(std::vector<Finding>& damaged, std::vector<Finding>& converted) {
  if (is_dropped_) return;
  compare(false, "down", damaged);
  if (key_.empty()) return;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = columns_[c];
    if (!column.is_retyped) continue;
    const std::string kept = "k." + kept_column(c);
    const std::string now = "t." + dialect_.quote_identifier(column.before);
    const std::string from = " FROM " + converted_ + " AS k JOIN " + quoted_name(dialect_, table_.name) + " AS t ON " +
                             matches(false) + " WHERE " + dialect_.samples().differs(kept, now) +
                             (column.is_filled ? " AND " + kept + " IS NOT NULL" : "");
    const std::int64_t changed = first_row("SELECT count(*)" + from).at(0).integer();
    if (changed == 0) continue;
    const std::vector<Value> example =
        first_row("SELECT " + dialect_.samples().shown(kept, column.type_before) + ", " +
                  dialect_.samples().shown("k.u" + std::to_string(c), column.type_after) + ", " +
                  dialect_.samples().shown(dialect_.samples().kept(now), column.type_before) + from + " LIMIT 1");
    std::string words = example.at(0).text() + " to " + example.at(1).text();
    // A less precise number can look the same.
    if (example.at(0) == example.at(1)) words += ", which `down` makes " + example.at(2).text();
    converted.push_back(
        {count_words(changed, "values of column \"" + column.before + "\" of") + " change", std::move(words)});
  }
}

}  // namespace whimbrel::change
