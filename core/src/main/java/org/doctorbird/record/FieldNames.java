package org.doctorbird.record;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names of the fields that a record carries, in their order. Immutable, and shared by the
/// records of a batch.
public final class FieldNames {

    /// No field.
    public static final FieldNames NONE = new FieldNames(List.of());

    private final List<String> names;
    private final Map<String, Integer> places;

    private FieldNames(List<String> names) {
        this.names = names;
        this.places = HashMap.newHashMap(names.size());
        for (int i = 0; i < names.size(); i++) {
            if (places.put(names.get(i), i) != null) {
                throw new IllegalArgumentException("field named twice: " + names.get(i));
            }
        }
    }

    /// @param names 0 to 1,600 (PostgreSQL's limit on columns), no name twice
    public static FieldNames of(List<String> names) {
        return names.isEmpty() ? NONE : new FieldNames(List.copyOf(names));
    }

    /// Returns the names in their order; unmodifiable.
    public List<String> list() {
        return names;
    }

    /// Returns the place of a name, from 0, or -1 when it is not among them.
    public int indexOf(String name) {
        return places.getOrDefault(name, -1);
    }

    /// Returns how many there are.
    public int size() {
        return names.size();
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof FieldNames fields && names.equals(fields.names));
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}
