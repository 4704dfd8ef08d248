package org.doctorbird.record;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Fields of a record with their values. Immutable.
///
/// A value is PostgreSQL's text form of it (ISO dates, UTC, bytea in hex), or null. A reference's
/// value is the uid of the record it points to. A field that is not named here is not meant at all;
/// that differs from null.
public final class Fields {

    /// No field.
    public static final Fields NONE = new Fields(FieldNames.NONE, List.of());

    private final FieldNames names;
    private final List<@Nullable String> values;

    private Fields(FieldNames names, List<@Nullable String> values) {
        this.names = names;
        this.values = values;
    }

    /// @param values one for each name, in the same order; not copied, so do not change it
    ///   afterwards
    public static Fields of(FieldNames names, List<@Nullable String> values) {
        if (names.size() != values.size()) {
            throw new IllegalArgumentException(
                    names.size() + " names for " + values.size() + " values");
        }
        return new Fields(names, values);
    }

    /// Takes names and values from a map, in the map's order.
    public static Fields of(Map<String, ? extends @Nullable String> map) {
        return of(
                FieldNames.of(List.copyOf(map.keySet())),
                new ArrayList<@Nullable String>(map.values()));
    }

    /// Returns the names in their order.
    public FieldNames names() {
        return names;
    }

    /// Returns the values in the order of the names; do not change it.
    public List<@Nullable String> values() {
        return values;
    }

    /// Says whether the field is meant here, null or not.
    public boolean has(String name) {
        return names.indexOf(name) >= 0;
    }

    /// Returns the field's value: null if it is null or not meant here.
    public @Nullable String get(String name) {
        int place = names.indexOf(name);
        return place < 0 ? null : values.get(place);
    }

    /// Returns these fields without the others.
    ///
    /// @param kept may name fields that are not here
    public Fields only(Collection<String> kept) {
        var chosen = new ArrayList<String>();
        var chosenValues = new ArrayList<@Nullable String>();
        for (int i = 0; i < names.size(); i++) {
            if (kept.contains(names.list().get(i))) {
                chosen.add(names.list().get(i));
                chosenValues.add(values.get(i));
            }
        }
        return chosen.size() == names.size() ? this : of(FieldNames.of(chosen), chosenValues);
    }

    /// Returns these fields with the other's on top.
    public Fields overlaid(Fields other) {
        var allNames = new ArrayList<>(names.list());
        var allValues = new ArrayList<@Nullable String>(values);
        for (int i = 0; i < other.names.size(); i++) {
            String name = other.names.list().get(i);
            int place = names.indexOf(name);
            if (place < 0) {
                allNames.add(name);
                allValues.add(other.values.get(i));
            } else {
                allValues.set(place, other.values.get(i));
            }
        }
        return allNames.size() == names.size()
                ? of(names, allValues)
                : of(FieldNames.of(allNames), allValues);
    }

    /// Returns the names of the fields here whose values differ from, or are not in, `other`; in
    /// order of name.
    public Set<String> differingFrom(Fields other) {
        var differing = new TreeSet<String>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.list().get(i);
            if (!other.has(name) || !Objects.equals(values.get(i), other.get(name))) {
                differing.add(name);
            }
        }
        return differing;
    }

    /// Two are equal when they mean the same fields with the same values, in whatever order.
    @Override
    public boolean equals(Object other) {
        return other instanceof Fields fields
                && names.size() == fields.names.size()
                && differingFrom(fields).isEmpty();
    }

    @Override
    public int hashCode() {
        int sum = 0;
        for (int i = 0; i < names.size(); i++) {
            sum += names.list().get(i).hashCode() ^ Objects.hashCode(values.get(i));
        }
        return sum;
    }

    /// Returns the names only: values may be a patient's.
    @Override
    public String toString() {
        return names.toString();
    }
}
