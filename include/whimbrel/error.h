#pragma once

#include <stdexcept>
#include <string>

namespace whimbrel {

/// The kind of an error; the command line maps it to an exit code.
enum class ErrorKind {
  usage,        ///< The options of a program or a command line are invalid.
  entity,       ///< An entity description is invalid.
  connection,   ///< The database cannot be reached, opened or written.
  busy,         ///< Another connection held the lock for longer than the timeout.
  statement,    ///< The database refused a statement.
  migration,    ///< A migration, the migration list or the migration history is invalid.
  unsafe,       ///< Continuing could lose data; nothing was changed.
  undecided,    ///< A decision is required and this run could not ask for it.
  interrupted,  ///< The user stopped the run; uncommitted changes were rolled back.
  file,         ///< A file cannot be read or written.
  internal,     ///< An internal check failed, which is a bug in whimbrel; nothing was written.
};

/// The base class of all exceptions that whimbrel throws.
///
/// what() says what could not be done, to what, and why. Each of the other parts is empty if it is unknown or does not
/// apply.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
  /// What to do next, in one or more sentences.
  [[nodiscard]] const std::string& remedy() const noexcept { return remedy_; }
  /// The name of the migration that was running.
  [[nodiscard]] const std::string& migration() const noexcept { return migration_; }
  /// The SQL that failed.
  [[nodiscard]] const std::string& statement() const noexcept { return statement_; }
  /// The position of the error in statement(), in bytes; -1 if the database reported none.
  [[nodiscard]] int statement_offset() const noexcept { return statement_offset_; }
  /// The database's own error code; 0: none. SQLite: the extended result code. MariaDB, MySQL: the number. PostgreSQL:
  /// SQLSTATE, six bits for each of its five characters minus '0', the first character in the lowest bits.
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
