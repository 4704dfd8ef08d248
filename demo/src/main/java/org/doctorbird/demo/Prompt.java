package org.doctorbird.demo;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Types Doctorbird's commands as an administrator would, and shows what they answer.
///
/// @param narrator shows it
/// @param programs runs it
record Prompt(Narrator narrator, Programs programs) {

    private static final Pattern MODEL_ROW = Pattern.compile("\\S+( +[\\d,]+){8} .*");

    /// Shows command and answer.
    void type(DemoInstance instance, String... command) throws IOException, InterruptedException {
        var _ = ask(instance, command);
    }

    /// Shows command and answer.
    ///
    /// @return the answer
    String ask(DemoInstance instance, String... command) throws IOException, InterruptedException {
        return ask(instance, line -> true, command);
    }

    /// Shows the command and the lines of its answer that matter; "..." stands for the others.
    ///
    /// @return the whole answer
    String ask(DemoInstance instance, Predicate<String> matters, String... command)
            throws IOException, InterruptedException {
        sayCommand(instance, command);
        String answer = programs.run(instance.settings(), command);
        boolean isLeftOut = false;
        for (String line : answer.stripTrailing().lines().toList()) {
            if (matters.test(line)) {
                narrator.say("  " + line);
            } else if (!isLeftOut) {
                narrator.say("  ...");
            }
            isLeftOut = !matters.test(line);
        }
        return answer;
    }

    private void sayCommand(DemoInstance instance, String... command) {
        narrator.say(
                instance.name()
                        + "> doctorbird "
                        + Arrays.stream(command)
                                .map(Prompt::quoted)
                                .collect(Collectors.joining(" ")));
    }

    /// Shows a command that must be refused, and what it says.
    ///
    /// @return that
    String refused(DemoInstance instance, String... command)
            throws IOException, InterruptedException {
        sayCommand(instance, command);
        Programs.Ended ended = programs.attempt(instance.settings(), command);
        if (ended.exitCode() == 0) {
            throw new IOException("'" + String.join(" ", command) + "' was not refused");
        }
        ended.errors().strip().lines().forEach(line -> narrator.say("  " + line));
        return ended.errors();
    }

    /// Leaves the table of the models out of the answer of `status`.
    static boolean isNews(String line) {
        return !line.isBlank() && !line.startsWith("model ") && !MODEL_ROW.matcher(line).matches();
    }

    /// As a shell wants it.
    private static String quoted(String word) {
        return List.of(" ", "{", "?", "*").stream().anyMatch(word::contains)
                ? '"' + word + '"'
                : word;
    }
}
