#include "dialect/mysql/generate/statements.h"

#include <iterator>

#include "dialect/mysql/generate/definition.h"
#include "dialect/mysql/text/program_session.h"
#include "dialect/mysql/text/session_settings.h"

namespace whimbrel::dialect::mysql {

void Statements::say(std::string sql) { say_in({}, std::move(sql)); }

void Statements::say_on(const model::Name& table, std::string sql) {
  say_in(local_.contains(table) ? server_time_zone : "", std::move(sql));
}

void Statements::say_in(const std::string& session, std::string sql) {
  end_alter();
  use(session);
  statements_.push_back({std::move(sql), description_});
}

void Statements::use(const std::string& session) {
  if (session == session_) return;
  if (!session_.empty()) statements_.push_back({"SET " + plain_session(), "restore the settings of the session"});
  session_ = session;
  if (!session.empty()) statements_.push_back({"SET " + session, description_});
}

void Statements::alter(const model::Name& table, AlterPart part) {
  const bool fits = is_open_ && table_ == table && (part.subject.empty() || !subjects_.contains(part.subject));
  if (fits) {
    sql::Statement& last = statements_.back();
    last.sql += ", " + part.sql;
    if (!last.description.ends_with(description_)) last.description += "; " + description_;
  } else {
    say_on(table, head(table) + part.sql);
    is_open_ = true;
    table_ = table;
  }
  subjects_.insert(std::move(part.subject));
  algorithms_.push_back(part.best);
}

void Statements::alter_at_end(const model::Name& table, const std::string& clause) {
  if (is_open_ && table_ == table) {
    statements_.back().sql += ' ' + clause;
    if (!statements_.back().description.ends_with(description_)) statements_.back().description += "; " + description_;
  } else {
    say_on(table, head(table) + clause);
  }
  is_open_ = false;
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
  if (!is_open_ || table_ != table) return say_on(table, head(table) + part);
  statements_.insert(std::prev(statements_.end()), {head(table) + part, description_});
}

void Statements::recompute(const model::Name& table) {
  describe("compute what depends on the time zone in table \"" + to_string(table) + '"');
  say_in(server_time_zone, head(table) + "FORCE, ALGORITHM=COPY");
}

// The server refuses an algorithm that it cannot use, instead of copying the table.
void Statements::end_alter() {
  const std::string_view algorithm = plain_.contains(table_) ? algorithm_sql(joined(algorithms_)) : "";
  if (is_open_ && !algorithm.empty()) statements_.back().sql += ", ALGORITHM=" + std::string(algorithm);
  is_open_ = false;
  subjects_.clear();
  algorithms_.clear();
  if (!next_.sql.empty()) statements_.push_back(std::exchange(next_, {}));
}

std::vector<sql::Statement> Statements::take() {
  end_alter();
  use({});
  return std::move(statements_);
}

}  // namespace whimbrel::dialect::mysql
