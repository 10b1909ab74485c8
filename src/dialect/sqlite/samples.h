#pragma once

#include "dialect/samples.h"

namespace whimbrel::dialect::sqlite {

/// Returns the only, stateless object.
[[nodiscard]] const Samples& samples();

}  // namespace whimbrel::dialect::sqlite
