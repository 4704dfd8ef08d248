package org.doctorbird.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.doctorbird.ErrorCode;
import org.junit.jupiter.api.Test;

/// The cheapest reviewer: what reviewers of this project would say every time.
final class TidyTest {

    private static final int FILE_LINES_MAX = 500;
    private static final Pattern LEFT_OVER =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Path OPERATING = Path.of("docs/operating.md");
    private static final String BEGIN = "<!-- error codes: made from ErrorCode -->\n";
    private static final String END = "<!-- end of error codes -->\n";

    private final Tree tree = Tree.here();

    @Test
    void noFileIsTooLong() {
        assertThat(tree.files(".java", ".sql", ".sh", ".py"))
                .filteredOn(path -> tree.text(path).lines().count() > FILE_LINES_MAX)
                .as("files of more than %d lines", FILE_LINES_MAX)
                .isEmpty();
    }

    @Test
    void javaFilesKeepTheRules() throws IOException {
        List<Path> paths = tree.files(".java");
        assertThat(paths).isNotEmpty();
        assertThat(JavaRules.broken(tree, paths)).isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(tree.files(".java", ".sql", ".sh", ".py", ".xml", ".md"))
                .filteredOn(path -> LEFT_OVER.matcher(tree.text(path)).find())
                .as("files with a marker for later: do it, or open an issue")
                .isEmpty();
    }

    @Test
    void linksBetweenDocumentsLeadSomewhere() {
        assertThat(new Documents(tree).brokenLinks()).isEmpty();
    }

    @Test
    void sectionsThatTheSourcesCiteExist() {
        assertThat(new Documents(tree).brokenCitations()).isEmpty();
    }

    /// With `-Dtidy.write=true` it writes the table instead of comparing it.
    @Test
    void theOperatorsGuideListsEveryErrorCode() throws IOException {
        String guide = tree.text(OPERATING);
        assertThat(guide).contains(BEGIN, END);
        int begin = guide.indexOf(BEGIN) + BEGIN.length();
        int end = guide.indexOf(END);
        if (Boolean.getBoolean("tidy.write")) {
            guide = guide.substring(0, begin) + errorTable() + guide.substring(end);
            Files.writeString(tree.root().resolve(OPERATING), guide);
            return;
        }
        assertThat(guide.substring(begin, end))
                .as(
                        "error table; write it anew: mvn -pl core test -Dtest=TidyTest -Dtidy.write=true")
                .isEqualTo(errorTable());
    }

    private static String errorTable() {
        return Arrays.stream(ErrorCode.values())
                .map(code ->
                        "| %s | `%s` | %s | %s |\n"
                                .formatted(
                                        code.code(),
                                        code.name(),
                                        code.action().name().toLowerCase(Locale.ROOT),
                                        code.remedy()))
                .collect(
                        Collectors.joining(
                                "",
                                "\n| Code | Name | Doctorbird itself | What to do |\n|---|---|---|---|\n",
                                "\n"));
    }

    @Test
    void errorCodesAreUnique() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
    }
}
