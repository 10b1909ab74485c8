#include "diff/column_diff.h"

#include <algorithm>
#include <iterator>

#include "diff/column_merge.h"
#include "diff/rename_candidates.h"

namespace whimbrel::diff {

namespace {

using namespace operation;
using model::Column;

class ColumnDiff {
 public:
  explicit ColumnDiff(ComparedTable& table)
      : table_(table),
        match_(table.context.match),
        answers_(table.context.answers),
        current_(table.current),
        desired_(table.desired) {}

  std::vector<std::string> run() {
    std::vector<bool> described(current_.columns.size());
    std::vector<PlacedColumn> added;
    for (std::size_t i = 0; i < desired_.columns.size(); ++i) {
      const Column& desired = desired_.columns[i];
      const std::size_t index = find_current(desired.name, i);
      if (index == current_.columns.size()) {
        added.push_back({&desired, i});
        continue;
      }
      described[index] = true;
      alter(index, desired);
    }
    for (const auto& [column, place] : added) {
      const bool numbers_rows = match_.database().numbers_rows(desired_, *column);
      table_.add(
          AddColumn{current_.name, *column, table_.target.columns.size(), backfill(column->name), {}, numbers_rows});
      table_.target.columns.push_back(*column);
    }
    return drop_columns(described, added);
  }

 private:
  std::size_t find_current(const std::string& name, std::size_t likely_place) const {
    const auto& columns = current_.columns;
    if (likely_place < columns.size() && columns[likely_place].name == name) return likely_place;
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const Column& column) { return match_.same_column(column.name, name); });
    return static_cast<std::size_t>(found - columns.begin());
  }

  /// Entities do not name sequences.
  [[nodiscard]] bool renames_sequence(const Column& before, const Column& after) const {
    if (!table_.strict() || !before.auto_increment || !after.auto_increment) return false;
    const auto& current = before.sequence.value;
    const auto& desired = after.sequence.value;
    return current && desired && !match_.same_name(NameKind::object, current->name.name, desired->name.name);
  }

  void alter(std::size_t index, const Column& desired) {
    const Column& before = current_.columns[index];
    const Column after = merge_column(table_, before, desired);
    auto renamed = renamed_values(match_, answers_, current_.name, before, after);
    table_.target.columns[index].base_type = after.base_type;
    if (after == before && renamed.empty() && !renames_sequence(before, after)) return;
    if (!before.enum_values.empty() && !after.enum_values.empty()) {
      auto candidates = find_value_candidates(match_, answers_, current_.name, before, after, renamed);
      std::move(candidates.begin(), candidates.end(), std::back_inserter(table_.context.result.rename_candidates));
    }
    const auto fill_if = [&](bool stops_to_be_nullable) {
      return stops_to_be_nullable ? backfill(before.name) : std::nullopt;
    };
    table_.add(AlterColumn{current_.name, before, after, fill_if(before.nullable && !after.nullable),
                           fill_if(!before.nullable && after.nullable), std::move(renamed),
                           match_.database().numbers_rows(desired_, after),
                           match_.database().numbers_rows(current_, before)});
    table_.target.columns[index] = after;
  }

  std::optional<std::string> backfill(const std::string& column) const {
    for (const auto& [key, sql] : answers_.backfills) {
      if (match_.same_name(NameKind::table, key.first, model::to_string(desired_.name)) &&
          match_.same_column(key.second, column)) {
        return sql;
      }
    }
    return std::nullopt;
  }

  std::vector<std::string> drop_columns(const std::vector<bool>& described, const std::vector<PlacedColumn>& added) {
    std::vector<PlacedColumn> dropped;
    for (std::size_t i = 0; i < described.size(); ++i) {
      if (!described[i]) dropped.push_back({&current_.columns[i], i});
    }
    auto candidates = find_rename_candidates(match_, answers_, current_.name, dropped, added);
    auto& all = table_.context.result.rename_candidates;
    all.insert(all.end(), candidates.begin(), candidates.end());
    std::vector<std::string> names;
    for (std::size_t i = 0; i < dropped.size(); ++i) {
      const auto& [column, place] = dropped[i];
      const std::size_t position = place - i;
      const bool numbers_rows = match_.database().numbers_rows(current_, *column);
      table_.add(DropColumn{current_.name, *column, position, {}, backfill(column->name), numbers_rows});
      names.push_back(column->name);
      table_.target.columns.erase(table_.target.columns.begin() + static_cast<std::ptrdiff_t>(position));
    }
    return names;
  }

  ComparedTable& table_;
  const Matcher& match_;
  const Answers& answers_;
  const model::Table& current_;
  const model::Table& desired_;
};

}  // namespace

std::vector<std::string> diff_columns(ComparedTable& table) { return ColumnDiff(table).run(); }

}  // namespace whimbrel::diff
