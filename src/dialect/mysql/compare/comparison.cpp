#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "dialect/mysql/compare/definers.h"
#include "dialect/mysql/compare/normalised.h"
#include "dialect/mysql/compare/probe.h"
#include "dialect/mysql/compare/renames.h"
#include "dialect/mysql/dialect.h"
#include "dialect/mysql/guard/script_rules.h"
#include "dialect/mysql/rewrite/creatable.h"
#include "dialect/mysql/rewrite/lost_privileges.h"
#include "dialect/mysql/text/program_text.h"
#include "dialect/mysql/text/syntax.h"
#include "dialect/mysql/text/type_text.h"
#include "whimbrel/error.h"

namespace whimbrel::dialect::mysql {

namespace {

/// Returns the renamed schema, read from a copy of the affected objects; nullopt if no complete copy can be created.
std::optional<model::Schema> rename_in_copy(Connection& connection, const Server& server,
                                            const std::vector<operation::Operation>& renames) {
  InspectScope touched;
  touched.objects = true;
  touched.part.emplace();
  for (const operation::Operation& rename : renames) touched.part->changed.push_back(target_name(rename));
  try {
    std::vector<std::string> left_out;
    const std::unique_ptr<Connection> scratch =
        copy_schema(connection, server, touched, CopyUse::generated_statements, left_out);
    if (scratch == nullptr || !left_out.empty()) return std::nullopt;
    for (const sql::Statement& statement : generate(renames, server)) scratch->run(without_definer(statement.sql));
    return inspect(*scratch, server, {});
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::statement || error.kind() == ErrorKind::usage) return std::nullopt;
    throw;
  }
}

class MysqlComparison final : public diff::Comparison {
 public:
  MysqlComparison(const Dialect& dialect, Connection& connection, const Server& server)
      : Comparison(dialect), dialect_(dialect), connection_(connection), server_(server), probe_(connection, server) {}

  diff::SchemaNames schema_names() const override {
    return server_.is_mariadb ? diff::SchemaNames::of_foreign_keys : diff::SchemaNames::of_foreign_keys_and_checks;
  }

  std::optional<diff::SchemaPair> normalised(const model::Schema& current, const model::Schema& desired,
                                             bool everything) const override {
    compares_everything_ = everything;
    if (everything) {
      // In a scratch database everything belongs to the current user.
      diff::SchemaPair pair = is_scratch() ? mysql::normalised(without_definers(current), without_definers(desired))
                                           : mysql::normalised(current, desired);
      keep_starts(pair);
      keep_connected_tables(pair);
      keep_sessions(pair.desired, pair.current);
      return pair;
    }
    if (!defaults_) defaults_ = read_table_defaults(connection_);
    model::Schema whole = desired;
    add_options(whole, current, *defaults_, server_);
    turn_columns(whole, server_);
    return mysql::normalised(current, std::move(whole));
  }

  // Entities do not say attributes like INVISIBLE, which a column keeps.
  bool same_type(const model::Type& current, const model::Type& desired) const override {
    if (current == desired) return true;
    const AttributedType before = split_attributes(current);
    const AttributedType after = split_attributes(desired);
    const bool same_attributes =
        before.attributes == after.attributes || (after.attributes.empty() && !compares_everything_);
    if (!same_attributes) return false;
    return before.type == after.type || read_type(to_string(before.type)) == read_type(to_string(after.type));
  }

  bool sorts_by_values() const override { return true; }

  std::vector<bool> same_expressions(std::span<const diff::ExpressionPair> pairs) const override {
    return probe_.same_expressions(pairs);
  }
  std::vector<bool> same_views(std::span<const diff::ViewPair> pairs) const override {
    std::vector<bool> same = probe_.same_views(pairs);
    // The probe creates all views for one user.
    for (std::size_t i = 0; compares_everything_ && i < pairs.size(); ++i) {
      same[i] = same[i] && definer_clause(pairs[i].current->definition) == definer_clause(pairs[i].desired->definition);
    }
    return same;
  }

  std::vector<operation::Operation> rename_steps(const model::Schema& current,
                                                 std::vector<operation::Operation> renames,
                                                 bool is_whole) const override {
    std::vector<operation::Operation> steps = with_followers(current, renames, server_, is_whole);
    require_creatable(steps, &connection_, server_);
    renames_ = steps;
    return steps;
  }

  model::Schema after_renames(const model::Schema& current,
                              const std::vector<operation::Operation>& renames) const override {
    model::Schema schema = current;
    for (const operation::Operation& rename : renames) operation::apply(schema, rename, mysql_syntax);
    const std::optional<model::Schema> actual = rename_in_copy(connection_, server_, renames);
    if (!actual) return schema;
    for (model::Table& table : schema.tables) {
      const model::Table* const found = actual->find_table(table.name);
      // For a table that renamed ones only need, the copy may lack keys.
      if (found == nullptr || found->foreign_keys.size() < table.foreign_keys.size()) continue;
      std::vector<model::Trigger> triggers = std::move(table.triggers);
      table = *found;
      table.triggers = std::move(triggers);
    }
    for (model::View& view : schema.views) {
      const auto found = std::find_if(actual->views.begin(), actual->views.end(),
                                      [&](const model::View& other) { return other.name == view.name; });
      if (found == actual->views.end()) continue;
      const std::string definer = definer_clause(view.definition);
      view = *found;
      view.definition = with_definer(without_definer(view.definition), definer);
    }
    return schema;
  }

  std::string remark() const override {
    std::string remarks;
    if (!probe_.can_ask()) {
      remarks =
          "expressions are compared as text, because the user may not create a scratch database "
          "(GRANT ALL ON `whimbrel\\_scratch\\_%`.*)";
    }
    for (const std::string& note : notes_on_privileges(renames_, &connection_, server_)) {
      remarks += (remarks.empty() ? "" : "; ") + note;
    }
    return remarks;
  }

 private:
  [[nodiscard]] bool is_scratch() const {
    if (!is_scratch_) is_scratch_ = is_scratch_name(dialect_.default_schema(connection_));
    return *is_scratch_;
  }

  const Dialect& dialect_;
  Connection& connection_;
  Server server_;
  mutable std::optional<bool> is_scratch_;
  mutable Probe probe_;
  mutable std::optional<TableDefaults> defaults_;
  mutable bool compares_everything_ = false;
  mutable std::vector<operation::Operation> renames_;
};

}  // namespace

std::unique_ptr<diff::Comparison> make_comparison(const Dialect& dialect, Connection& connection,
                                                  const Server& server) {
  return std::make_unique<MysqlComparison>(dialect, connection, server);
}

}  // namespace whimbrel::dialect::mysql
