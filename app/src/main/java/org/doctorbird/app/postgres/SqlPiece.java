package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.List;

/// A piece of a statement with the values of its parameters, in their order.
///
/// @param text with `?` for each parameter
record SqlPiece(String text, List<Object> parameters) {

    SqlPiece {
        parameters = List.copyOf(parameters);
    }

    static SqlPiece of(String text, Object... parameters) {
        return new SqlPiece(text, List.of(parameters));
    }

    /// Joins pieces with a word between them, in brackets.
    ///
    /// @param empty what none means
    static SqlPiece joined(String word, List<SqlPiece> pieces, String empty) {
        if (pieces.isEmpty()) {
            return of(empty);
        }
        var parameters = new ArrayList<>();
        pieces.forEach(piece -> parameters.addAll(piece.parameters()));
        return new SqlPiece(
                "(" + String.join(word, pieces.stream().map(SqlPiece::text).toList()) + ")",
                parameters);
    }

    /// Puts text around it.
    SqlPiece within(String before, String after) {
        return new SqlPiece(before + text + after, parameters);
    }

    /// Returns it with another one behind it.
    SqlPiece then(SqlPiece next) {
        var both = new ArrayList<>(parameters);
        both.addAll(next.parameters());
        return new SqlPiece(text + next.text(), both);
    }

    /// Shows no parameter: it may be a patient's.
    @Override
    public String toString() {
        return text;
    }
}
