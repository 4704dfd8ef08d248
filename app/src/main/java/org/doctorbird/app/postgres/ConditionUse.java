package org.doctorbird.app.postgres;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the database says of a condition.
public sealed interface ConditionUse {

    /// It is a condition on one row of the table.
    ///
    /// @param columns the table's columns that it looks at, in the order of the table
    /// @param attributes the types that an attribute's value is taken for, by its name
    record OnOwnRow(List<String> columns, Map<String, Set<String>> attributes)
            implements ConditionUse {}

    /// It looks at other relations as well.
    ///
    /// @param relations their names, with the schema unless it is `public`; empty if the database
    ///   does not tell
    record LooksElsewhere(List<String> relations) implements ConditionUse {}

    /// Its outcome depends on the time, on settings or on chance.
    ///
    /// @param words names in it that may be why; empty if none stands out
    record Changes(List<String> words) implements ConditionUse {}

    /// The type of an attribute is not clear.
    record TypeUnclear(String attribute) implements ConditionUse {}

    /// The database cannot make sense of it.
    ///
    /// @param reason what kind of mistake
    /// @param word the word where the mistake was noticed; empty if the database does not tell
    /// @param sqlState the database's code
    record Wrong(Reason reason, String word, String sqlState) implements ConditionUse {}

    /// Kinds of mistakes.
    enum Reason {
        /// The word is no column of the table.
        NO_COLUMN,
        /// There is no such function or operator for these types.
        NO_FUNCTION,
        /// A text is no value of the type it is compared with.
        NO_VALUE,
        /// The outcome is not true or false, or types do not match.
        TYPE,
        /// Anything else.
        SYNTAX
    }
}
