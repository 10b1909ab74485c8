#pragma once

#include "dialect/samples.h"

namespace whimbrel::dialect::postgres {

/// Returns the only, stateless object.
[[nodiscard]] const Samples& samples();

}  // namespace whimbrel::dialect::postgres
