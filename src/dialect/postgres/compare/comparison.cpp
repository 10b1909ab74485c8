#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "dialect/postgres/compare/column_order.h"
#include "dialect/postgres/compare/equivalence.h"
#include "dialect/postgres/compare/extension_moves.h"
#include "dialect/postgres/compare/parents.h"
#include "dialect/postgres/compare/probe.h"
#include "dialect/postgres/compare/publications.h"
#include "dialect/postgres/compare/result_names.h"
#include "dialect/postgres/compare/sequence_roles.h"
#include "dialect/postgres/compare/view_comments.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/generate/comment.h"
#include "dialect/postgres/generate/definition.h"
#include "dialect/postgres/text/syntax.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::postgres {

namespace {

bool is_move(const operation::Operation& operation) {
  return std::holds_alternative<operation::AlterObject>(operation);
}

struct Renamed {
  std::vector<model::Object> objects;  ///< Before the renames.
  model::Schema schema;
};

/// Returns the schemas into which tables move that are not there yet, and that the renames do not create either.
std::vector<std::string> new_schemas(const model::Schema& current, const std::vector<operation::Operation>& renames) {
  std::set<std::string> there(current.schemas.begin(), current.schemas.end());
  std::vector<std::string> made;
  for (const operation::Operation& operation : renames) {
    if (const auto* const create = std::get_if<operation::CreateSchema>(&operation)) there.insert(create->schema);
    const auto* const rename = std::get_if<operation::RenameTable>(&operation);
    if (rename == nullptr || rename->to.schema.empty() || !there.insert(rename->to.schema).second) continue;
    made.push_back(rename->to.schema);
  }
  return made;
}

/// Returns the renamed schema, read from a copy of the affected objects; nullopt if no complete copy can be created.
std::optional<Renamed> rename_in_copy(Connection& connection, const model::Schema& current,
                                      const std::vector<operation::Operation>& renames) {
  // Only complete schemas have comments as objects, and extensions that move.
  const bool moves_any = std::any_of(renames.begin(), renames.end(), is_move);
  const bool is_complete = moves_any || std::any_of(current.objects.begin(), current.objects.end(), is_property);
  const std::vector<std::string> made = new_schemas(current, renames);
  InspectScope scope{.schemas = current.schemas, .everything = is_complete, .objects = true};
  scope.schemas.insert(scope.schemas.end(), made.begin(), made.end());
  InspectScope touched = scope;
  if (!moves_any) touched.part.emplace();
  for (const operation::Operation& rename : renames) {
    if (touched.part) touched.part->changed.push_back(target_name(rename));
  }
  try {
    std::vector<std::string> left_out;
    const std::unique_ptr<Connection> scratch =
        copy_schema(connection, touched, CopyUse::generated_statements, left_out);
    if (!left_out.empty()) return std::nullopt;
    Renamed renamed{inspect(*scratch, scope).objects, {}};
    for (const std::string& schema : made) {
      for (const sql::Statement& statement : generate({operation::CreateSchema{schema}})) scratch->run(statement.sql);
    }
    for (const sql::Statement& statement : generate(renames)) scratch->run(statement.sql);
    renamed.schema = inspect(*scratch, scope);
    return renamed;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::statement || error.kind() == ErrorKind::usage) return std::nullopt;
    throw;
  }
}

/// Replaces the table by that of the copy; an index that was interrupted is complete there. For a table that renamed
/// objects only need, the copy may lack keys.
void take_over(model::Table& table, model::Table actual) {
  if (actual.foreign_keys.size() < table.foreign_keys.size()) return;
  std::map<std::string, bool> is_invalid;
  for (const model::Index& index : table.indexes) is_invalid[index.name.text] = index.invalid;
  for (model::Index& index : actual.indexes) index.invalid = is_invalid[index.name.text];
  table = std::move(actual);
}

/// The name of a policy contains that of its table, the name of a function its argument types, so objects are
/// identified by their OIDs.
void take_over(std::vector<model::Object>& objects, const Renamed& renamed) {
  std::map<std::pair<std::string, std::int64_t>, const model::Object*> after;
  for (const model::Object& object : renamed.schema.objects) after[{object.kind, object.number.value}] = &object;
  std::map<std::pair<std::string, model::Name>, std::int64_t> numbers;
  for (const model::Object& object : renamed.objects) numbers[{object.kind, object.name}] = object.number.value;
  for (model::Object& object : objects) {
    const auto number = numbers.find({object.kind, object.name});
    if (number == numbers.end() || number->second == 0) continue;
    const auto found = after.find({object.kind, number->second});
    if (found != after.end()) object = *found->second;
  }
}

template <class T>
std::map<model::Name, T*> by_name(std::vector<T>& items) {
  std::map<model::Name, T*> result;
  for (T& item : items) result.emplace(item.name, &item);
  return result;
}

[[noreturn]] void refuse_move() {
  throw Error(ErrorKind::unsafe,
              "An extension would move to another schema. Its effects cannot be determined, because the database "
              "cannot be copied completely.")
      .with_remedy("First write a migration that moves it: ALTER EXTENSION ... SET SCHEMA (`newmigration`).");
}

class PostgresComparison final : public diff::Comparison {
 public:
  PostgresComparison(const Dialect& dialect, Connection& connection)
      : Comparison(dialect), connection_(connection), canonicalizer_(connection) {}

  std::optional<diff::SchemaPair> normalised(const model::Schema& current, const model::Schema& desired,
                                             bool everything) const override {
    std::optional<diff::SchemaPair> result;
    const auto apply = [&](auto function) {
      auto changed = function(result ? result->current : current, result ? result->desired : desired);
      if (changed) result = std::move(changed);
    };
    if (everything) apply(with_same_roles);
    apply([&](const model::Schema& from, const model::Schema& to) {
      return with_parts_of_parents(from, to, everything);
    });
    if (everything) apply(with_current_publications);
    if (everything) apply(with_view_comments_apart);
    if (everything) apply(with_current_column_order);
    apply(with_current_result_names);
    return result;
  }

  bool same_type(const model::Type& current, const model::Type& desired) const override {
    return current == desired || read_type(to_string(current)) == read_type(to_string(desired));
  }

  std::vector<bool> same_expressions(std::span<const diff::ExpressionPair> pairs) const override {
    std::vector<bool> same(pairs.size());
    std::vector<ExpressionProbe> probes;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      same[i] = have_same_meaning(pairs[i], pairs[i].current, pairs[i].desired);
      if (!same[i]) probes.push_back({&pairs[i], {}, {}, 0});
    }
    canonicalizer_.spell(probes);
    for (std::size_t i = 0, probe = 0; i < pairs.size(); ++i) {
      if (same[i]) continue;
      const ExpressionProbe& asked = probes[probe++];
      same[i] = asked.desired && (have_same_meaning(pairs[i], pairs[i].current, *asked.desired) ||
                                  (asked.current && have_same_meaning(pairs[i], *asked.current, *asked.desired)));
    }
    return same;
  }

  std::vector<bool> same_views(std::span<const diff::ViewPair> pairs) const override {
    return canonicalizer_.compare_views(pairs);
  }

  bool leaves_out_casts() const override { return true; }
  diff::SchemaNames schema_names() const override { return diff::SchemaNames::of_indexes_and_keys; }

  model::Schema after_renames(const model::Schema& current,
                              const std::vector<operation::Operation>& renames) const override {
    model::Schema schema = current;
    for (const operation::Operation& rename : renames) operation::apply(schema, rename, postgres_syntax);
    std::optional<Renamed> renamed = rename_in_copy(connection_, current, renames);
    if (!renamed && std::any_of(renames.begin(), renames.end(), is_move)) refuse_move();
    if (!renamed) return schema;
    take_over(schema.objects, *renamed);
    model::Schema* const actual = &renamed->schema;
    const auto tables = by_name(actual->tables);
    for (model::Table& table : schema.tables) {
      const auto found = tables.find(table.name);
      if (found != tables.end()) take_over(table, std::move(*found->second));
    }
    const auto views = by_name(actual->views);
    for (model::View& view : schema.views) {
      const auto found = views.find(view.name);
      if (found != views.end()) view = std::move(*found->second);
    }
    return schema;
  }

  std::vector<operation::Operation> moves(const model::Schema& current, const model::Schema& desired) const override {
    return extension_moves(current, desired);
  }

  std::string remark() const override {
    if (canonicalizer_.can_ask()) return {};
    return "expressions are compared as text, because the role may create neither temporary tables nor schemas "
           "(GRANT TEMPORARY ON DATABASE)";
  }

 private:
  Connection& connection_;
  mutable Canonicalizer canonicalizer_;
};

}  // namespace

std::unique_ptr<diff::Comparison> make_comparison(const Dialect& dialect, Connection& connection) {
  return std::make_unique<PostgresComparison>(dialect, connection);
}

}  // namespace whimbrel::dialect::postgres
