#include "dialect/sqlite/generate/sequence.h"

#include "dialect/sqlite/text/syntax.h"
#include "sql/writer.h"

namespace whimbrel::dialect::sqlite {

std::vector<std::string> sequence_carried(const std::string& table, const std::string& copy) {
  const std::string from = sql::quote_string(table, sqlite_syntax);
  const std::string to = sql::quote_string(copy, sqlite_syntax);
  return {"INSERT INTO sqlite_sequence(name, seq) SELECT " + to +
              ", 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = " + to + ")",
          "UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM sqlite_sequence WHERE name IN (" + to + ", " + from +
              ")) WHERE name = " + to};
}

}  // namespace whimbrel::dialect::sqlite
