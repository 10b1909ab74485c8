#include "model/name_limit.h"

#include <algorithm>

namespace whimbrel::model {

namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

std::size_t NameLimit::length_of(std::string_view name) const {
  if (unit == Unit::bytes) return name.size();
  return static_cast<std::size_t>(std::count_if(name.begin(), name.end(), begins_character));
}

std::string_view NameLimit::beginning(std::string_view name, std::size_t longest) const {
  std::size_t character = 0;
  std::size_t length_so_far = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (begins_character(name[i])) character = i;
    if (unit == Unit::bytes || begins_character(name[i])) ++length_so_far;
    if (length_so_far > longest) return name.substr(0, character);
  }
  return name;
}

}  // namespace whimbrel::model
