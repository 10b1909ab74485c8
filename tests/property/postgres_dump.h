#pragma once

#include <map>
#include <set>
#include <string>

namespace whimbrel::test {

/// The statements of pg_dump by the schema that they name first: p0, p1 and so on. The columns of a table are sorted.
using Dump = std::map<std::string, std::multiset<std::string>>;

[[nodiscard]] Dump dump_schemas(const std::string& url);

void require_same(const std::multiset<std::string>& found, const std::multiset<std::string>& expected);

}  // namespace whimbrel::test
