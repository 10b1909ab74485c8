#include "session/statement_journal.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "model/sha1.h"
#include "session/stored_rows.h"
#include "session/transaction.h"

namespace whimbrel::session {

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

/// The server's text is longer than the journal needs.
std::string state_of(Session& session, std::string_view statement) {
  return model::sha1(session.dialect().catalog_state(session.connection(), statement));
}

/// Of those that a migration that was turned around has left to do, the one at which a run ended has a state.
bool was_running(const JournalEntry& entry) { return !entry.is_done && !entry.is_operation() && !entry.state.empty(); }

/// Returns whether the database says that the statement failed, rather than being lost meanwhile.
bool is_answered(const Error& error) { return error.kind() == ErrorKind::statement || error.kind() == ErrorKind::busy; }

std::int64_t last_ordinal(const JournalEntry& operation) {
  std::int64_t number = operation.ordinal;
  std::from_chars(operation.result.data(), operation.result.data() + operation.result.size(), number);
  return number;
}

}  // namespace

StatementJournal::StatementJournal(Session& session, const history::PartialMigration& partial)
    : session_(session), partial_(decided(session, partial)) {
  if (const std::int64_t ordinal = undecided(session, partial_); ordinal != 0) {
    throw cannot_continue("its statement " + std::to_string(ordinal) +
                          " was running, or failed halfway, and it is not known what it did");
  }
  keep_decision(partial);
}

history::PartialMigration StatementJournal::decided(Session& session, history::PartialMigration partial) {
  std::vector<JournalEntry>& entries = partial.entries;
  while (!entries.empty() && !entries.back().is_done && undecided(session, partial) == 0) {
    JournalEntry& last = entries.back();
    // One with an effect on the session only is repeated.
    if (!last.is_operation() && (last.state.empty() || state_of(session, last.text) != last.state)) {
      last.is_done = true;
      break;
    }
    entries.pop_back();  // The one before it may be the operation that it began.
  }
  for (JournalEntry& entry : entries) {
    if (was_running(entry) && entry.result.empty() && state_of(session, entry.text) != entry.state) {
      entry.is_done = true;
    }
  }
  return partial;
}

std::int64_t StatementJournal::undecided(Session& session, const history::PartialMigration& partial) {
  const auto same = [&](const JournalEntry& entry) {
    return state_of(session, entry.text) == entry.state &&
           !session.dialect().tells_completion(session.connection(), entry.text);
  };
  for (const JournalEntry& entry : partial.entries) {
    const bool is_last = &entry == &partial.entries.back();
    if (entry.is_done || entry.is_operation() || (!is_last && entry.state.empty())) continue;
    const StatementEffect effect = session.dialect().effect(entry.text);
    if (effect == StatementEffect::unknown || effect == StatementEffect::program || !entry.result.empty() ||
        (!entry.state.empty() && same(entry))) {
      return entry.ordinal;
    }
  }
  return 0;
}

void StatementJournal::keep_decision(const history::PartialMigration& earlier) {
  for (std::size_t i = earlier.entries.size(); i > partial_.entries.size(); --i) {
    session_.journal().remove(session_.connection(), earlier.entries[i - 1]);
  }
  for (std::size_t i = 0; i < partial_.entries.size(); ++i) {
    const JournalEntry& entry = partial_.entries[i];
    if (entry.is_done != earlier.entries[i].is_done) session_.journal().set_done(session_.connection(), entry);
  }
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
  if (entry != nullptr && !entry->is_done) return run_left(*entry, send);
  if (entry == nullptr && effect == StatementEffect::nothing) {
    throw cannot_continue("it depends on rows that it read in a transaction which was rolled back");
  }
  if (entry == nullptr || entry->result.empty()) return {};
  throw_stored_error(entry->result);
  if (std::optional<Rows::Data> rows = read_rows(entry->result)) return std::move(*rows);
  Rows::Data rows = send(statement);
  if (to_stored(rows) == entry->result) return rows;
  throw cannot_continue("it depends on rows that have changed since");
}

// An error leaves it to do, as long as it has done nothing.
Rows::Data StatementJournal::run_left(JournalEntry entry, const Send& send) {
  const history::Journal& journal = session_.journal();
  dialect::Connection& connection = session_.connection();
  if (before_each_) before_each_();
  entry.state = state_of(session_, entry.text);
  journal.set_state(connection, entry);
  Rows::Data rows;
  try {
    rows = send(entry.text);
  } catch (const Error& error) {
    if (is_answered(error)) write_after_error(entry.ordinal, [&] { write_left_failure(entry, error); });
    throw;
  }
  entry.is_done = true;
  journal.set_done(connection, entry);
  return rows;
}

void StatementJournal::write_left_failure(JournalEntry entry, const Error& error) {
  if (state_of(session_, entry.text) == entry.state) {
    entry.state.clear();
    session_.journal().set_state(session_.connection(), entry);
  } else {
    entry.result = to_stored(error);
    session_.journal().set_result(session_.connection(), entry);
  }
}

void StatementJournal::write_after_error(std::int64_t ordinal, const std::function<void()>& write) {
  try {
    write();
  } catch (const std::exception& error) {
    session_.log(LogLevel::error, "The failure of statement " + std::to_string(ordinal) +
                                      " could not be written to the journal: " + error.what());
  }
}

void StatementJournal::run_query(std::string_view statement, const std::string& hash, const Receive& receive,
                                 const std::function<void(const Receive& receive)>& stream) {
  if (is_replaying()) {
    const JournalEntry* const entry = next_earlier(hash);
    if (entry != nullptr) throw_stored_error(entry->result);
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
  JournalEntry entry{.ordinal = next_++, .hash = hash, .text = std::string(statement), .state = {}, .result = {}};
  const StatementEffect effect = session_.dialect().effect(statement);
  if (effect == StatementEffect::unknown && last_earlier() > 0) {
    throw cannot_continue("statement " + std::to_string(entry.ordinal) + " depends on what the session did before");
  }
  if (before_each_) before_each_();
  add_failures();
  try {
    if (effect == StatementEffect::rows || effect == StatementEffect::nothing) {
      std::optional<Transaction> own;
      if (!session_.connection().is_transaction_active()) own.emplace(session_);
      entry.result = send();
      entry.is_done = true;
      session_.journal().add(session_.connection(), partial_, entry);
      if (own) own->commit();
    } else {
      if (effect == StatementEffect::schema) entry.state = state_of(session_, statement);
      run_for_good(entry, send);
    }
  } catch (const Error& error) {
    if (is_answered(error)) note_failure({std::move(entry), effect}, error);
    throw;
  }
  if (on_recorded_) on_recorded_(entry);
}

void StatementJournal::run_for_good(JournalEntry& entry, const std::function<std::string()>& send) {
  dialect::Connection& connection = session_.connection();
  session_.journal().add(connection, partial_, entry);
  entry.result = send();
  entry.is_done = true;
  session_.journal().set_done(connection, entry);
}

void StatementJournal::note_failure(Failure failure, const Error& error) {
  failure.entry.is_done = false;
  failure.entry.result = to_stored(error);
  failures_.push_back(std::move(failure));
  write_after_error(failures_.back().entry.ordinal, [&] { write_failure(failures_.back()); });
}

// A schema change that failed has changed nothing, or some of its objects.
void StatementJournal::write_failure(Failure& failure) {
  const JournalEntry& entry = failure.entry;
  const bool is_there = failure.effect != StatementEffect::rows && failure.effect != StatementEffect::nothing;
  const bool has_done_nothing =
      failure.effect == StatementEffect::session ||
      (failure.effect == StatementEffect::schema && state_of(session_, entry.text) == entry.state);
  failure.is_in_journal = is_there && !has_done_nothing;
  if (failure.is_in_journal) {
    session_.journal().set_result(session_.connection(), entry);
  } else if (is_there) {
    session_.journal().remove(session_.connection(), entry);
  }
  failure.is_noted = true;
}

void StatementJournal::add_failures() {
  for (Failure& failure : failures_) {
    if (!failure.is_noted) write_failure(failure);
    failure.entry.is_done = true;
    if (failure.is_in_journal) {
      session_.journal().set_done(session_.connection(), failure.entry);
    } else {
      session_.journal().add(session_.connection(), partial_, failure.entry);
    }
  }
  failures_.clear();
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
  if (count > statements.size()) throw cannot_continue("it continued after a failed operation");
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
  return cannot_continue("it was changed: statement " + std::to_string(next_) + " differs from the one that was run");
}

Error StatementJournal::cannot_continue(const std::string& reason) const {
  const bool reverting = partial_.reverting;
  return Error(ErrorKind::migration,
               "An earlier run did not complete the migration, and this run cannot continue it: " + reason + ".")
      .with_remedy(std::string("Complete it by hand and record that with `") +
                   (reverting ? "revertmigration" : "migrations") + " --fake`; or undo it with `" +
                   (reverting ? "migrations" : "revertmigration") + "`. `status` shows how far it got.");
}

}  // namespace whimbrel::session
