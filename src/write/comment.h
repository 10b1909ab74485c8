#pragma once

#include <string>
#include <string_view>

namespace whimbrel::write {

/// Adds the sentence as lines that begin with `//`. It stays in them, whatever names it quotes.
void append_comment(std::string& result, std::string_view sentence);

}  // namespace whimbrel::write
