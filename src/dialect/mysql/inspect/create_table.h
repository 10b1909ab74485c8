#pragma once

#include <map>
#include <string>
#include <string_view>

namespace whimbrel::dialect::mysql {

/// What only SHOW CREATE TABLE says about a table.
struct TableDetails {
  std::map<std::string, std::string> columns;      ///< Their definitions.
  std::map<std::string, std::string> checks;       ///< The constraints, by their names.
  std::map<std::string, std::string> defaults;     ///< By column, as SQL expressions.
  std::map<std::string, std::string> parsers;      ///< By full-text index.
  std::map<std::string, std::string> periods;      ///< Their columns, by the clause: `PERIOD FOR SYSTEM_TIME`.
  std::map<std::string, std::string> no_overlaps;  ///< By key, its last part: ``p` WITHOUT OVERLAPS`.
  std::string partitions;                          ///< The clause after PARTITION BY; empty: none.
};

/// Parses the statement of SHOW CREATE TABLE.
[[nodiscard]] TableDetails read_details(std::string_view create_table);

/// Returns a literal of bytes as a string if it is printable ASCII, otherwise in hexadecimal: 0x00FF.
[[nodiscard]] std::string plain_bytes(std::string_view literal);

}  // namespace whimbrel::dialect::mysql
