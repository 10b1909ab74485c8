#include "dialect/postgres/compare/probe.h"

#include <algorithm>
#include <map>
#include <set>

#include "dialect/postgres/inspect/catalog.h"
#include "dialect/postgres/text/deparsed_text.h"
#include "dialect/postgres/text/sqlstate.h"
#include "dialect/postgres/text/syntax.h"
#include "sql/lexer.h"
#include "sql/writer.h"

namespace whimbrel::dialect::postgres {

namespace {

using diff::ExpressionUse;

constexpr const char* begin_writing = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
constexpr const char* view_name = "whimbrel_view";
constexpr const char* scratch_schema = "whimbrel_probe";
constexpr const char* create_schema = "CREATE SCHEMA whimbrel_probe";

/// The number of tables or views that are created in one transaction, which holds locks for each.
constexpr std::size_t at_once = 500;

/// Calls the function with one chunk of the items after the other, and with its position.
template <class T, class Function>
void for_each_stretch(std::span<T> items, Function function) {
  for (std::size_t i = 0; i < items.size(); i += at_once) {
    function(items.subspan(i, std::min(at_once, items.size() - i)), i);
  }
}

/// Returns the words in the expressions of a group, in lower case.
std::set<std::string> words(const std::vector<ExpressionProbe*>& group) {
  std::set<std::string> result;
  for (const ExpressionProbe* const probe : group) {
    for (const std::string* const text : {&probe->pair->current, &probe->pair->desired}) {
      for (const sql::Token& token : sql::tokenize(*text, postgres_syntax)) result.insert(sql::to_lower(token.value()));
    }
  }
  return result;
}

/// Writes the type of a column with its collation; for a domain that of its values, because this database may have
/// another domain of that name.
void write_type(sql::Writer& writer, const model::Column& column) {
  writer.raw(model::to_string(column.base_type.value.value_or(column.type)));
  if (column.collation.empty()) return;
  writer.raw(" COLLATE ");
  if (column.collation.front() == '"') {
    writer.raw(column.collation);
  } else {
    writer.identifier(column.collation);
  }
}

/// Writes an expression in its use. Predicates and parts of indexes are tested as check constraints, because an index
/// needs operators.
void write_candidate(sql::Writer& writer, const diff::ExpressionPair& pair, const std::string& name,
                     const std::string& expression) {
  writer.raw(", ");
  const model::Column* const column = pair.table->find_column(pair.column);
  const bool is_value = pair.use == ExpressionUse::default_value || pair.use == ExpressionUse::computed;
  if (!is_value) writer.raw("CONSTRAINT ");
  writer.identifier(name).raw(" ");
  if (is_value && column != nullptr) write_type(writer, *column);
  switch (pair.use) {
    case ExpressionUse::default_value:
      writer.raw(" DEFAULT (").raw(expression).raw(")");
      break;
    case ExpressionUse::computed:
      writer.raw(" GENERATED ALWAYS AS (").raw(expression).raw(") STORED");
      break;
    case ExpressionUse::check:
    case ExpressionUse::predicate:
      writer.raw("CHECK (").raw(expression).raw(")");
      break;
    case ExpressionUse::key_part:
      writer.raw("CHECK ((").raw(expression).raw(") IS NULL)");
      break;
    case ExpressionUse::exclusion:
      writer.raw("EXCLUDE ").raw(expression);
      break;
  }
}

std::string candidate_name(const ExpressionProbe& probe, bool is_desired) {
  return (is_desired ? "whimbrel_d" : "whimbrel_c") + std::to_string(probe.number);
}

std::string read_query(const std::string& place) {
  return R"sql(
SELECT a.attname, pg_get_expr(d.adbin, d.adrelid), CASE a.attgenerated WHEN '' THEN format_type(a.atttypid, -1) END
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = )sql" +
         place + R"sql( AND a.attname LIKE 'whimbrel\_%'
UNION ALL
SELECT k.conname, CASE k.contype WHEN 'x' THEN pg_get_constraintdef(k.oid) ELSE pg_get_expr(k.conbin, k.conrelid) END,
       NULL
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = )sql" +
         place + R"sql( AND k.contype IN ('c', 'x') AND k.conname LIKE 'whimbrel\_%')sql";
}

/// Returns the deparsed texts, by the names of the candidates.
std::map<std::string, std::string> read_spellings(const Rows::Data& rows) {
  std::map<std::string, std::string> spellings;
  for (const std::vector<Value>& values : rows.values) {
    Fields row(values);
    std::string name = row.text();
    std::string text = row.text();
    const std::optional<std::string> type = row.optional_text();
    if (type) text = plain_default(text, *type).value_or("NULL");
    spellings.emplace(std::move(name), std::move(text));
  }
  return spellings;
}

/// Returns the text as the inspector reads it for the use.
std::string in_role(std::string text, ExpressionUse use) {
  if (use == ExpressionUse::exclusion) return exclusion_definition(std::move(text));
  text = without_parentheses(std::move(text));
  if (use != ExpressionUse::key_part) return text;
  constexpr std::string_view end = " IS NULL";
  if (text.ends_with(end)) text.erase(text.size() - end.size());
  return without_parentheses(std::move(text));
}

std::optional<std::string> find_spelling(const std::map<std::string, std::string>& spellings,
                                         const ExpressionProbe& probe, bool is_desired) {
  const auto found = spellings.find(candidate_name(probe, is_desired));
  if (found == spellings.end()) return std::nullopt;
  return in_role(found->second, probe.pair->use);
}

/// A CREATE VIEW statement in two parts: up to AS, and the query.
struct ViewText {
  explicit ViewText(const std::string& definition) {
    constexpr std::string_view as = " AS ";
    const std::size_t place = find_outside(definition, as);
    head = definition.substr(0, place);
    query = definition.substr(std::min(place + as.size(), definition.size()));
  }
  std::string head;
  std::string query;
};

// 42501: insufficient privilege; 25006: read-only transaction; 0A000: a server that never writes.
bool is_about_rights(const Error& error) {
  return has_sqlstate(error, "42501") || has_sqlstate(error, "25006") || has_sqlstate(error, "0A000");
}

}  // namespace

std::string Canonicalizer::begin_creation(const char* kind, std::string_view name) const {
  sql::Writer writer(postgres_syntax);
  writer.raw("CREATE ").raw(place_ == Place::temporary ? "TEMPORARY " : "").raw(kind);
  if (place_ == Place::schema) writer.identifier(scratch_schema).raw(".");
  return writer.identifier(name).take();
}

std::string Canonicalizer::place_number() const {
  if (place_ == Place::temporary) return "pg_my_temp_schema()";
  return std::string("'") + scratch_schema + "'::regnamespace";
}

bool Canonicalizer::change_place() {
  std::vector<std::string> statements;
  if (place_ == Place::schema) statements.emplace_back(create_schema);
  statements.push_back(begin_creation("TABLE ", "whimbrel_table") + " ()");
  try {
    run_apart(connection_, begin_writing, statements);
    return false;
  } catch (const Error& error) {
    if (!is_about_rights(error)) throw;
  }
  place_ = place_ == Place::temporary ? Place::schema : Place::nowhere;
  return true;
}

Canonicalizer::Answers Canonicalizer::run(const std::function<std::vector<std::string>()>& make) {
  while (place_ != Place::nowhere) {
    std::vector<std::string> statements;
    if (place_ == Place::schema) statements.emplace_back(create_schema);
    const std::vector<std::string> rest = make();
    statements.insert(statements.end(), rest.begin(), rest.end());
    try {
      std::vector<Rows::Data> rows = run_apart(connection_, begin_writing, statements);
      rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(rest.size()));
      return rows;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement && !is_about_rights(error)) throw;
      if (!is_about_rights(error) || !change_place()) return std::nullopt;
    }
  }
  return std::nullopt;
}

/// A table that tests the expressions of several tables, as long as their columns do not differ.
class Canonicalizer::ProbeTable {
 public:
  explicit ProbeTable(std::string name) : name_(std::move(name)) {}

  /// Adds the expressions of a group with the columns that they mention. Returns false if the table cannot have these,
  /// too.
  bool take(const Group& group, const std::set<std::string>& mentioned) {
    // A table can have at most 1600 columns.
    constexpr std::size_t most = 500;
    const std::vector<const model::Column*> needed = find_columns(group, mentioned);
    if (columns_.size() + needed.size() + 2 * (probes_.size() + group.size()) > most && !probes_.empty()) return false;
    for (const model::Column* const column : needed) {
      const auto there = columns_.find(column->name);
      if (there != columns_.end() && text_of(*there->second) != text_of(*column)) return false;
    }
    for (const model::Column* const column : needed) columns_.emplace(column->name, column);
    probes_.insert(probes_.end(), group.begin(), group.end());
    return true;
  }

  [[nodiscard]] std::string sql(const Canonicalizer& prober) const {
    sql::Writer writer(postgres_syntax);
    writer.raw(prober.begin_creation("TABLE ", name_)).raw(" (\"whimbrel\" integer");
    for (const auto& [name, column] : columns_) writer.raw(", ").identifier(name).raw(" ").raw(text_of(*column));
    for (const ExpressionProbe* const probe : probes_) {
      // PostgreSQL merges two equal exclusion constraints.
      if (probe->pair->use != ExpressionUse::exclusion) {
        write_candidate(writer, *probe->pair, candidate_name(*probe, false), probe->pair->current);
      }
      write_candidate(writer, *probe->pair, candidate_name(*probe, true), probe->pair->desired);
    }
    return writer.raw(")").take();
  }

 private:
  static std::string text_of(const model::Column& column) {
    sql::Writer writer(postgres_syntax);
    write_type(writer, column);
    return writer.take();
  }

  static std::vector<const model::Column*> find_columns(const Group& group, const std::set<std::string>& mentioned) {
    const model::Table& table = *group.front()->pair->table;
    // The table's name can refer to the whole row.
    const bool needs_all = mentioned.contains(sql::to_lower(table.name.name));
    std::vector<const model::Column*> columns;
    for (const model::Column& column : table.columns) {
      if (needs_all || mentioned.contains(sql::to_lower(column.name))) columns.push_back(&column);
    }
    return columns;
  }

  std::string name_;
  std::map<std::string, const model::Column*> columns_;
  std::vector<const ExpressionProbe*> probes_;
};

std::vector<std::string> Canonicalizer::tables_sql(std::span<const Group> groups) const {
  std::vector<ProbeTable> named;
  std::vector<ProbeTable> shared;
  for (const Group& group : groups) {
    const std::string& table = group.front()->pair->table->name.name;
    const std::set<std::string> mentioned = words(group);
    if (mentioned.contains(sql::to_lower(table))) {
      named.emplace_back(table).take(group, mentioned);
      continue;
    }
    const bool is_taken =
        std::any_of(shared.begin(), shared.end(), [&](ProbeTable& probe) { return probe.take(group, mentioned); });
    if (!is_taken) shared.emplace_back("whimbrel_table_" + std::to_string(shared.size())).take(group, mentioned);
  }
  std::vector<std::string> statements;
  statements.reserve(named.size() + shared.size());
  for (const auto* tables : {&named, &shared}) {
    for (const ProbeTable& table : *tables) statements.push_back(table.sql(*this));
  }
  return statements;
}

bool Canonicalizer::spell_groups(std::span<const Group> groups) {
  const Answers answers = run([&] {
    std::vector<std::string> statements = tables_sql(groups);
    statements.push_back(spelling_settings());
    statements.push_back(read_query(place_number()));
    return statements;
  });
  if (!answers) return false;
  const std::map<std::string, std::string> spellings = read_spellings(answers->back());
  for (const Group& group : groups) {
    for (ExpressionProbe* const probe : group) {
      probe->current = find_spelling(spellings, *probe, false);
      probe->desired = find_spelling(spellings, *probe, true);
    }
  }
  return true;
}

void Canonicalizer::spell_halves(std::span<const Group> groups) {
  if (groups.empty() || place_ == Place::nowhere || spell_groups(groups)) return;
  if (groups.size() > 1) {
    spell_halves(groups.first(groups.size() / 2));
    spell_halves(groups.subspan(groups.size() / 2));
    return;
  }
  const Group& group = groups.front();
  if (group.size() == 1) return;
  const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
  spell_halves(std::vector<Group>{Group(group.begin(), middle)});
  spell_halves(std::vector<Group>{Group(middle, group.end())});
}

void Canonicalizer::spell(std::span<ExpressionProbe> probes) {
  // Tables with the same name in two schemas are tested separately.
  std::map<std::string, std::vector<Group>> by_name;
  std::map<const model::Table*, std::size_t> places;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    probes[i].number = i;
    const model::Table* const table = probes[i].pair->table;
    std::vector<Group>& groups = by_name[table->name.name];
    const auto [place, is_new] = places.emplace(table, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(&probes[i]);
  }
  for (std::size_t round = 0;; ++round) {
    std::vector<Group> groups;
    for (auto& [name, of_name] : by_name) {
      if (round < of_name.size()) groups.push_back(std::move(of_name[round]));
    }
    if (groups.empty()) return;
    for_each_stretch(std::span<const Group>(groups),
                     [&](std::span<const Group> some, std::size_t) { spell_halves(some); });
  }
}

bool Canonicalizer::compare_together(std::span<const diff::ViewPair> pairs, std::size_t first,
                                     std::vector<bool>& same) {
  constexpr std::ptrdiff_t statements_of_view = 5;
  const Answers answers = run([&] {
    std::vector<std::string> statements;
    for (const diff::ViewPair& pair : pairs) {
      statements.emplace_back("SAVEPOINT whimbrel_view");
      statements.push_back(begin_creation("VIEW ", view_name) + " AS " + ViewText(pair.desired->definition).query);
      statements.push_back(spelling_settings());
      statements.push_back("SELECT pg_get_viewdef(c.oid) FROM pg_class c WHERE c.relname = '" + std::string(view_name) +
                           "' AND c.relnamespace = " + place_number());
      // One view must not hide another one.
      statements.emplace_back("ROLLBACK TO SAVEPOINT whimbrel_view");
    }
    return statements;
  });
  if (!answers) return false;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Rows::Data& rows = (*answers)[i * statements_of_view + 3];
    const ViewText current(pairs[i].current->definition);
    same[first + i] = current.head == ViewText(pairs[i].desired->definition).head && !rows.values.empty() &&
                      plain_query(Fields(rows.values.front()).text()) == current.query;
  }
  return true;
}

void Canonicalizer::compare_halves(std::span<const diff::ViewPair> pairs, std::size_t first, std::vector<bool>& same) {
  if (pairs.empty() || place_ == Place::nowhere || compare_together(pairs, first, same) || pairs.size() == 1) return;
  const std::size_t half = pairs.size() / 2;
  compare_halves(pairs.first(half), first, same);
  compare_halves(pairs.subspan(half), first + half, same);
}

std::vector<bool> Canonicalizer::compare_views(std::span<const diff::ViewPair> pairs) {
  std::vector<bool> same(pairs.size());
  for_each_stretch(pairs, [&](auto some, std::size_t first) { compare_halves(some, first, same); });
  return same;
}

}  // namespace whimbrel::dialect::postgres
