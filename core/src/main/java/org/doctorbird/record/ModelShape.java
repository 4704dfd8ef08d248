package org.doctorbird.record;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The fields of one model that travel, as one database has them. Immutable.
public final class ModelShape {

    private final String model;
    private final List<FieldShape> fields;
    private final Map<String, FieldShape> byName;
    private final FieldNames names;

    /// @param model such as `party.party`
    /// @param fields in the order of the table's columns; none twice
    public ModelShape(String model, List<FieldShape> fields) {
        this.model = model;
        this.fields = List.copyOf(fields);
        this.names = FieldNames.of(fields.stream().map(FieldShape::name).toList());
        this.byName = HashMap.newHashMap(fields.size());
        fields.forEach(field -> byName.put(field.name(), field));
    }

    /// Returns the model's name.
    public String model() {
        return model;
    }

    /// Returns the fields in the order of the columns; unmodifiable.
    public List<FieldShape> fields() {
        return fields;
    }

    /// Returns the names of all fields, in the same order.
    public FieldNames names() {
        return names;
    }

    /// Returns the field of that name, if the model has it.
    public Optional<FieldShape> field(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// Returns the fields that point to records.
    public List<FieldShape> references() {
        return fields.stream().filter(field -> field.kind() == FieldKind.REFERENCE).toList();
    }
}
