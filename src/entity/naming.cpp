#include "entity/naming.h"

#include <sha1.h>

#include <algorithm>
#include <array>

namespace whimbrel::entity {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// UTF-8 as UTF-16 code units, by which JavaScript sorts. Bytes that are no UTF-8 stand for themselves.
std::u16string utf16(std::string_view text) {
  std::u16string units;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t offset) {
      return i + offset < text.size() ? static_cast<unsigned char>(text[i + offset]) : 0U;
    };
    const unsigned lead = byte(0);
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    unsigned point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) point = (point << 6U) | (byte(k) & 0x3FU);
    i += length;
    if (point >= 0x10000) {
      units += static_cast<char16_t>(0xD800U + ((point - 0x10000U) >> 10U));
      point = 0xDC00U + ((point - 0x10000U) & 0x3FFU);
    }
    units += static_cast<char16_t>(point);
  }
  return units;
}

std::string sha1(std::string_view text) {
  std::array<char, SHA1_DIGEST_STRING_LENGTH> digest{};
  SHA1Data(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest.data());
  return digest.data();
}

constexpr std::size_t long_hash = 27;
constexpr std::size_t short_hash = 26;

std::string hashed(std::string_view prefix, const std::string& text, std::size_t length) {
  return std::string(prefix) + sha1(text).substr(0, length);
}

std::string joined(std::string_view table, std::vector<std::string> columns) {
  std::sort(columns.begin(), columns.end(),
            [](const std::string& a, const std::string& b) { return utf16(a) < utf16(b); });
  std::string result(table);
  for (const std::string& column : columns) result += '_' + column;
  return result;
}

}  // namespace

std::string table_name(std::string_view class_name) {
  std::string parted;
  for (std::size_t i = 0; i < class_name.size(); ++i) {
    const std::string_view rest = class_name.substr(i);
    if (rest.size() > 2 && is_upper(rest[0]) && is_upper(rest[1]) && is_lower(rest[2])) {
      parted.append({rest[0], '_', rest[1], rest[2]});
      i += 2;
    } else {
      parted += rest[0];
    }
  }
  std::string result;
  for (std::size_t i = 0; i < parted.size(); ++i) {
    const bool starts_word = i > 0 && is_upper(parted[i]) && (is_lower(parted[i - 1]) || is_digit(parted[i - 1]));
    if (starts_word) result += '_';
    result += is_upper(parted[i]) ? static_cast<char>(parted[i] - 'A' + 'a') : parted[i];
  }
  return result;
}

std::string primary_key_name(std::string_view table, std::vector<std::string> columns) {
  return hashed("PK_", joined(table, std::move(columns)), long_hash);
}

std::string unique_name(std::string_view table, std::vector<std::string> columns) {
  return hashed("UQ_", joined(table, std::move(columns)), long_hash);
}

std::string relation_unique_name(std::string_view table, std::vector<std::string> columns) {
  return hashed("REL_", joined(table, std::move(columns)), short_hash);
}

std::string index_name(std::string_view table, std::vector<std::string> columns, std::string_view where) {
  std::string text = joined(table, std::move(columns));
  if (!where.empty()) text.append("_").append(where);
  return hashed("IDX_", text, short_hash);
}

std::string foreign_key_name(std::string_view table, std::vector<std::string> columns) {
  return hashed("FK_", joined(table, std::move(columns)), long_hash);
}

std::string check_name(std::string_view table, std::string_view expression) {
  return hashed("CHK_", std::string(table).append("_").append(expression), short_hash);
}

bool is_derived_name(std::string_view name) {
  struct Form {
    std::string_view prefix;
    std::size_t length;
  };
  static constexpr std::array<Form, 6> forms = {{{"PK_", long_hash},
                                                 {"UQ_", long_hash},
                                                 {"FK_", long_hash},
                                                 {"REL_", short_hash},
                                                 {"IDX_", short_hash},
                                                 {"CHK_", short_hash}}};
  return std::any_of(forms.begin(), forms.end(), [&](const Form& form) {
    if (!name.starts_with(form.prefix) || name.size() != form.prefix.size() + form.length) return false;
    const std::string_view digits = name.substr(form.prefix.size());
    return std::all_of(digits.begin(), digits.end(), [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  });
}

}  // namespace whimbrel::entity
