package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.doctorbird.exchange.Write;
import org.jspecify.annotations.Nullable;

/// One write on its way into the database: what is known of the record here, and its values in the
/// form in which they are staged.
final class StagedRow {

    /// What happens to the application's row.
    enum Change {
        /// There is none, and one is made.
        INSERT,
        /// Some of its fields are set.
        UPDATE,
        /// It is deleted.
        DELETE,
        /// It is left alone, or there is none and none is made.
        NONE
    }

    /// A nullable reference whose target is not here.
    ///
    /// @param field the column's name
    record Missing(String field, String targetModel, UUID target) {}

    private final int number;
    private final Write write;
    private final BitSet given;
    private final @Nullable String[] values;
    private final List<Missing> missing = new ArrayList<>();
    private final Set<UUID> needs = new HashSet<>();
    private boolean isKnown;
    private @Nullable String key;
    private Change change = Change.NONE;

    /// @param number of the row in the staging table, unique in the transaction
    /// @param columns how many columns the table has that travel
    StagedRow(int number, Write write, int columns) {
        this.number = number;
        this.write = write;
        this.given = new BitSet(columns);
        this.values = new @Nullable String[columns];
    }

    int number() {
        return number;
    }

    Write write() {
        return write;
    }

    UUID uid() {
        return write.uid();
    }

    /// Returns which columns are set.
    BitSet given() {
        return given;
    }

    /// Returns the values by column; references are local keys once they are resolved.
    @Nullable String[] values() {
        return values;
    }

    void give(int column, @Nullable String value) {
        given.set(column);
        values[column] = value;
    }

    /// Returns the references that are remembered beside the row.
    List<Missing> missing() {
        return missing;
    }

    /// Returns the records of the same batch, not yet stored, that this one refers to.
    Set<UUID> needs() {
        return needs;
    }

    /// Says whether the record has a companion.
    boolean isKnown() {
        return isKnown;
    }

    /// Returns the row's key; null if there is no row, and before a new one has got its key.
    @Nullable String key() {
        return key;
    }

    Change change() {
        return change;
    }

    /// Notes what the database holds and decides what happens to the row.
    ///
    /// @param knownKey the row's key; null if there is no row
    /// @param isModelEmpty no field of the model travels, so that no fields does not mean no row
    void meet(boolean hasCompanion, @Nullable String knownKey, boolean isModelEmpty) {
        isKnown = hasCompanion;
        key = knownKey;
        if (isRemoval()) {
            change = knownKey == null ? Change.NONE : Change.DELETE;
        } else if (knownKey != null) {
            change = given.isEmpty() ? Change.NONE : Change.UPDATE;
        } else {
            boolean makesRow = !given.isEmpty() || isModelEmpty || !hasCompanion;
            change = makesRow ? Change.INSERT : Change.NONE;
        }
    }

    private boolean isRemoval() {
        return switch (write) {
            case Write.DeleteAtSatellite _, Write.DeleteAtCentral _, Write.RemoveAtSatellite _ ->
                    true;
            case Write.AtSatellite _, Write.AtCentral _ -> false;
        };
    }

    /// Gives a row its key, or another one.
    void allot(String newKey) {
        key = newKey;
    }

    /// Returns the key that the companion has afterwards.
    @Nullable String keyAfterwards() {
        return change == Change.DELETE ? null : key;
    }
}
