package org.doctorbird.app.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request.
///
/// @param method such as `model.party.party.synchronise_push`
/// @param params trees, in order
public record MethodCall(String method, List<@Nullable Object> params) {

    /// Returns the method only: values may be a patient's.
    @Override
    public String toString() {
        return method;
    }
}
