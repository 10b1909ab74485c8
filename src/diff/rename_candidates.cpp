#include "diff/rename_candidates.h"

#include <algorithm>
#include <map>
#include <set>

#include "diff/similarity.h"

namespace whimbrel::diff {

namespace {

using model::Column;

constexpr int similar_enough = 50;

/// Returns whether the types are equal except for their arguments, like `varchar(40)` and `varchar`.
bool same_kind(const Matcher& match, const model::Type& a, const model::Type& b) {
  return match.database().same_type({a.name, {}}, {b.name, {}});
}

/// The weights rank the type first, then other properties, then the name, then the position.
int likelihood(const Matcher& match, const PlacedColumn& dropped, const PlacedColumn& added) {
  const Column& from = *dropped.column;
  const Column& to = *added.column;
  int result = match.database().same_type(from.type, to.type) ? 1000 : same_kind(match, from.type, to.type) ? 700 : 0;
  result += from.nullable == to.nullable ? 100 : 0;
  result += from.default_expression == to.default_expression ? 100 : 0;
  result += from.enum_values == to.enum_values ? 100 : 0;
  result += 2 * similarity(match.fold(NameKind::column, from.name), match.fold(NameKind::column, to.name));
  const std::size_t distance = dropped.place > added.place ? dropped.place - added.place : added.place - dropped.place;
  return result + 100 / static_cast<int>(1 + std::min(distance, std::size_t{99}));
}

bool is_possible(const Matcher& match, const Column& from, const Column& to) {
  if (from.computed || to.computed) return false;
  if (from.of_parent.value || to.of_parent.value) return false;  // It is renamed with the parent's.
  return match.database().same_type(from.type, to.type) || same_kind(match, from.type, to.type) ||
         similarity(match.fold(NameKind::column, from.name), match.fold(NameKind::column, to.name)) >= similar_enough;
}

bool is_denied(const Matcher& match, const Answers& answers, const model::Name& table, const std::string& from,
               const std::string& to) {
  const auto& refused = answers.not_renames;
  return std::any_of(refused.begin(), refused.end(), [&](const Answers::ColumnRename& answer) {
    return match.fold_name(NameKind::table, answer.table) == match.fold_name(NameKind::table, table) &&
           match.same_column(answer.from, from) && (answer.to.empty() || match.same_column(answer.to, to));
  });
}

template <class Candidate>
void put_likeliest_first(std::vector<Candidate>& candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.likelihood > b.likelihood; });
}

/// The columns of a table by their folded names.
using Columns = std::map<std::string, const Column*>;

Columns columns_of(const Matcher& match, const model::Table& table) {
  Columns columns;
  for (const Column& column : table.columns) columns.emplace(match.fold(NameKind::column, column.name), &column);
  return columns;
}

int count_shared(const Matcher& match, const Columns& from, const Columns& to) {
  return static_cast<int>(std::count_if(from.begin(), from.end(), [&](const auto& column) {
    const auto found = to.find(column.first);
    return found != to.end() && same_kind(match, column.second->type, found->second->type);
  }));
}

bool is_denied(const Matcher& match, const Answers& answers, const model::Name& from, const model::Name& to) {
  const auto& refused = answers.not_table_renames;
  return std::any_of(refused.begin(), refused.end(), [&](const Answers::TableRename& answer) {
    return match.fold_name(NameKind::table, answer.from) == match.fold_name(NameKind::table, from) &&
           match.fold_name(NameKind::table, answer.to) == match.fold_name(NameKind::table, to);
  });
}

bool is_to_be_dropped(const Matcher& match, const Answers& answers, const model::Name& name) {
  const auto& drops = answers.dropped_tables;
  return std::any_of(drops.begin(), drops.end(), [&](const model::Name& drop) {
    return match.fold_name(NameKind::table, drop) == match.fold_name(NameKind::table, name);
  });
}

/// A dropped table is a question anyway, so half of the columns are enough. An unmanaged table probably belongs to
/// another program: only a nearly equal one is worth a question.
bool is_alike(int shared, int share, int same_names, bool unmanaged) {
  const bool similar = same_names >= similar_enough;
  if (unmanaged) return share >= 80 && shared >= (similar ? 2 : 3);
  // A common key is not a similarity: every table has one.
  return share == 100 || (shared >= 2 && share >= (similar ? 40 : 60));
}

/// More pairs than that mean a different schema, not renames, and comparing them would take long.
constexpr std::size_t most_table_pairs = 100000;

}  // namespace

std::vector<RenameCandidate> find_rename_candidates(const Matcher& match, const Answers& answers,
                                                    const model::Name& table, const std::vector<PlacedColumn>& dropped,
                                                    const std::vector<PlacedColumn>& added) {
  std::vector<RenameCandidate> candidates;
  for (const PlacedColumn& from : dropped) {
    for (const PlacedColumn& to : added) {
      if (!is_possible(match, *from.column, *to.column) ||
          is_denied(match, answers, table, from.column->name, to.column->name))
        continue;
      candidates.push_back({table, *from.column, *to.column, likelihood(match, from, to)});
    }
  }
  put_likeliest_first(candidates);
  return candidates;
}

std::vector<RenameCandidate> find_value_candidates(const Matcher& match, const Answers& answers,
                                                   const model::Enum& before, const model::Enum& after) {
  std::vector<RenameCandidate> candidates;
  const auto has = [](const std::vector<std::string>& values, const std::string& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  };
  for (std::size_t i = 0; i < before.values.size(); ++i) {
    if (has(after.values, before.values[i])) continue;
    for (std::size_t k = 0; k < after.values.size(); ++k) {
      const std::string& from = before.values[i];
      const std::string& to = after.values[k];
      if (has(before.values, to) || is_denied(match, answers, before.name, from, to)) continue;
      RenameCandidate candidate{before.name, {}, {}, similarity(from, to) + (i == k ? 100 : 0), true};
      candidate.from.name = from;
      candidate.to.name = to;
      candidates.push_back(std::move(candidate));
    }
  }
  put_likeliest_first(candidates);
  return candidates;
}

std::vector<TableRenameCandidate> find_table_candidates(const Matcher& match, const Answers& answers,
                                                        const UnmatchedTables& tables) {
  std::vector<TableRenameCandidate> candidates;
  if ((tables.dropped.size() + tables.unmanaged.size()) * tables.created.size() > most_table_pairs) return candidates;
  std::vector<Columns> created;
  for (const model::Table* table : tables.created) created.push_back(columns_of(match, *table));
  const auto compare = [&](const model::Table& from, bool unmanaged) {
    if (is_to_be_dropped(match, answers, from.name)) return;
    const Columns columns = columns_of(match, from);
    for (std::size_t i = 0; i < created.size(); ++i) {
      const model::Table& to = *tables.created[i];
      if (!match.same_name(NameKind::schema, from.name.schema, to.name.schema)) continue;
      const int shared = count_shared(match, columns, created[i]);
      const int all = static_cast<int>(std::max(columns.size() + created[i].size(), std::size_t{1}));
      const int share = 200 * shared / all;
      const int same_names =
          similarity(match.fold(NameKind::table, from.name.name), match.fold(NameKind::table, to.name.name));
      if (!is_alike(shared, share, same_names, unmanaged) || is_denied(match, answers, from.name, to.name)) continue;
      candidates.push_back({from.name, to.name, 10 * share + same_names, unmanaged});
    }
  };
  for (const model::Table* table : tables.dropped) compare(*table, false);
  for (const model::Table* table : tables.unmanaged) compare(*table, true);
  put_likeliest_first(candidates);
  return candidates;
}

std::vector<model::Name> find_undecided_drops(const Matcher& match, const Answers& answers,
                                              const UnmatchedTables& tables,
                                              const std::vector<TableRenameCandidate>& candidates) {
  std::set<model::Name> could_be_renamed;
  for (const TableRenameCandidate& candidate : candidates) could_be_renamed.insert(candidate.from);
  std::vector<model::Name> undecided;
  for (const model::Table* table : tables.dropped) {
    if (could_be_renamed.contains(table->name) || is_to_be_dropped(match, answers, table->name)) continue;
    undecided.push_back(table->name);
  }
  return undecided;
}

std::vector<RenameCandidate> find_value_candidates(const Matcher& match, const Answers& answers,
                                                   const model::Name& table, const model::Column& before,
                                                   const model::Column& after,
                                                   const std::vector<std::pair<std::string, std::string>>& renamed) {
  model::Enum old_values{{table.name, before.name}, before.enum_values};
  model::Enum new_values{old_values.name, after.enum_values};
  for (const auto& [from, to] : renamed) {
    std::erase(old_values.values, from);
    std::erase(new_values.values, to);
  }
  std::vector<RenameCandidate> candidates = find_value_candidates(match, answers, old_values, new_values);
  for (RenameCandidate& candidate : candidates) candidate.of_column = true;
  return candidates;
}

std::vector<std::pair<std::string, std::string>> renamed_values(const Matcher& match, const Answers& answers,
                                                                const model::Name& table, const Column& before,
                                                                const Column& after) {
  const auto has = [](const std::vector<std::string>& values, const std::string& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  };
  std::vector<std::pair<std::string, std::string>> renamed;
  for (const Answers::ColumnRename& rename : answers.column_renames) {
    const bool is_here = match.same_name(NameKind::table, rename.table.schema, table.name) &&
                         match.same_column(rename.table.name, after.name) && rename.from != rename.to;
    if (!is_here || !has(before.enum_values, rename.from) || !has(after.enum_values, rename.to)) continue;
    const bool is_said = std::any_of(renamed.begin(), renamed.end(), [&](const auto& other) {
      return other.first == rename.from || other.second == rename.to;
    });
    if (!is_said) renamed.emplace_back(rename.from, rename.to);
  }
  // A value that is kept cannot be the new name of another: their rows could not be distinguished again.
  const auto stays = [&](const auto& pair) {
    const bool is_renamed =
        std::any_of(renamed.begin(), renamed.end(), [&](const auto& other) { return other.first == pair.second; });
    return has(before.enum_values, pair.second) && !is_renamed;
  };
  for (auto found = std::find_if(renamed.begin(), renamed.end(), stays); found != renamed.end();
       found = std::find_if(renamed.begin(), renamed.end(), stays)) {
    renamed.erase(found);
  }
  return renamed;
}

}  // namespace whimbrel::diff
