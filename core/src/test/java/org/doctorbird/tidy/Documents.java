package org.doctorbird.tidy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The Markdown documents and the places that point into them.
final class Documents {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern FENCED = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
    private static final Pattern CITATION =
            Pattern.compile("`(docs/[a-z]+\\.md)`, \"([^\"]+)\"", Pattern.DOTALL);

    private final Tree tree;

    Documents(Tree tree) {
        this.tree = tree;
    }

    /// Returns one sentence for each relative link whose file or heading does not exist.
    List<String> brokenLinks() {
        var broken = new ArrayList<String>();
        for (Path document : tree.files(".md")) {
            var link = LINK.matcher(FENCED.matcher(tree.text(document)).replaceAll(""));
            while (link.find()) {
                String target = link.group(1);
                if (!target.matches("[a-z]+:.*") && !leadsSomewhere(document, target)) {
                    broken.add(document + ": the link " + target + " leads nowhere");
                }
            }
        }
        return broken;
    }

    private boolean leadsSomewhere(Path document, String link) {
        String[] parts = URLDecoder.decode(link, StandardCharsets.UTF_8).split("#", 2);
        Path target = document;
        if (!parts[0].isEmpty()) {
            target = document.resolveSibling(parts[0]).normalize();
        }
        if (!Files.exists(tree.root().resolve(target))) {
            return false;
        }
        return parts.length == 1 || anchors(target).contains(parts[1]);
    }

    /// Returns one sentence for each section that a source file cites and its document lacks. A
    /// document that is not written yet lacks nothing.
    List<String> brokenCitations() {
        var broken = new ArrayList<String>();
        for (Path source : tree.files(".java", ".sql")) {
            String text = tree.text(source).replaceAll("\\n\\s*(///|--|\\*)\\s*", " ");
            var citation = CITATION.matcher(text);
            while (citation.find()) {
                Path document = Path.of(citation.group(1));
                if (Files.exists(tree.root().resolve(document))
                        && !headings(document).contains(citation.group(2))) {
                    broken.add(
                            "%s: %s has no section \"%s\""
                                    .formatted(source, document, citation.group(2)));
                }
            }
        }
        return broken;
    }

    private Set<String> headings(Path document) {
        var headings = new TreeSet<String>();
        var heading = HEADING.matcher(FENCED.matcher(tree.text(document)).replaceAll(""));
        while (heading.find()) {
            headings.add(heading.group(1).replace("`", ""));
        }
        return headings;
    }

    /// The anchors that Markdown viewers make: lower case, no punctuation, hyphens for spaces.
    private Set<String> anchors(Path document) {
        var anchors = new TreeSet<String>();
        for (String heading : headings(document)) {
            anchors.add(
                    heading.toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                            .replace(' ', '-'));
        }
        return anchors;
    }
}
