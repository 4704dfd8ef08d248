package org.doctorbird.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The list of planted faults follows the sources. That tests catch them is proved by `./check
/// --mutants`, which takes too long for every build.
final class PlantedFaultsTest {

    private static final Path LIST = Path.of("mutants/mutants.txt");
    private static final Pattern FAULT =
            Pattern.compile(
                    "(?ms)^== (?<name>[\\w-]+): [^\\n]+\\n(?<file>\\S+)\\n(?<test>\\w+)\\n- (?<before>.*?)\\n\\+ ");

    private final Tree tree = Tree.here();

    @Test
    void eachCanBePlantedAtOnePlaceAndNamesATest() {
        List<String> all = tree.text(LIST).lines().filter(line -> line.startsWith("== ")).toList();
        List<Path> sources = tree.files(".java");
        var broken = new ArrayList<String>();
        var fault = FAULT.matcher(tree.text(LIST));
        int read = 0;
        while (fault.find()) {
            read++;
            String source = tree.text(Path.of(fault.group("file")));
            String test = fault.group("test") + ".java";
            boolean hasTest = sources.stream().anyMatch(path -> path.endsWith(test));
            if (places(source, fault.group("before")) != 1 || !hasTest) {
                broken.add(fault.group("name"));
            }
        }
        assertThat(broken).as("faults that do not fit the sources any more").isEmpty();
        assertThat(read).isEqualTo(all.size()).isGreaterThanOrEqualTo(25);
    }

    private static int places(String text, String part) {
        int places = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
            places++;
        }
        return places;
    }
}
