#pragma once

#include <string_view>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "operation/operation.h"

/// How the server makes a change: by its metadata alone, beside the rows, by building the table again while it is
/// written, or by copying it while writes wait.
/// https://mariadb.com/kb/en/innodb-online-ddl-overview/
/// https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html
namespace whimbrel::dialect::mysql {

/// From the best to the worst.
enum class Algorithm { instant, nocopy, inplace, unknown, copy };

/// Returns the best algorithm for the operation on a table of InnoDB without special features; `unknown` if it depends
/// on more than the operation.
[[nodiscard]] Algorithm best_algorithm(const operation::Operation& operation, const Server& server);

/// Returns that of a statement that makes several changes. The server may build the table again for two changes that
/// need not by themselves.
[[nodiscard]] Algorithm joined(const std::vector<Algorithm>& algorithms);

/// Returns the word after ALGORITHM=; empty if none is requested.
[[nodiscard]] std::string_view algorithm_sql(Algorithm algorithm);

/// Returns whether it is a table of InnoDB without special features, for which the best algorithms are certain.
[[nodiscard]] bool is_plain(const model::Table& table, const Server& server);

}  // namespace whimbrel::dialect::mysql
