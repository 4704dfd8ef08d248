package org.doctorbird.exchange;

import java.util.List;

/// What central's people want an instance to compare. It does so after its next greeting, for
/// central cannot call it.
///
/// @param number 1 for an instance's first order, and one more with each
/// @param models names; none: all
/// @param isDeep values count too
/// @param repairs whether to repair what is damaged
public record VerifyOrder(long number, List<String> models, boolean isDeep, boolean repairs) {

    public VerifyOrder {
        models = List.copyOf(models);
    }
}
