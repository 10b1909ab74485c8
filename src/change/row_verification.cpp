#include "change/row_verification.h"

#include <algorithm>

#include "change/needed_rows.h"
#include "change/sample_rows.h"
#include "change/script_verifier.h"
#include "dialect/samples.h"
#include "dialect/statement_error.h"
#include "sql/writer.h"

namespace whimbrel::change {

namespace {

using model::Table;

/// Limits a table to its first rows.
struct Cut {
  model::Name table;
  std::size_t rows = 0;
};

/// Whether rows keep references to tables that were copied only in part.
enum class References { kept, only_to_whole_tables };

/// One verification with rows.
class RowProof {
 public:
  RowProof(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope)
      : session_(session),
        generated_(generated),
        verifier_(session, copy(session, scope)),
        start_(verifier_.inspect()),
        needed_(needed_rows(generated.operations, start_, session.dialect().syntax())) {
    for (const operation::Operation& operation : generated.operations) {
      changed_.insert(operation::target_name(operation));
      if (const auto* op = std::get_if<operation::AlterEnum>(&operation)) add_tables_with(op->before);
    }
  }

  RowFindings run(RowSource source, std::size_t most, const Cut& cut = {}, References references = References::kept) {
    fill(source, most);
    if (references == References::only_to_whole_tables && !remove_references()) return std::move(findings_);
    if (!cut.table.name.empty()) shorten(cut);
    if (findings_.tables.empty()) return std::move(findings_);
    std::vector<KeptRows> kept = keep();
    findings_.up_failure = failure_of(generated_.script.up, "up");
    if (!findings_.up_failure.empty()) return std::move(findings_);
    for (KeptRows& rows : kept) rows.compare_after_up(findings_.damaged);
    findings_.down_failure = failure_of(generated_.script.down, "down");
    if (!findings_.down_failure.empty()) return std::move(findings_);
    for (KeptRows& rows : kept) rows.compare_after_down(findings_.damaged, findings_.converted);
    return std::move(findings_);
  }

 private:
  static std::unique_ptr<dialect::Connection> copy(session::Session& session, const dialect::InspectScope& scope) {
    std::vector<std::string> left_out;
    return session.dialect().copy_schema(session.connection(), scope, dialect::CopyUse::generated_statements, left_out);
  }

  /// Their rows may hold values that the enum loses.
  void add_tables_with(const model::Enum& type) {
    const auto has_type = [name = to_string(type.name)](const model::Column& column) {
      return column.enum_name == name;
    };
    for (const Table& table : start_.tables) {
      if (std::any_of(table.columns.begin(), table.columns.end(), has_type)) changed_.insert(table.name);
    }
  }

  std::vector<KeptRows> keep() {
    std::vector<KeptRows> kept;
    try {
      for (const auto& [name, count] : findings_.tables) {
        kept.emplace_back(session_.dialect(), verifier_.scratch(), *start_.find_table(name), generated_.operations,
                          generated_.target, kept.size());
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      findings_.not_copied.push_back("the effect on values (" + reason(error, verifier_.scratch()) + ')');
    }
    return kept;
  }

  void fill(RowSource source, std::size_t most) {
    const std::vector<dialect::SampledTable> tables = tables_to_sample(start_, changed_, needed_);
    const dialect::Dialect& dialect = session_.dialect();
    dialect.samples().check_at_once(verifier_.scratch());
    if (source == RowSource::database) {
      findings_.not_copied = dialect.samples().copy_rows(session_.connection(), verifier_.scratch(), tables, most);
      find_partial();
    } else {
      RowMaker maker(dialect, verifier_.scratch());
      const auto kind = source == RowSource::made ? RowMaker::Kind::all : RowMaker::Kind::ordinary;
      dialect.samples().without_triggers(verifier_.scratch(), [&] {
        for (const dialect::SampledTable& sampled : tables) maker.make(with_later_keys(sampled), kind);
      });
    }
    for (const dialect::SampledTable& sampled : tables) {
      const model::Name& name = sampled.table->name;
      if (!changed_.contains(name)) continue;
      const std::int64_t count = count_rows(verifier_.scratch(), quoted_name(dialect, name));
      if (count > 0) findings_.tables.emplace_back(name, static_cast<std::size_t>(count));
      if (count == 0 && source == RowSource::database) note_missing(sampled);
    }
  }

  void note_missing(const dialect::SampledTable& sampled) {
    const model::Name& name = sampled.table->name;
    const std::string words = "rows of table \"" + to_string(name) + '"';
    const bool is_noted = std::any_of(findings_.not_copied.begin(), findings_.not_copied.end(),
                                      [&](const std::string& known) { return known.starts_with(words); });
    if (is_noted || is_whole(name)) return;
    const bool references_rows = !sampled.table->foreign_keys.empty() || !sampled.later_keys.empty();
    findings_.not_copied.push_back(words + (references_rows
                                                ? " (none could be copied together with the rows that it references)"
                                                : " (none could be copied)"));
  }

  static std::int64_t count_rows(dialect::Connection& connection, const std::string& from) {
    return connection.run("SELECT count(*) FROM " + from).values.at(0).at(0).integer();
  }

  /// A generated row references other generated rows by the keys that are added, too.
  static Table with_later_keys(const dialect::SampledTable& sampled) {
    Table table = *sampled.table;
    table.foreign_keys.insert(table.foreign_keys.end(), sampled.later_keys.begin(), sampled.later_keys.end());
    return table;
  }

  void find_partial() {
    for (const model::Name& name : needed_.read) {
      if (is_whole(name)) continue;
      partial_.insert(name);
      findings_.partial += (findings_.partial.empty() ? "\"" : ", \"") + to_string(name) + '"';
    }
  }

  /// Returns false if SQL of the migration reads such a table, too.
  bool remove_references() {
    const auto is_partial = [&](const model::Name& name) { return partial_.contains(name); };
    if (std::any_of(needed_.named.begin(), needed_.named.end(), is_partial)) return false;
    session_.dialect().samples().without_triggers(verifier_.scratch(), [&] {
      for (const auto& [child, key] : needed_.changed_keys) {
        if (!partial_.contains(key.referenced_table)) continue;
        sql::Writer update(session_.dialect().syntax());
        update.raw("UPDATE ").raw(quoted_name(session_.dialect(), child)).raw(" SET ");
        update.list(key.columns, [&](const std::string& column) {
          update.raw(session_.dialect().quote_identifier(column)).raw(" = NULL");
        });
        verifier_.scratch().run(update.take());
      }
    });
    return true;
  }

  [[nodiscard]] bool is_whole(const model::Name& name) const {
    const std::string table = quoted_name(session_.dialect(), name);
    const std::int64_t copied = count_rows(verifier_.scratch(), table);
    const std::string one_more = "(SELECT 1 FROM " + table + " LIMIT " + std::to_string(copied + 1) + ") AS t";
    try {
      return count_rows(session_.connection(), one_more) == copied;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::statement) throw;
      return false;
    }
  }

  /// Returns an SQL expression that identifies the rows of a table.
  [[nodiscard]] std::string key_of(const Table& table) const {
    if (auto id = session_.dialect().samples().row_id(table)) return *id;
    sql::Writer writer(session_.dialect().syntax());
    if (!table.primary_key) return {};
    writer.list(table.primary_key->columns,
                [&](const model::KeyPart& part) { writer.raw(session_.dialect().quote_identifier(part.column)); });
    return writer.take();
  }

  /// Throws Error if other rows reference the deleted ones, or could by a key that is added.
  void shorten(const Cut& cut) {
    for (const auto& [child, key] : needed_.later_keys) {
      if (key.referenced_table != cut.table) continue;
      throw Error(ErrorKind::statement, "Rows of \"" + to_string(child) + "\" may reference the deleted ones.");
    }
    const Table& table = *start_.find_table(cut.table);
    const std::string key = key_of(table);
    const std::string name = quoted_name(session_.dialect(), table.name);
    const std::string order = " FROM " + name + " ORDER BY " + key;
    if (cut.rows > 0) findings_.row = row(table, order + " LIMIT 1 OFFSET " + std::to_string(cut.rows - 1));
    // MariaDB and MySQL take a LIMIT, and a table that is changed, only in a derived table.
    verifier_.scratch().run("DELETE FROM " + name + " WHERE (" + key + ") NOT IN (SELECT * FROM (SELECT " + key +
                            order + " LIMIT " + std::to_string(cut.rows) + ") AS kept)");
  }

  [[nodiscard]] std::string row(const Table& table, const std::string& from) const {
    constexpr std::size_t most = 8;
    const dialect::Dialect& dialect = session_.dialect();
    const std::size_t shown = std::min(table.columns.size(), most);
    sql::Writer writer(session_.dialect().syntax());
    writer.raw("SELECT ");
    writer.list(std::vector(table.columns.begin(), table.columns.begin() + static_cast<std::ptrdiff_t>(shown)),
                [&](const model::Column& column) {
                  const std::string value = dialect.samples().kept(dialect.quote_identifier(column.name));
                  writer.raw(dialect.samples().shown(value, column.type));
                });
    const Rows::Data rows = verifier_.scratch().run(writer.raw(from).take());
    if (rows.values.empty()) return {};
    std::string words;
    for (std::size_t i = 0; i < shown; ++i) {
      words += (i > 0 ? ", " : "") + table.columns[i].name + " = " + rows.values[0][i].text();
    }
    return "\"" + to_string(table.name) + "\" with " + words + (shown < table.columns.size() ? ", ..." : "");
  }

  std::string failure_of(const std::vector<sql::Statement>& script, const char* which) const {
    try {
      verifier_.run(script, which, ScriptVerifier::Look::at_rows);
      return {};
    } catch (const VerificationError& error) {
      return error.why();
    }
  }

  session::Session& session_;
  const SchemaChange& generated_;
  ScriptVerifier verifier_;
  model::Schema start_;
  NeededRows needed_;
  std::set<model::Name> changed_;
  std::set<model::Name> partial_;  ///< The tables of NeededRows::read that were copied only in part.
  RowFindings findings_;
};

/// Returns whether both fail with the same message.
bool fail_alike(const RowFindings& a, const RowFindings& b) {
  return a.up_failure == b.up_failure && a.down_failure == b.down_failure;
}

/// Finds the first row with which the script fails as it does with all rows. Without this row and later ones, it
/// succeeds or fails for another reason.
class RowSearch {
 public:
  RowSearch(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope,
            std::size_t most, const RowFindings& failed)
      : session_(session), generated_(generated), scope_(scope), most_(most), failed_(failed) {}

  [[nodiscard]] std::string find() const {
    for (const auto& [name, count] : failed_.tables) {
      try {
        if (fails({name, 0})) continue;
        return find(name, count);
      } catch (const Error& error) {
        // Other rows reference the rows to delete.
        if (error.kind() != ErrorKind::statement) throw;
      }
    }
    return {};
  }

 private:
  [[nodiscard]] RowFindings run(const Cut& cut) const {
    return RowProof(session_, generated_, scope_).run(RowSource::database, most_, cut);
  }
  [[nodiscard]] bool fails(const Cut& cut) const { return fail_alike(run(cut), failed_); }
  [[nodiscard]] std::string find(const model::Name& name, std::size_t count) const {
    std::size_t good = 0;
    std::size_t bad = count;
    while (bad - good > 1) {
      const std::size_t middle = good + (bad - good) / 2;
      (fails({name, middle}) ? bad : good) = middle;
    }
    const RowFindings found = run({name, bad});
    return fail_alike(found, failed_) ? found.row : std::string();
  }

  session::Session& session_;
  const SchemaChange& generated_;
  const dialect::InspectScope& scope_;
  std::size_t most_;
  const RowFindings& failed_;
};

/// Returns whether the script fails in the same way if no row references a table that was copied only in part: the rows
/// that were not copied cannot be the reason then.
bool fails_without_partial(session::Session& session, const SchemaChange& generated, const dialect::InspectScope& scope,
                           std::size_t most, const RowFindings& failed) {
  if (failed.up_failure.empty() || failed.partial.empty()) return false;
  try {
    RowProof proof(session, generated, scope);
    const RowFindings found = proof.run(RowSource::database, most, {}, References::only_to_whole_tables);
    return found.up_failure == failed.up_failure;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::statement) throw;
    return false;  // A column that cannot be NULL.
  }
}

}  // namespace

RowFindings verify_with_rows(session::Session& session, const SchemaChange& generated,
                             const dialect::InspectScope& scope, RowSource source, std::size_t most) {
  RowFindings findings = RowProof(session, generated, scope).run(source, most);
  if (source == RowSource::database && fails_without_partial(session, generated, scope, most, findings)) {
    findings.partial.clear();
  }
  const bool fails = !findings.up_failure.empty() || !findings.down_failure.empty();
  if (fails && source == RowSource::database && findings.partial.empty()) {
    findings.row = RowSearch(session, generated, scope, most, findings).find();
  }
  return findings;
}

}  // namespace whimbrel::change
