package org.doctorbird.record;

import java.util.UUID;

/// A satellite's place in central's feed of one model: everything up to and including this pair was
/// read.
///
/// The feed is ordered by transaction first, because a transaction that commits late must not be
/// skipped, and by uid within it. Valid within one epoch of central only. The text form is
/// `transaction/uid`.
///
/// @param transaction central's transaction number; 0 at the beginning
/// @param uid the last record read of that transaction
public record Cursor(long transaction, UUID uid) implements Comparable<Cursor> {

    /// Before everything.
    public static final Cursor START = new Cursor(0, Uids.FIRST);

    /// Reads the text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a number, a slash and a uuid
    public static Cursor parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("not a cursor");
        }
        return new Cursor(
                Long.parseLong(text, 0, slash, 10), UUID.fromString(text.substring(slash + 1)));
    }

    /// Returns the text form.
    public String text() {
        return transaction + "/" + uid;
    }

    @Override
    public int compareTo(Cursor other) {
        int byTransaction = Long.compare(transaction, other.transaction);
        return byTransaction != 0 ? byTransaction : Uids.ORDER.compare(uid, other.uid);
    }
}
