#include "dialect/mysql/generate/statements.h"

#include <utility>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/session_settings.h"

namespace whimbrel::dialect::mysql {

void Statements::say(std::string sql) { say_in({}, std::move(sql)); }

void Statements::say_on(const model::Name& table, std::string sql) {
  end_alter();
  add_on(table, Zone::table, {std::move(sql), description_});
}

void Statements::update(const model::Name& table, std::string sql, Zone zone) {
  end_alter();
  const bool runs_triggers = zone == Zone::table && triggered_.contains(table);
  add_on(table, runs_triggers ? Zone::server : zone, {std::move(sql), description_});
}

void Statements::say_in(const std::string& session, std::string sql) {
  end_alter();
  use(session, description_);
  statements_.push_back({std::move(sql), description_});
}

void Statements::use(const std::string& session, const std::string& description) {
  if (session == session_) return;
  if (!session_.empty()) statements_.push_back({"SET " + plain_session(), "restore the settings of the session"});
  session_ = session;
  if (!session.empty()) statements_.push_back({"SET " + session, description});
}

std::string Statements::session_for(const model::Name& table, Zone zone) const {
  const bool is_local = zone == Zone::server || (zone != Zone::utc && local_.contains(table));
  return is_local ? server_time_zone : "";
}

/// Recomputes the table after a statement in UTC, before one that may fail and leave what was computed in UTC.
void Statements::add_on(const model::Name& table, Zone zone, sql::Statement statement) {
  use(session_for(table, zone), statement.description);
  statements_.push_back(std::move(statement));
  if (zone != Zone::utc || !local_.contains(table)) return;
  const std::string why = "compute what depends on the time zone in table \"" + to_string(table) + '"';
  use(server_time_zone, why);
  statements_.push_back({head(table) + "FORCE, ALGORITHM=COPY", why});
}

bool Statements::fits(const model::Name& table, const AlterPart& part) const {
  if (!open_ || open_->table != table) return false;
  // A part that can be in any zone waits for what follows it, to which it may belong.
  return (open_->zone == Zone::any || session_for(table, open_->zone) == session_for(table, part.zone)) &&
         (part.subject.empty() || !open_->subjects.contains(part.subject));
}

void Statements::append(const std::string& sql) {
  sql::Statement& statement = open_->statement;
  statement.sql += sql;
  if (!statement.description.ends_with(description_)) statement.description += "; " + description_;
}

void Statements::alter(const model::Name& table, AlterPart part) {
  if (fits(table, part)) {
    append(", " + part.sql);
    if (open_->zone == Zone::any) open_->zone = part.zone;
  } else {
    end_alter();
    open_ = Open{table, {head(table) + part.sql, description_}, part.zone};
  }
  open_->subjects.insert(std::move(part.subject));
  open_->algorithms.push_back(part.best);
}

void Statements::alter_at_end(const model::Name& table, const std::string& clause) {
  if (!open_ || open_->table != table) return say_on(table, head(table) + clause);
  append(' ' + clause);
  open_->algorithms.clear();
  end_alter();
}

// Unless it is told to keep the history, the server refuses changes that reach it, too.
// https://mariadb.com/kb/en/system-versioned-tables/#system_versioning_alter_history
std::string Statements::head(const model::Name& table) const {
  return (keeps_history(table) ? "SET STATEMENT system_versioning_alter_history = 'KEEP' FOR ALTER TABLE "
                               : "ALTER TABLE ") +
         quote(table) + ' ';
}

void Statements::alter_empty(const model::Name& table, AlterPart part, const std::string& check, std::string drop) {
  alter(table, std::move(part));
  if (!next_.sql.empty()) return;  // One check is enough for all parts.
  alter(table, {"ADD CONSTRAINT " + quote(check) + " CHECK (1 = 0)", {}, Algorithm::copy});
  next_ = {head(table) + std::move(drop), description_};
}

void Statements::alter_before(const model::Name& table, const std::string& part) {
  if (open_ && open_->table != table) end_alter();
  add_on(table, Zone::table, {head(table) + part, description_});
}

// The server refuses an algorithm that it cannot use, instead of copying the table.
void Statements::end_alter() {
  if (!open_) return;
  Open open = *std::exchange(open_, std::nullopt);
  const std::string_view algorithm = plain_.contains(open.table) ? algorithm_sql(joined(open.algorithms)) : "";
  if (!algorithm.empty()) open.statement.sql += ", ALGORITHM=" + std::string(algorithm);
  add_on(open.table, open.zone, std::move(open.statement));
  if (!next_.sql.empty()) add_on(open.table, Zone::table, std::exchange(next_, {}));
}

std::vector<sql::Statement> Statements::take() {
  end_alter();
  use({}, {});
  return std::move(statements_);
}

}  // namespace whimbrel::dialect::mysql
