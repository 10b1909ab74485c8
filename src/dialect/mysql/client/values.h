#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dialect/mysql/client/native.h"
#include "whimbrel/query_runner.h"

struct st_mysql_field;

namespace whimbrel::dialect::mysql {

/// How the values of a column arrive.
enum class Encoding { integer, unsigned_integer, real, text, bytes, bits };

[[nodiscard]] Encoding encoding_of(const st_mysql_field& field);
/// Converts a value from the server's text, or from its bytes.
[[nodiscard]] Value to_value(Encoding encoding, std::string_view text);

/// What a result set consists of.
struct Columns {
  std::vector<std::string> names;
  std::vector<Encoding> encodings;
};
[[nodiscard]] Columns columns_of(st_mysql_res* result);

/// The values for the parameters of a prepared statement.
class Parameters {
 public:
  explicit Parameters(const std::vector<Value>& values);
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;
  ~Parameters();

  /// Valid as long as this object. Returns false if the library refuses.
  [[nodiscard]] bool bind(st_mysql_stmt* statement);

 private:
  struct Binds;
  std::unique_ptr<Binds> binds_;
};

/// The places that the client library writes the rows of a prepared statement to.
class ResultBuffer {
 public:
  ResultBuffer(st_mysql_stmt* statement, const Columns& columns);
  ResultBuffer(const ResultBuffer&) = delete;
  ResultBuffer& operator=(const ResultBuffer&) = delete;
  ~ResultBuffer();

  [[nodiscard]] bool bind();
  /// Returns the row that was fetched last.
  [[nodiscard]] std::vector<Value> row();

 private:
  struct Binds;
  st_mysql_stmt* statement_;
  std::vector<Encoding> encodings_;
  std::unique_ptr<Binds> binds_;
};

}  // namespace whimbrel::dialect::mysql
