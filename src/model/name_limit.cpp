#include "model/name_limit.h"

#include <algorithm>

#include "model/sha1.h"

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

std::string NameLimit::shortened(std::string name) const {
  constexpr std::size_t digits = 8;
  if (length <= digits || allows(name)) return name;
  const std::string hash = sha1(name).substr(0, digits);
  return std::string(beginning(name, length - digits - 1)) + '_' + hash;
}

}  // namespace whimbrel::model
