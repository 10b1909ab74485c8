#include "write/member_text.h"

#include "write/literal.h"

namespace whimbrel::write {

using model::ValueKind;

std::string literal(const std::string& text) {
  const bool is_simple = is_plain_text(text) && text.find_first_of("\"\\?\n\t") == text.npos;
  return is_simple ? '"' + text + '"' : cpp_literal(text, 8);
}

MemberType member_type(ValueKind kind) {
  switch (kind) {
    case ValueKind::int8:
      return {"std::int8_t", "cstdint"};
    case ValueKind::int16:
      return {"std::int16_t", "cstdint"};
    case ValueKind::int32:
      return {"std::int32_t", "cstdint"};
    case ValueKind::int64:
      return {"std::int64_t", "cstdint"};
    case ValueKind::uint8:
      return {"std::uint8_t", "cstdint"};
    case ValueKind::uint16:
      return {"std::uint16_t", "cstdint"};
    case ValueKind::uint32:
      return {"std::uint32_t", "cstdint"};
    case ValueKind::uint64:
      return {"std::uint64_t", "cstdint"};
    case ValueKind::boolean:
      return {"bool", nullptr};
    case ValueKind::float32:
      return {"float", nullptr};
    case ValueKind::float64:
      return {"double", nullptr};
    case ValueKind::bytes:
      return {"std::vector<std::byte>", "vector"};
    case ValueKind::date:
      return {"std::chrono::year_month_day", "chrono"};
    case ValueKind::timestamp:
      return {"std::chrono::sys_time<std::chrono::milliseconds>", "chrono"};
    case ValueKind::text:
    case ValueKind::enumeration:
    case ValueKind::array:
    case ValueKind::json:
    case ValueKind::uuid:
      break;
  }
  return {"std::string", "string"};
}

}  // namespace whimbrel::write
