package org.doctorbird.app.postgres;

import java.util.Optional;
import org.doctorbird.record.FieldShape;

/// One column that travels.
///
/// @param shape name, kind, and the model it points to
/// @param position the column's bit in `changed_fields`, from 0 at the left: its `attnum` less one,
///   which PostgreSQL never uses again
/// @param type the type as PostgreSQL writes it in a cast, such as `numeric(10,2)` or `public.mood`
public record SyncedColumn(FieldShape shape, int position, String type) {

    /// Returns the column's name.
    public String name() {
        return shape.name();
    }

    /// Returns the model that the column points to, if it is a reference.
    public Optional<String> references() {
        return shape.references();
    }
}
