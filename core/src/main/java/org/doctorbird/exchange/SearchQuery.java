package org.doctorbird.exchange;

import java.util.List;

/// What a satellite searches for at central.
///
/// @param where what must hold
/// @param fields the names of the fields to show, in that order; none: all that may be shown
/// @param order the fields to order by, in that order; none: best match first
/// @param offset how many hits to leave out, from 0
/// @param limit how many hits at most, 1 to [#HITS_MAX]
public record SearchQuery(
        Condition where, List<String> fields, List<Order> order, int offset, int limit) {

    /// The most hits of one search.
    public static final int HITS_MAX = 100;

    public SearchQuery {
        fields = List.copyOf(fields);
        order = List.copyOf(order);
        if (offset < 0 || limit < 1 || limit > HITS_MAX) {
            throw new IllegalArgumentException("hits from " + offset + ", " + limit);
        }
    }

    /// How to order hits.
    public record Order(String field, boolean isDescending) {}

    /// A condition on a record.
    public sealed interface Condition {

        /// All of them hold; none: always true.
        record All(List<Condition> parts) implements Condition {
            public All {
                parts = List.copyOf(parts);
            }
        }

        /// One of them holds.
        record Any(List<Condition> parts) implements Condition {
            public Any {
                parts = List.copyOf(parts);
            }
        }

        /// A field compares to values.
        ///
        /// @param values one, but for `IN` and `NOT_IN`; texts in PostgreSQL's form, null for an
        ///   empty field
        record Compare(
                String field,
                Operator operator,
                List<@org.jspecify.annotations.Nullable String> values)
                implements Condition {

            /// Shows no value: it may be a patient's.
            @Override
            public String toString() {
                return field + " " + operator;
            }
        }
    }

    /// How a field compares, as Tryton's domains name it.
    public enum Operator {
        /// `=`, without regard to case and accents in texts.
        EQUAL,
        /// `!=`
        NOT_EQUAL,
        /// `<`
        LESS,
        /// `<=`
        LESS_OR_EQUAL,
        /// `>`
        GREATER,
        /// `>=`
        GREATER_OR_EQUAL,
        /// `like` and `ilike`, with `%` and `_`, without regard to case and accents.
        LIKE,
        /// `not like` and `not ilike`
        NOT_LIKE,
        /// `in`
        IN,
        /// `not in`
        NOT_IN,
        /// `similar`: the texts have trigrams in common, as when a name is misspelt.
        SIMILAR
    }
}
