package org.doctorbird.record;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// A local change as a satellite pushes it.
///
/// @param uid the record's cross-instance unique id
/// @param base the ETag of the central version that the change started from; empty for a record
///   that this satellite has never synchronised
/// @param revision the satellite's number of the change, 1 or more, growing with each change of the
///   record
/// @param fields the changed fields, all of them if there is no base; none if deleted
/// @param isDeleted the satellite deleted the record
/// @param user the application's id of who made the change there, as [#isUser] allows; empty: not
///   known
/// @param age how long before the push the record was last changed, by the satellite's clock;
///   empty: unknown, or not asked for. 0 or more
public record PushedRecord(
        UUID uid,
        Optional<ETag> base,
        long revision,
        Fields fields,
        boolean isDeleted,
        Optional<String> user,
        Optional<Duration> age) {

    /// The longest id of a user, in characters.
    public static final int USER_LENGTH_MAX = 64;

    public PushedRecord {
        if (user.isPresent() && !isUser(user.get())) {
            throw new IllegalArgumentException("no id of a user");
        }
    }

    /// A change of unknown age.
    public PushedRecord(
            UUID uid,
            Optional<ETag> base,
            long revision,
            Fields fields,
            boolean isDeleted,
            Optional<String> user) {
        this(uid, base, revision, fields, isDeleted, user, Optional.empty());
    }

    /// A change of which it is not known who made it, nor when.
    public PushedRecord(
            UUID uid, Optional<ETag> base, long revision, Fields fields, boolean isDeleted) {
        this(uid, base, revision, fields, isDeleted, Optional.empty());
    }

    /// Returns when the change was made: after its base and not later than now, whatever was done
    /// to the satellite's clock. One of unknown age counts as made right after its base.
    ///
    /// @param now central's clock
    public ETag edited(ETag now) {
        long earliest = base.map(some -> some.micros() + 1).orElse(1L);
        long micros = age.map(some -> now.micros() - some.toNanos() / 1_000).orElse(earliest);
        return new ETag(Math.min(now.micros(), Math.max(micros, earliest)));
    }

    /// The same change of other fields.
    public PushedRecord with(Fields other) {
        return new PushedRecord(uid, base, revision, other, isDeleted, user, age);
    }

    /// The same change, numbered after others.
    ///
    /// @param before how many numbers were taken, 0 or more
    public PushedRecord after(long before) {
        return new PushedRecord(
                uid, base, Math.addExact(before, revision), fields, isDeleted, user, age);
    }

    /// Says whether a text can be the id of a user: 1 to 64 characters, all of which can be shown.
    public static boolean isUser(String text) {
        return !text.isBlank()
                && text.length() <= USER_LENGTH_MAX
                && text.codePoints().allMatch(PushedRecord::canBeShown);
    }

    private static boolean canBeShown(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    false;
            default -> true;
        };
    }

    /// Returns uid and revision only: values may be a patient's.
    @Override
    public String toString() {
        return uid + " revision " + revision;
    }
}
