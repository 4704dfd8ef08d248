package org.doctorbird.plan;

import java.util.List;

/// What a satellite may search for at central among the records that it does not hold. Fields may
/// be reached over references, such as `name.lastname`.
///
/// @param searchable fields that a search may name; none: the model cannot be searched, nor its
///   records imported
/// @param shown fields that an answer may hold
public record Search(List<String> searchable, List<String> shown) {

    /// Nothing can be searched.
    public static final Search NONE = new Search(List.of(), List.of());

    public Search {
        searchable = List.copyOf(searchable);
        shown = List.copyOf(shown);
    }

    /// Says whether the model's records can be searched and imported.
    public boolean isAllowed() {
        return !searchable.isEmpty();
    }
}
