#pragma once

#include <stdexcept>
#include <string>

namespace whimbrel {

/// What kind of thing went wrong; the command line maps it to an exit code.
enum class ErrorKind {
  usage,        ///< The options of a program or a command line make no sense together.
  entity,       ///< An entity description has a mistake.
  connection,   ///< The database cannot be reached, opened or written.
  busy,         ///< Another connection held the lock for longer than the timeout.
  statement,    ///< The database refused a statement.
  migration,    ///< A migration, the list of them or their history is wrong.
  unsafe,       ///< Going on could lose data; nothing was changed.
  undecided,    ///< A question is open that this run could not ask.
  interrupted,  ///< The user stopped the run; what was not committed is rolled back.
  file,         ///< A file cannot be read or written.
  internal,     ///< A check of whimbrel's own failed; nothing was written.
};

/// The one root of all errors that whimbrel throws.
///
/// what() says what was being done, to what, and why it failed. The other parts are there where they are known and
/// empty otherwise.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  /// What to do next, one or more sentences.
  [[nodiscard]] const std::string& remedy() const noexcept { return remedy_; }
  /// The name of the migration that was running.
  [[nodiscard]] const std::string& migration() const noexcept { return migration_; }
  /// The SQL that the database refused.
  [[nodiscard]] const std::string& statement() const noexcept { return statement_; }
  /// The place in statement() that the database complained about, in bytes; -1 if it named none.
  [[nodiscard]] int statement_offset() const noexcept { return statement_offset_; }
  /// The database's own error code; 0 if the error is not the database's. SQLite: the extended result code. PostgreSQL:
  /// the SQLSTATE, six bits for each of its five characters less '0', the first lowest.
  [[nodiscard]] int native_code() const noexcept { return native_code_; }

  Error& with_remedy(std::string text) {
    remedy_ = std::move(text);
    return *this;
  }
  Error& with_migration(std::string name) {
    migration_ = std::move(name);
    return *this;
  }
  Error& with_statement(std::string sql, int offset = -1) {
    statement_ = std::move(sql);
    statement_offset_ = offset;
    return *this;
  }
  Error& with_native_code(int code) {
    native_code_ = code;
    return *this;
  }

 private:
  ErrorKind kind_;
  std::string remedy_;
  std::string migration_;
  std::string statement_;
  int statement_offset_ = -1;
  int native_code_ = 0;
};

}  // namespace whimbrel
