package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Optional;
import org.doctorbird.exchange.SearchQuery.Operator;

/// How the kept texts of one searchable field match, and how well. In the statements the kept text
/// is `s.folded`.
final class TextMatch {

    /// The worst rank, of a record that does not match by this field at all.
    private static final int RANK_LAST = 9;

    private final FieldPath path;
    private final String model;
    private final Optional<String> trigrams;

    /// @param model the model that is searched
    /// @param trigrams the schema of pg_trgm; empty: there is none
    TextMatch(FieldPath path, String model, Optional<String> trigrams) {
        this.path = path;
        this.model = model;
        this.trigrams = trigrams;
    }

    /// Returns the uids of the matching records.
    SqlPiece uids(Operator operator, List<String> values) {
        return match(operator, values).within("select s.uid from " + source(), "");
    }

    /// Returns the condition that the record `c` does not match; an empty field matches nothing.
    SqlPiece matchesNot(Operator operator, List<String> values) {
        return match(operator, values)
                .within("not exists (select 1 from " + source() + "s.uid = c.uid and ", ")");
    }

    private String source() {
        return "doctorbird.engine_search s where s.model = %s and s.field = %s and "
                .formatted(Sql.literal(model), Sql.literal(path.name()));
    }

    private SqlPiece match(Operator operator, List<String> values) {
        String kept = SearchIndex.kept("?::text");
        return switch (operator) {
            case EQUAL, NOT_EQUAL -> SqlPiece.of("s.folded = " + kept, values.getFirst());
            case LESS -> SqlPiece.of("s.folded < " + kept, values.getFirst());
            case LESS_OR_EQUAL -> SqlPiece.of("s.folded <= " + kept, values.getFirst());
            case GREATER -> SqlPiece.of("s.folded > " + kept, values.getFirst());
            case GREATER_OR_EQUAL -> SqlPiece.of("s.folded >= " + kept, values.getFirst());
            case LIKE, NOT_LIKE -> like("s.folded", pattern(values.getFirst()));
            case IN, NOT_IN ->
                    SqlPiece.of(
                            "s.folded = any(array(select %s from unnest(?::text[]) v))"
                                    .formatted(SearchIndex.kept("v")),
                            (Object) values.toArray(String[]::new));
            case SIMILAR -> similar(values.getFirst());
        };
    }

    private SqlPiece similar(String value) {
        if (trigrams.isEmpty()) {
            return like("s.folded", "%" + literally(value) + "%");
        }
        String schema = Sql.identifier(trigrams.get());
        return SqlPiece.of(
                "(s.folded operator(%1$s.%%) %2$s or %2$s operator(%1$s.<<%%) s.folded)"
                        .formatted(schema, SearchIndex.kept("?::text")),
                value,
                value);
    }

    /// Returns the condition that a text without case and accents fits a pattern.
    static SqlPiece like(String folded, String pattern) {
        return SqlPiece.of(folded + " like doctorbird.engine_fold(?::text)", pattern);
    }

    /// Returns the pattern with every escape complete; folding turns two other characters into
    /// backslashes.
    static String pattern(String value) {
        String pattern = value.replace('\uFF3C', '\\').replace('\uFE68', '\\');
        int escapes = 0;
        while (escapes < pattern.length()
                && pattern.charAt(pattern.length() - 1 - escapes) == '\\') {
            escapes++;
        }
        return escapes % 2 == 0 ? pattern : pattern + "\\";
    }

    /// Returns the pattern that only the value itself fits.
    static String literally(String value) {
        return value.replace('\uFF3C', '\\')
                .replace('\uFE68', '\\')
                .replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("\uFF05", "\\%")
                .replace("\uFE6A", "\\%")
                .replace("_", "\\_")
                .replace("\uFF3F", "\\_");
    }

    /// Returns how well a record matches: from 0 for the same text up; empty if all that match do
    /// so equally well.
    ///
    /// @param uid the expression of the record's uid
    Optional<SqlPiece> rank(Operator operator, List<String> values, String uid) {
        return switch (operator) {
            case LIKE -> Optional.of(ranked(likeRank(values.getFirst()), uid));
            case SIMILAR ->
                    trigrams.map(schema -> ranked(similarRank(schema, values.getFirst()), uid));
            case EQUAL,
                    NOT_EQUAL,
                    LESS,
                    LESS_OR_EQUAL,
                    GREATER,
                    GREATER_OR_EQUAL,
                    NOT_LIKE,
                    IN,
                    NOT_IN ->
                    Optional.empty();
        };
    }

    private SqlPiece ranked(SqlPiece rank, String uid) {
        return rank.within(
                "coalesce((select ",
                " from %ss.uid = %s), %d)".formatted(source(), uid, RANK_LAST));
    }

    /// The whole text, its beginning, the beginning of a word in it, anywhere.
    private static SqlPiece likeRank(String pattern) {
        String plain = pattern.replaceAll("^%+|%+$", "");
        return SqlPiece.of(
                """
                case when s.folded = f.value then 0
                  when starts_with(s.folded, f.value) then 1
                  when strpos(s.folded, ' ' || f.value) > 0 then 2 else 3 end\
                """
                        .replace("f.value", SearchIndex.kept("?::text")),
                plain,
                plain,
                plain);
    }

    private static SqlPiece similarRank(String schema, String value) {
        return SqlPiece.of(
                "3 * (1 - greatest(%1$s.similarity(s.folded, %2$s), 0.9 * %1$s.strict_word_similarity(%2$s, s.folded)))"
                        .formatted(Sql.identifier(schema), SearchIndex.kept("?::text")),
                value,
                value);
    }
}
