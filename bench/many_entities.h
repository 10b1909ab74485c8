#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "whimbrel/entities.h"

namespace bench {

/// Entity types under many names: what differs between entities is found at run time.
class ManyEntities {
 public:
  /// `name` is in the names of all the `types`, which take turns; the `last` come behind all others.
  ManyEntities(whimbrel::Entities types, std::string_view name, int count, whimbrel::Entities last = {}) {
    for (int i = 0; i < count; ++i) {
      char number[16];
      std::snprintf(number, sizeof number, "%05d", i);
      const std::string new_name = std::string(name) + number;
      std::string renamed = types.types[static_cast<std::size_t>(i) % types.size].signature;
      for (std::size_t at = 0; (at = renamed.find(name, at)) != std::string::npos; at += new_name.size()) {
        renamed.replace(at, name.size(), new_name);
      }
      signatures_.push_back(std::move(renamed));
    }
    for (std::size_t i = 0; i < signatures_.size(); ++i) {
      types_.push_back({signatures_[i].c_str(), types.types[i % types.size].describe});
    }
    types_.insert(types_.end(), last.types, last.types + last.size);
  }
  ManyEntities(const ManyEntities&) = delete;
  ManyEntities& operator=(const ManyEntities&) = delete;

  [[nodiscard]] whimbrel::Entities entities() const { return {types_.data(), types_.size()}; }

 private:
  std::vector<std::string> signatures_;
  std::vector<whimbrel::detail::EntityType> types_;
};

}  // namespace bench
