package org.doctorbird.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.doctorbird.exchange.Found;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldNames;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.jspecify.annotations.Nullable;

/// What a search has found, as trees: one struct a record, with its fields beside `uid` and
/// `synchronised`.
final class Hits {

    private static final String UID = "uid";
    private static final String HELD = "synchronised";

    private Hits() {}

    /// @param shapes the fields of a model, and of those that it refers to, by the model's name
    static List<Object> structs(
            List<Found> found, String model, Function<String, ModelShape> shapes) {
        if (found.isEmpty()) {
            return List.of();
        }
        List<String> names = found.getFirst().fields().names().list();
        List<FieldKind> kinds = names.stream().map(name -> kind(model, name, shapes)).toList();
        var structs = new ArrayList<Object>(found.size());
        for (Found one : found) {
            var struct = Records.struct();
            for (int i = 0; i < names.size(); i++) {
                struct.put(names.get(i), Natural.of(kinds.get(i), one.fields().get(names.get(i))));
            }
            struct.put(UID, one.uid().toString());
            struct.put(HELD, one.isHeld());
            structs.add(struct);
        }
        return structs;
    }

    private static FieldKind kind(String model, String name, Function<String, ModelShape> shapes) {
        ModelShape shape = shapes.apply(model);
        int dot = name.indexOf('.');
        if (dot < 0 || shape.field(name).isPresent()) {
            return shape.field(name).map(FieldShape::kind).orElse(FieldKind.TEXT);
        }
        Optional<String> target =
                shape.field(name.substring(0, dot)).flatMap(FieldShape::references);
        return target.map(next -> kind(next, name.substring(dot + 1), shapes))
                .orElse(FieldKind.TEXT);
    }

    static Found read(Node node) {
        var names = new ArrayList<String>();
        var values = new ArrayList<@Nullable String>();
        for (Map.Entry<?, ?> member : node.struct().entrySet()) {
            String name = String.valueOf(member.getKey());
            if (!name.equals(UID) && !name.equals(HELD)) {
                names.add(name);
                values.add(Natural.text(member.getValue()));
            }
        }
        return new Found(
                node.member(UID).uid(),
                node.member(HELD).truth(),
                Fields.of(FieldNames.of(names), values));
    }
}
