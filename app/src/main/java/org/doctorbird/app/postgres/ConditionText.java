package org.doctorbird.app.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a condition in a plan: SQL over one table's columns, in which `:name` stands for an
/// attribute of an instance.
///
/// It is put into statements in parentheses. So that it stays within them and means the same
/// everywhere, it may hold no comment, no semicolon, no backslash, no dollar and no question mark
/// outside of quotes, and no more closing parentheses than opening ones.
public final class ConditionText {

    /// What an attribute may be called.
    public static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /// A text or name in quotes; a cast; an attribute; what is refused; anything else.
    private static final Pattern PART =
            Pattern.compile(
                    "(?<quoted>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")|(?<cast>::|:=)|:(?<name>\\w+)"
                            + "|(?<refused>'|\"|--|/\\*|[;\\\\$?])|(?<open>\\()|(?<close>\\))");

    private final String text;

    private ConditionText(String text) {
        this.text = text;
    }

    /// Reads a condition.
    ///
    /// @param text one without [#fault]
    public static ConditionText of(String text) {
        fault(text)
                .ifPresent(why -> {
                    throw new IllegalArgumentException(why);
                });
        return new ConditionText(text);
    }

    /// Says what is wrong with the text, in words for a person; empty: nothing. Whether the
    /// database takes it is another question.
    public static Optional<String> fault(String text) {
        int depth = 0;
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            String quoted = parts.group("quoted");
            String name = parts.group("name");
            if (quoted != null && quoted.indexOf('\\') >= 0) {
                return Optional.of("a backslash cannot stand in a condition");
            }
            if (parts.group("refused") != null) {
                return Optional.of(refusal(parts.group("refused")));
            }
            if (name != null && !NAME.matcher(name).matches()) {
                return Optional.of(
                        "an attribute is written as : and small letters, digits and underscores");
            }
            depth += parts.group("open") != null ? 1 : parts.group("close") != null ? -1 : 0;
            if (depth < 0) {
                break;
            }
        }
        return depth == 0 ? Optional.empty() : Optional.of("the parentheses do not match");
    }

    private static String refusal(String sign) {
        return switch (sign) {
            case "'", "\"" -> "a quotation mark has no other end";
            case "--", "/*" -> "a comment cannot stand in a condition; write it with # above it";
            case ";" -> "a condition is one expression, without a semicolon";
            case "?" ->
                    "a question mark cannot stand in a condition; jsonb has functions for the same";
            default -> "the sign " + sign + " cannot stand in a condition";
        };
    }

    /// Returns the names of the attributes in the order of the text, each as often as it stands
    /// there.
    public List<String> attributes() {
        var names = new ArrayList<String>();
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            if (parts.group("name") != null) {
                names.add(parts.group("name"));
            }
        }
        return names;
    }

    /// Returns the text with something in the place of each attribute.
    ///
    /// @param value gives SQL for an attribute's name, such as a literal; asked in the order of
    ///   [#attributes]
    public String filled(UnaryOperator<String> value) {
        return PART.matcher(text)
                .replaceAll(part ->
                        Matcher.quoteReplacement(
                                part.group("name") == null
                                        ? part.group()
                                        : value.apply(part.group("name"))));
    }

    /// Returns the text as the plan has it.
    @Override
    public String toString() {
        return text;
    }
}
