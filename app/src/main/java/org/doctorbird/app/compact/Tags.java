package org.doctorbird.app.compact;

/// CBOR's tags as the compact encoding uses them. Those from 60,100 on mean this within its content
/// type only.
final class Tags {

    /// No tag.
    static final int NONE = -1;

    /// Bignums, as RFC 8949 has them.
    static final int POSITIVE = 2;

    /// See [#POSITIVE].
    static final int NEGATIVE = 3;

    /// A decimal fraction, as RFC 8949 has it.
    static final int DECIMAL = 4;

    /// A UUID of 16 bytes.
    static final int UID = 37;

    /// A date as days since 1970, as RFC 8943 has it.
    static final int DATE = 100;

    /// A list of structs or lists, column by column.
    static final int TABLE = 60_100;

    /// A list of values of one kind.
    static final int COLUMN = 60_101;

    /// A list in which few values repeat.
    static final int DICTIONARY = 60_102;

    /// A time of day in microseconds.
    static final int TIME = 60_103;

    /// The text of an ETag as microseconds since 1970.
    static final int STAMP = 60_104;

    /// A moment in microseconds since 1970.
    static final int MOMENT = 60_105;

    /// A span of time in microseconds.
    static final int SPAN = 60_106;

    /// The number of an earlier column of UUIDs, whose values come again.
    static final int AGAIN = 60_107;

    /// A list of texts, word by word.
    static final int WORDS = 60_108;

    private Tags() {}
}
