#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/mysql/dialect.h"
#include "operation/operation.h"

namespace whimbrel::dialect::mysql {

using IndexKey = std::pair<model::Name, std::string>;  ///< The table and the index.

/// Returns the indexes that the operations drop and create again only to change whether queries may use them, with what
/// ALTER INDEX says then, such as `IGNORED`. MariaDB keeps an index that a statement drops and adds, and with it what
/// it was. https://mariadb.com/kb/en/ignored-indexes/
[[nodiscard]] std::map<IndexKey, std::string> changed_visibilities(const std::vector<operation::Operation>& operations,
                                                                   const Server& server);

/// Returns the keys that the operations drop and create again with a period instead of columns, or the other way.
/// MariaDB would take them for the same in one statement.
[[nodiscard]] std::set<IndexKey> changed_periods(const std::vector<operation::Operation>& operations);

}  // namespace whimbrel::dialect::mysql
