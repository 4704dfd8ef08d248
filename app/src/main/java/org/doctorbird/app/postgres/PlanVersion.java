package org.doctorbird.app.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.doctorbird.record.FieldShape;

/// The version of the plan that central has in force: other text or other fields, other version.
final class PlanVersion {

    private PlanVersion() {}

    /// Returns 32 hexadecimal digits of a SHA-256 over the plan's text and the fields of all
    /// models.
    static String of(String planText, List<SyncedTable> tables) {
        var text = new StringBuilder(planText);
        for (SyncedTable table : tables) {
            text.append('\0').append(table.model());
            for (FieldShape field : table.shape().fields()) {
                text.append('\0').append(field.name()).append('\0').append(field.kind());
                field.references().ifPresent(model -> text.append('\0').append(model));
            }
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
