#include "session/statement_journal.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "model/sha1.h"
#include "session/stored_rows.h"
#include "session/transaction.h"

namespace whimbrel::run {

namespace {

using dialect::StatementEffect;
using history::JournalEntry;

// A statement never contains it.
constexpr char separator = '\0';

std::string join(const std::vector<std::string>& statements) {
  std::string text;
  for (const std::string& statement : statements) text += statement + separator;
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> statements;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    statements.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return statements;
}

std::int64_t last_ordinal(const JournalEntry& operation) {
  std::int64_t number = operation.ordinal;
  std::from_chars(operation.result.data(), operation.result.data() + operation.result.size(), number);
  return number;
}

}  // namespace

StatementJournal::StatementJournal(Session& session, history::PartialMigration partial)
    : session_(session), partial_(std::move(partial)) {
  resolve_last();
}

std::string StatementJournal::state_of(std::string_view statement) const {
  return model::sha1(session_.dialect().catalog_state(session_.connection(), statement));
}

void StatementJournal::resolve_last() {
  if (partial_.entries.empty() || partial_.entries.back().is_done) return;
  JournalEntry& last = partial_.entries.back();
  if (session_.dialect().effect(last.text) == StatementEffect::unknown) return;
  dialect::Connection& connection = session_.connection();
  if (!last.is_operation() && state_of(last.text) != last.state) {
    session_.journal().set_done(connection, last);
    last.is_done = true;
    return;
  }
  session_.journal().remove(connection, last);
  partial_.entries.pop_back();
  resolve_last();  // It may be the first statement of an operation.
}

const JournalEntry* StatementJournal::find(std::int64_t ordinal) const {
  const auto found =
      std::lower_bound(partial_.entries.begin(), partial_.entries.end(), ordinal,
                       [](const JournalEntry& entry, std::int64_t number) { return entry.ordinal < number; });
  return found == partial_.entries.end() || found->ordinal != ordinal ? nullptr : &*found;
}

Rows::Data StatementJournal::run(std::string_view statement, const std::string& hash, const Send& send) {
  return is_replaying() ? replay(statement, hash, send) : record(statement, hash, send);
}

const JournalEntry* StatementJournal::next_earlier(const std::string& hash) {
  const JournalEntry* const entry = find(next_);
  if (entry != nullptr && entry->hash != hash) throw was_changed();
  ++next_;
  return entry;
}

Rows::Data StatementJournal::replay(std::string_view statement, const std::string& hash, const Send& send) {
  const StatementEffect effect = session_.dialect().effect(statement);
  if (effect == StatementEffect::unknown) {
    throw cannot_continue("statement " + std::to_string(next_) + " cannot be repeated for a new session");
  }
  const JournalEntry* const entry = next_earlier(hash);
  if (effect == StatementEffect::session) return send(statement);
  if (entry == nullptr || entry->result.empty()) return {};
  if (std::optional<Rows::Data> rows = read_rows(entry->result)) return std::move(*rows);
  Rows::Data rows = send(statement);
  if (to_stored(rows) == entry->result) return rows;
  throw cannot_continue("it depends on rows that have changed since");
}

void StatementJournal::run_query(std::string_view statement, const std::string& hash, const Receive& receive,
                                 const std::function<void(const Receive& receive)>& stream) {
  if (is_replaying()) {
    const JournalEntry* const entry = next_earlier(hash);
    const std::optional<Rows::Data> rows = entry == nullptr ? std::nullopt : read_rows(entry->result);
    if (!rows) throw cannot_continue("it depends on rows that the journal does not have");
    for (const std::vector<Value>& row : rows->values) receive(rows->columns, row);
    return;
  }
  record(statement, hash, [&] {
    StoredRows stored;
    stream([&](const std::vector<std::string>& columns, const std::vector<Value>& values) {
      stored.add(columns, values);
      receive(columns, values);
    });
    return stored.text();
  });
}

Rows::Data StatementJournal::record(std::string_view statement, const std::string& hash, const Send& send) {
  Rows::Data rows;
  record(statement, hash, [&] {
    rows = send(statement);
    return rows.columns.empty() ? std::string() : to_stored(rows);
  });
  return rows;
}

// A rollback undoes the entry together with the rows. What cannot be rolled back has its entry before and after it.
void StatementJournal::record(std::string_view statement, const std::string& hash,
                              const std::function<std::string()>& send) {
  dialect::Connection& connection = session_.connection();
  const history::Journal& journal = session_.journal();
  JournalEntry entry{.ordinal = next_++, .hash = hash, .text = std::string(statement), .state = {}, .result = {}};
  if (before_each_) before_each_();
  const StatementEffect effect = session_.dialect().effect(statement);
  if (effect == StatementEffect::rows) {
    std::optional<Transaction> own;
    if (!connection.is_transaction_active()) own.emplace(session_);
    entry.result = send();
    entry.is_done = true;
    journal.add(connection, partial_, entry);
    if (own) own->commit();
  } else {
    if (effect != StatementEffect::session) entry.state = state_of(statement);
    journal.add(connection, partial_, entry);
    entry.result = send();
    journal.set_done(connection, entry);
  }
  if (on_recorded_) on_recorded_(entry);
}

void StatementJournal::run_operation(const std::function<void()>& operation, const Send& send) {
  if (!is_replaying()) return operation();
  const JournalEntry* const entry = find(next_);
  if (entry == nullptr || !entry->is_operation()) throw was_changed();
  if (!entry->is_done) return complete(*entry, send);
  next_ = last_ordinal(*entry) + 1;
}

// The statements were generated for the schema at that time.
void StatementJournal::complete(const JournalEntry& operation, const Send& send) {
  JournalEntry done = operation;
  const std::vector<std::string> statements = split(operation.text);
  const auto count = static_cast<std::size_t>(partial_.entries.back().ordinal - operation.ordinal);
  next_ += 1 + static_cast<std::int64_t>(count);
  for (std::size_t i = count; i < statements.size(); ++i) record(statements[i], model::sha1(statements[i]), send);
  done.result = std::to_string(next_ - 1);
  session_.journal().set_done(session_.connection(), done);
}

void StatementJournal::run_all(const std::vector<std::string>& statements, const Send& send) {
  JournalEntry operation{.ordinal = next_++, .hash = {}, .text = join(statements), .state = {}, .result = {}};
  session_.journal().add(session_.connection(), partial_, operation);
  for (const std::string& statement : statements) record(statement, model::sha1(statement), send);
  operation.result = std::to_string(next_ - 1);
  session_.journal().set_done(session_.connection(), operation);
}

void StatementJournal::require_same_schema() const {
  if (is_replaying()) throw cannot_continue("it reads the schema, which has changed since");
}

void StatementJournal::require_complete() const {
  if (is_replaying()) throw was_changed();
}

Error StatementJournal::was_changed() const {
  return cannot_continue("it was changed: its statement " + std::to_string(next_) + " was a different one");
}

Error StatementJournal::cannot_continue(const std::string& reason) const {
  const bool reverting = partial_.reverting;
  return Error(ErrorKind::migration,
               "An earlier run ended inside the migration, and this one cannot continue it: " + reason + ".")
      .with_remedy(std::string("Complete it by hand and record that with `") +
                   (reverting ? "revertmigration" : "migrations") + " --fake`; or go back with `" +
                   (reverting ? "migrations" : "revertmigration") + "`. `status` says where it stands.");
}

}  // namespace whimbrel::run
