#include "diff/column_merge.h"

#include <algorithm>

namespace whimbrel::diff {

namespace {

using model::Column;
using model::Table;

bool same_set(std::vector<std::string> a, std::vector<std::string> b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

class ColumnMerge {
 public:
  explicit ColumnMerge(const ComparedTable& table)
      : table_(table), match_(table.context.match), current_(table.current), desired_(table.desired) {}

  Column merge(const Column& current, const Column& desired) const {
    Column merged = desired;
    merged.name = current.name;
    if (keeps_type(current, desired)) {
      merged.type = current.type;
      // A domain of the same name can have another one.
      if (current.type != desired.type || !desired.base_type.value) merged.base_type = current.base_type;
    }
    if (current.default_expression && desired.default_expression &&
        may_stay(*current.default_expression, *desired.default_expression, desired.name)) {
      merged.default_expression = current.default_expression;
    }
    if (!match_.database().sorts_by_values() && same_set(current.enum_values, desired.enum_values))
      merged.enum_values = current.enum_values;
    if (match_.same_name(NameKind::collation, current.collation, desired.collation))
      merged.collation = current.collation;
    if (current.computed && desired.computed && current.computed->stored == desired.computed->stored &&
        (current.computed->expression == desired.computed->expression ||
         Matcher::calls_same(current.computed->uses, desired.computed->uses)) &&
        match_.same_expression(desired_, ExpressionUse::computed, current.computed->expression,
                               desired.computed->expression, desired.name)) {
      merged.computed = current.computed;
    }
    if (table_.strict()) return merged;
    merged.own_storage = current.own_storage;
    // An explicit type can be that of an enum like any other.
    if (desired.enum_name.empty() && merged.type == current.type) merged.enum_name = current.enum_name;
    // The type and the other properties follow the column.
    if (desired.auto_increment && current.sequence.value) {
      merged.sequence.value.emplace().name = current.sequence.value->name;
    }
    if (desired.auto_increment && current.auto_increment) {
      merged.identity_always = desired.identity && current.identity_always;
      if (desired.sequence_options.empty()) merged.sequence_options = current.sequence_options;
    }
    if (desired.charset.empty()) merged.charset = current.charset;
    if (desired.collation.empty()) merged.collation = current.collation;
    if (desired.comment.empty()) merged.comment = current.comment;
    if (!merged.nullable) merged.not_null_on_conflict = current.not_null_on_conflict;
    // SQLite allows NULL in a primary key without NOT NULL. A description cannot express this and means no change.
    if (is_key_column(current_, current.name) && is_key_column(desired_, desired.name) && !will_number_rows(merged)) {
      merged.nullable = current.nullable;
    }
    return merged;
  }

 private:
  bool keeps_type(const Column& current, const Column& desired) const {
    if (!match_.database().same_type(current.type, desired.type)) return false;
    if (current.type == desired.type) return true;
    if (!match_.database().allows_type(desired_, current.type)) return false;
    Column kept = desired;
    kept.type = current.type;
    return match_.database().numbers_rows(desired_, kept) == match_.database().numbers_rows(desired_, desired);
  }

  bool may_stay(const std::string& current, const std::string& desired, const std::string& column) const {
    if (current == desired) return true;
    const auto same = [&](const std::string& other) {
      return match_.same_expression(desired_, ExpressionUse::default_value, current, other, column);
    };
    const auto accepted = table_.context.ownership.accepted_defaults.find({desired_.name, column});
    if (accepted != table_.context.ownership.accepted_defaults.end() &&
        std::any_of(accepted->second.begin(), accepted->second.end(), same)) {
      return true;
    }
    return same(desired);
  }

  bool is_key_column(const Table& table, const std::string& column) const {
    if (!table.primary_key) return false;
    const auto& parts = table.primary_key->columns;
    return std::any_of(parts.begin(), parts.end(),
                       [&](const model::KeyPart& part) { return match_.same_column(part.column, column); });
  }

  /// Entities do not define the order of a key, so the current one stays; an INTEGER PRIMARY KEY DESC of SQLite does
  /// not number the rows.
  bool will_number_rows(const Column& key_column) const {
    const bool keeps_key = match_.same_columns(model::column_names(current_.primary_key->columns),
                                               model::column_names(desired_.primary_key->columns));
    return match_.database().numbers_rows(keeps_key ? current_ : desired_, key_column);
  }

  const ComparedTable& table_;
  const Matcher& match_;
  const Table& current_;
  const Table& desired_;
};

}  // namespace

Column merge_column(const ComparedTable& table, const Column& current, const Column& desired) {
  return ColumnMerge(table).merge(current, desired);
}

}  // namespace whimbrel::diff
