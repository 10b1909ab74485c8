#include "dialect/postgres/without_triggers.h"

#include <string>

namespace whimbrel::dialect::postgres {

namespace {

/// The statements that change when triggers fire. In the database of a program, they are limited to the tables of its
/// scratch schema, which is the current one there.
Rows::Data changes(Connection& scratch, const std::string& mode, const std::string& condition) {
  return scratch.run(
      "SELECT t.oid::text, 'ALTER TABLE ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' " + mode +
      R"( TRIGGER ' || quote_ident(t.tgname)
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND c.relkind IN ('r', 'p')
  AND (n.nspname = current_schema() OR current_database() LIKE 'whimbrel\_scratch\_%') AND )" +
      condition);
}

/// Disables the triggers that fire in one of the ways.
class Silenced {
 public:
  Silenced(Connection& scratch, const char* mode, const std::string& letter) : scratch_(scratch), mode_(mode) {
    // Such triggers fire only on a replica.
    const Rows::Data triggers = changes(scratch, "ENABLE REPLICA", "t.tgenabled = '" + letter + '\'');
    for (const auto& row : triggers.values) {
      scratch.run(row.at(1).text());
      oids_ += (oids_.empty() ? "" : ", ") + row.at(0).text();
    }
  }
  /// Skips those that were dropped or changed since.
  void wake() const {
    if (oids_.empty()) return;
    const Rows::Data triggers = changes(scratch_, mode_, "t.tgenabled = 'R' AND t.oid IN (" + oids_ + ')');
    for (const auto& row : triggers.values) scratch_.run(row.at(1).text());
  }

 private:
  Connection& scratch_;
  const char* mode_;
  std::string oids_;
};

}  // namespace

bool has_triggers(Connection& scratch) {
  return !changes(scratch, "ENABLE", "t.tgenabled IN ('O', 'A')").values.empty();
}

void without_triggers(Connection& scratch, const std::function<void()>& function) {
  const Silenced usual(scratch, "ENABLE", "O");
  const Silenced always(scratch, "ENABLE ALWAYS", "A");
  function();
  usual.wake();
  always.wake();
}

}  // namespace whimbrel::dialect::postgres
