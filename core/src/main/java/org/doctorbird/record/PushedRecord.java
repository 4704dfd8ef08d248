package org.doctorbird.record;

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
public record PushedRecord(
        UUID uid,
        Optional<ETag> base,
        long revision,
        Fields fields,
        boolean isDeleted,
        Optional<String> user) {

    /// The longest id of a user, in characters.
    public static final int USER_LENGTH_MAX = 64;

    public PushedRecord {
        if (user.isPresent() && !isUser(user.get())) {
            throw new IllegalArgumentException("no id of a user");
        }
    }

    /// A change of which it is not known who made it.
    public PushedRecord(
            UUID uid, Optional<ETag> base, long revision, Fields fields, boolean isDeleted) {
        this(uid, base, revision, fields, isDeleted, Optional.empty());
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
