#include "dialect/samples.h"

#include <algorithm>
#include <cstdint>

#include "sql/writer.h"

namespace whimbrel::dialect {

std::size_t rows_within_limit(const Value& mean_size, std::size_t most) {
  constexpr std::int64_t most_bytes = 16 << 20;
  const std::int64_t bytes = mean_size.is_null() ? 1 : std::max<std::int64_t>(mean_size.integer(), 1);
  return std::min(most, static_cast<std::size_t>(std::max<std::int64_t>(most_bytes / bytes, 1)));
}

std::vector<std::string> quoted(const std::vector<std::string>& texts, const sql::Syntax& syntax) {
  std::vector<std::string> literals;
  literals.reserve(texts.size());
  for (const std::string& text : texts) literals.push_back(sql::quote_string(text, syntax));
  return literals;
}

}  // namespace whimbrel::dialect
