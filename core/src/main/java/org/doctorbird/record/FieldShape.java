package org.doctorbird.record;

import java.util.Optional;

/// One field of a model, as one database has it.
///
/// @param name the column's name
/// @param kind how its values look on the wire
/// @param isRequired the column is NOT NULL
/// @param references the model that the field points to, for [FieldKind#REFERENCE] only
public record FieldShape(
        String name, FieldKind kind, boolean isRequired, Optional<String> references) {

    public FieldShape {
        if (references.isPresent() != (kind == FieldKind.REFERENCE)) {
            throw new IllegalArgumentException(
                    "reference without a model, or the other way round: " + name);
        }
    }

    /// A field that is no reference.
    public static FieldShape plain(String name, FieldKind kind, boolean isRequired) {
        return new FieldShape(name, kind, isRequired, Optional.empty());
    }

    /// A field that points to a record of `model`.
    public static FieldShape reference(String name, String model, boolean isRequired) {
        return new FieldShape(name, FieldKind.REFERENCE, isRequired, Optional.of(model));
    }
}
