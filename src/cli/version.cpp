#include "cli/version.h"

namespace whimbrel::cli {

std::string version_text() { return "whimbrel " WHIMBREL_VERSION; }

}  // namespace whimbrel::cli
