#include "diff/rename_candidates.h"

#include <algorithm>

namespace whimbrel::diff {

namespace {

using model::Column;

/// How alike two names are, from 0 to 100: by what is left when one is edited into the other.
int similarity(const std::string& a, const std::string& b) {
  std::vector<std::size_t> distances(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k) distances[k] = k;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = distances[0];
    distances[0] = i + 1;
    for (std::size_t k = 0; k < b.size(); ++k) {
      const std::size_t replaced = diagonal + (a[i] == b[k] ? 0 : 1);
      diagonal = distances[k + 1];
      distances[k + 1] = std::min({replaced, distances[k] + 1, distances[k + 1] + 1});
    }
  }
  const std::size_t longest = std::max({a.size(), b.size(), std::size_t{1}});
  return 100 - static_cast<int>(100 * distances[b.size()] / longest);
}

constexpr int similar_enough = 50;

/// Are the types the same but for their arguments, `varchar(40)` and `varchar`?
bool same_kind(const Matcher& match, const model::Type& a, const model::Type& b) {
  return match.same_type({a.name, {}}, {b.name, {}});
}

/// The weights say what comes first: the type, then what else the columns say, then the name, then the place.
int likelihood(const Matcher& match, const PlacedColumn& dropped, const PlacedColumn& added) {
  const Column& from = *dropped.column;
  const Column& to = *added.column;
  int result = match.same_type(from.type, to.type) ? 1000 : same_kind(match, from.type, to.type) ? 700 : 0;
  result += from.nullable == to.nullable ? 100 : 0;
  result += from.default_expression == to.default_expression ? 100 : 0;
  result += from.enum_values == to.enum_values ? 100 : 0;
  result += 2 * similarity(match.fold(from.name), match.fold(to.name));
  const std::size_t distance = dropped.place > added.place ? dropped.place - added.place : added.place - dropped.place;
  return result + 100 / static_cast<int>(1 + std::min(distance, std::size_t{99}));
}

bool is_possible(const Matcher& match, const Column& from, const Column& to) {
  if (from.computed || to.computed) return false;
  return match.same_type(from.type, to.type) || same_kind(match, from.type, to.type) ||
         similarity(match.fold(from.name), match.fold(to.name)) >= similar_enough;
}

bool is_denied(const Matcher& match, const Decisions& decisions, const model::Name& table, const std::string& from,
               const std::string& to) {
  const auto& answers = decisions.not_renames;
  return std::any_of(answers.begin(), answers.end(), [&](const Decisions::ColumnRename& answer) {
    return match.fold_name(answer.table) == match.fold_name(table) && match.same_name(answer.from, from) &&
           (answer.to.empty() || match.same_name(answer.to, to));
  });
}

void put_likeliest_first(std::vector<RenameCandidate>& candidates) {
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const RenameCandidate& a, const RenameCandidate& b) { return a.likelihood > b.likelihood; });
}

}  // namespace

std::vector<RenameCandidate> find_rename_candidates(const Matcher& match, const Decisions& decisions,
                                                    const model::Name& table, const std::vector<PlacedColumn>& dropped,
                                                    const std::vector<PlacedColumn>& added) {
  std::vector<RenameCandidate> candidates;
  for (const PlacedColumn& from : dropped) {
    for (const PlacedColumn& to : added) {
      if (!is_possible(match, *from.column, *to.column) ||
          is_denied(match, decisions, table, from.column->name, to.column->name))
        continue;
      candidates.push_back({table, *from.column, *to.column, likelihood(match, from, to)});
    }
  }
  put_likeliest_first(candidates);
  return candidates;
}

std::vector<RenameCandidate> find_value_candidates(const Matcher& match, const Decisions& decisions,
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
      if (has(before.values, to) || is_denied(match, decisions, before.name, from, to)) continue;
      RenameCandidate candidate{before.name, {}, {}, similarity(from, to) + (i == k ? 100 : 0), true};
      candidate.from.name = from;
      candidate.to.name = to;
      candidates.push_back(std::move(candidate));
    }
  }
  put_likeliest_first(candidates);
  return candidates;
}

}  // namespace whimbrel::diff
