#pragma once

#include "whimbrel/entity_options.h"
#include "whimbrel/model.h"

/// The public options that the model has as well. They are types of their own, because entities are compiled without
/// the headers of the model.
namespace whimbrel::entity {

[[nodiscard]] constexpr model::ReferentialAction to_model(OnDelete action) {
  switch (action) {
    case OnDelete::no_action:
      return model::ReferentialAction::no_action;
    case OnDelete::restrict:
      return model::ReferentialAction::restrict;
    case OnDelete::cascade:
      return model::ReferentialAction::cascade;
    case OnDelete::set_null:
      return model::ReferentialAction::set_null;
    case OnDelete::set_default:
      return model::ReferentialAction::set_default;
  }
  return {};
}

[[nodiscard]] constexpr model::ReferentialAction to_model(OnUpdate action) {
  switch (action) {
    case OnUpdate::no_action:
      return model::ReferentialAction::no_action;
    case OnUpdate::restrict:
      return model::ReferentialAction::restrict;
    case OnUpdate::cascade:
      return model::ReferentialAction::cascade;
    case OnUpdate::set_null:
      return model::ReferentialAction::set_null;
    case OnUpdate::set_default:
      return model::ReferentialAction::set_default;
  }
  return {};
}

[[nodiscard]] constexpr model::Deferral to_model(Deferrable deferrable) {
  switch (deferrable) {
    case Deferrable::no:
      return model::Deferral::not_deferrable;
    case Deferrable::initially_immediate:
      return model::Deferral::initially_immediate;
    case Deferrable::initially_deferred:
      return model::Deferral::initially_deferred;
  }
  return {};
}

[[nodiscard]] constexpr model::NullOrder to_model(Nulls nulls) {
  switch (nulls) {
    case Nulls::by_default:
      return model::NullOrder::by_default;
    case Nulls::first:
      return model::NullOrder::first;
    case Nulls::last:
      return model::NullOrder::last;
  }
  return {};
}

}  // namespace whimbrel::entity
