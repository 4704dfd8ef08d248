package org.doctorbird.codec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.Page;
import org.doctorbird.exchange.Receipt;
import org.doctorbird.exchange.UnknownVersion;
import org.doctorbird.exchange.Withdrawal;
import org.doctorbird.record.Cursor;
import org.doctorbird.record.ETag;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldNames;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.Fields;
import org.doctorbird.record.ModelShape;
import org.doctorbird.record.PushedRecord;
import org.doctorbird.record.SentRecord;
import org.jspecify.annotations.Nullable;

/// Records, receipts and pages as trees. One object reads or writes one message; it shares the
/// lists of names between the records of the message. Not for several threads.
final class Records {

    /// PostgreSQL's limit on columns.
    private static final int FIELDS_MAX = 1_600;

    /// A hundred years.
    private static final long AGE_MAX_MILLIS = 100L * 365 * 24 * 3_600_000;

    private FieldNames lastNames = FieldNames.NONE;

    /// A pushed record as it was read.
    sealed interface Read {

        /// The record can be given to central.
        record Whole(PushedRecord record) implements Read {}

        /// The record's values cannot be read; the other records of the message are not touched by
        /// that.
        ///
        /// @param reason fixed words and a field's name
        record Unreadable(UUID uid, String reason) implements Read {}
    }

    static SequencedMap<String, @Nullable Object> struct() {
        return new LinkedHashMap<>();
    }

    /// @param shape tells the kinds of the fields; a field it does not have travels as text
    static Map<String, @Nullable Object> pushed(PushedRecord record, ModelShape shape) {
        var struct = struct();
        struct.put("uid", record.uid().toString());
        struct.put("revision", number(record.revision()));
        record.base().ifPresent(base -> struct.put("base_etag", base.text()));
        record.age().ifPresent(age -> struct.put("age", number(age.toMillis())));
        if (record.isDeleted()) {
            struct.put("deleted", true);
        }
        record.user().ifPresent(user -> struct.put("user", user));
        struct.put("values", values(record.fields(), shape));
        return struct;
    }

    Read readPushed(Node node) {
        UUID uid = node.member("uid").uid();
        long revision = node.optional("revision").map(Node::number).orElse(1L);
        if (revision < 1) {
            throw node.member("revision").expected("1 or more");
        }
        Optional<ETag> base = node.optional("base_etag").map(Node::etag);
        boolean isDeleted = node.optional("deleted").map(Node::truth).orElse(false);
        Optional<Duration> age = node.optional("age").map(Records::readAge);
        Optional<String> user = node.optional("user").map(Records::readUser);
        Node values = node.member("values");
        if (values.isNil() && !isDeleted) {
            throw values.expected("a struct");
        }
        try {
            Fields fields = isDeleted ? Fields.NONE : readValues(values);
            return new Read.Whole(
                    new PushedRecord(uid, base, revision, fields, isDeleted, user, age));
        } catch (SyncException e) {
            if (e.code() != ErrorCode.VALUE_MALFORMED) {
                throw e;
            }
            return new Read.Unreadable(uid, e.summary() + " in " + e.context().get("field"));
        }
    }

    private static Duration readAge(Node node) {
        long millis = node.number();
        if (millis < 0) {
            throw node.expected("0 or more");
        }
        return Duration.ofMillis(Math.min(millis, AGE_MAX_MILLIS));
    }

    private static String readUser(Node node) {
        String user = node.string();
        if (!PushedRecord.isUser(user)) {
            throw node.expected("1 to " + PushedRecord.USER_LENGTH_MAX + " characters that show");
        }
        return user;
    }

    static Map<String, @Nullable Object> sent(SentRecord record, ModelShape shape) {
        var struct = struct();
        struct.put("uid", record.uid().toString());
        struct.put("timestamp", record.etag().text());
        struct.put("deleted", record.isDeleted());
        struct.put("values", values(record.fields(), shape));
        return struct;
    }

    static List<Map<String, @Nullable Object>> sent(List<SentRecord> records, ModelShape shape) {
        var structs = new ArrayList<Map<String, @Nullable Object>>(records.size());
        records.forEach(record -> structs.add(sent(record, shape)));
        return structs;
    }

    SentRecord readSent(Node node) {
        boolean isDeleted = node.optional("deleted").map(Node::truth).orElse(false);
        return new SentRecord(
                node.member("uid").uid(),
                node.member("timestamp").etag(),
                isDeleted ? Fields.NONE : readValues(node.member("values")),
                isDeleted);
    }

    static Map<String, @Nullable Object> page(Page page, ModelShape shape) {
        var struct = struct();
        struct.put("records", sent(page.records(), shape));
        struct.put("withdrawn", withdrawn(page.withdrawn()));
        struct.put("cursor", page.next().text());
        struct.put("more", page.hasMore());
        return struct;
    }

    Page readPage(Node node) {
        return new Page(
                node.member("records").list(this::readSent),
                node.optional("withdrawn")
                        .map(pairs -> pairs.list(Records::readWithdrawal))
                        .orElse(List.of()),
                node.member("cursor").parsed(Cursor::parse, "a cursor"),
                node.member("more").truth());
    }

    static List<Object> receipts(List<Receipt> receipts) {
        var pairs = new ArrayList<Object>(receipts.size());
        receipts.forEach(
                receipt -> pairs.add(List.of(receipt.uid().toString(), receipt.etag().text())));
        return pairs;
    }

    static Receipt readReceipt(Node node) {
        List<Node> pair = node.tuple(2);
        return new Receipt(pair.get(0).uid(), pair.get(1).etag());
    }

    /// A pair for each: uid, and base or empty text.
    static List<Object> unknown(List<UnknownVersion> unknown) {
        var pairs = new ArrayList<Object>(unknown.size());
        unknown.forEach(some ->
                pairs.add(List.of(some.uid().toString(), some.base().map(ETag::text).orElse(""))));
        return pairs;
    }

    static UnknownVersion readUnknown(Node node) {
        List<Node> pair = node.tuple(2);
        Node base = pair.get(1);
        return new UnknownVersion(
                pair.get(0).uid(),
                "".equals(base.value()) ? Optional.empty() : Optional.of(base.etag()));
    }

    static List<Object> withdrawn(List<Withdrawal> withdrawn) {
        var pairs = new ArrayList<Object>(withdrawn.size());
        withdrawn.forEach(some -> pairs.add(List.of(some.uid().toString(), number(some.stamp()))));
        return pairs;
    }

    static Withdrawal readWithdrawal(Node node) {
        List<Node> pair = node.tuple(2);
        return new Withdrawal(pair.get(0).uid(), pair.get(1).number());
    }

    /// A withdrawal in the form of a record's end, for clients that do not know withdrawals.
    static Map<String, @Nullable Object> asDeleted(Withdrawal withdrawal) {
        var struct = struct();
        struct.put("uid", withdrawal.uid().toString());
        struct.put("timestamp", new ETag(0).text());
        struct.put("deleted", true);
        struct.put("withdrawn", number(withdrawal.stamp()));
        struct.put("values", Map.of());
        return struct;
    }

    /// Numbers that may pass 32 bits travel as text then, because Python's own client cannot send
    /// them otherwise.
    static Object number(long number) {
        return number == (int) number ? (Object) number : Long.toString(number);
    }

    private static Map<String, @Nullable Object> values(Fields fields, ModelShape shape) {
        SequencedMap<String, @Nullable Object> struct =
                LinkedHashMap.newLinkedHashMap(fields.names().size());
        List<String> names = fields.names().list();
        for (int i = 0; i < names.size(); i++) {
            FieldKind kind = shape.field(names.get(i)).map(FieldShape::kind).orElse(FieldKind.TEXT);
            struct.put(names.get(i), Natural.of(kind, fields.values().get(i)));
        }
        return struct;
    }

    private Fields readValues(Node node) {
        Map<?, ?> struct = node.struct();
        if (struct.isEmpty()) {
            return Fields.NONE;
        }
        if (struct.size() > FIELDS_MAX) {
            throw new SyncException(ErrorCode.REQUEST_TOO_LARGE, "too many fields in a record")
                    .with("limit", FIELDS_MAX);
        }
        var names = new ArrayList<String>(struct.size());
        var values = new ArrayList<@Nullable String>(struct.size());
        for (Map.Entry<?, ?> member : struct.entrySet()) {
            String name = String.valueOf(member.getKey());
            names.add(name);
            values.add(readValue(name, member.getValue()));
        }
        if (!names.equals(lastNames.list())) {
            lastNames = FieldNames.of(names);
        }
        return Fields.of(lastNames, values);
    }

    private static @Nullable String readValue(String field, @Nullable Object value) {
        try {
            return Natural.text(value);
        } catch (SyncException e) {
            throw e.with("field", field);
        }
    }
}
