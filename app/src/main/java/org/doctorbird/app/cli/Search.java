package org.doctorbird.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.doctorbird.app.LoggingListener;
import org.doctorbird.app.postgres.SyncedTable;
import org.doctorbird.app.satellite.Satellite;
import org.doctorbird.exchange.Found;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.SearchQuery.Condition;
import org.doctorbird.exchange.SearchQuery.Operator;
import org.doctorbird.record.FieldKind;
import org.doctorbird.record.FieldShape;
import org.doctorbird.record.ModelShape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `doctorbird search`, on a satellite.
@Command(
        name = "search",
        description = {
            "On a satellite: searches among central's records, also those that are not here.",
            "",
            "  name=brown          the text holds 'brown', whatever case and accents",
            "  name=brown%%         it begins with it; %% and _ stand for any text and any character",
            "  name~browne         it is similar, as when a name is misspelt",
            "  born=1990-02-03     other kinds are compared as they are; also <, <=, > and >=",
            "  name.lastname=brown a field of the record that 'name' points to",
            "",
            "All of them must hold. The plan says what can be searched and shown."
        })
final class Search implements Callable<Integer> {

    private static final Pattern COMPARISON = Pattern.compile("([^=~<>]+)(<=|>=|=|~|<|>)(.*)");

    @Mixin private Common common = new Common();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "MODEL", description = "Such as party.party.")
    private String model = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FIELD=VALUE",
            description = "What must hold.")
    private List<String> comparisons = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Records at most, 1 to 100; default: 20.")
    private int limit = 20;

    @Override
    public Integer call() {
        if (limit < 1 || limit > SearchQuery.HITS_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--limit takes 1 to " + SearchQuery.HITS_MAX + ".");
        }
        try (Satellite satellite = Satellite.open(common.settings(), new LoggingListener())) {
            Map<String, ModelShape> shapes = new LinkedHashMap<>();
            for (SyncedTable table : satellite.tables()) {
                shapes.put(table.model(), table.shape());
            }
            List<Condition> parts =
                    comparisons.stream().map(some -> comparison(some, shapes)).toList();
            var query = new SearchQuery(new Condition.All(parts), List.of(), List.of(), 0, limit);
            List<Found> found = satellite.link().search(model, query);
            tell(found);
            return 0;
        }
    }

    private Condition comparison(String text, Map<String, ModelShape> shapes) {
        Matcher parts = COMPARISON.matcher(text);
        if (!parts.matches()) {
            throw new ParameterException(
                    spec.commandLine(), "What must hold looks like name=brown or born>1990-01-01.");
        }
        String field = parts.group(1).strip();
        String value = parts.group(3);
        boolean isText = isText(model, field, shapes);
        return switch (parts.group(2)) {
            case "~" -> compare(field, Operator.SIMILAR, value);
            case "<" -> compare(field, Operator.LESS, value);
            case "<=" -> compare(field, Operator.LESS_OR_EQUAL, value);
            case ">" -> compare(field, Operator.GREATER, value);
            case ">=" -> compare(field, Operator.GREATER_OR_EQUAL, value);
            default -> {
                if (value.indexOf('%') >= 0) {
                    yield compare(field, Operator.LIKE, value);
                }
                yield isText
                        ? compare(field, Operator.LIKE, "%" + escaped(value) + "%")
                        : compare(field, Operator.EQUAL, value);
            }
        };
    }

    private static Condition compare(String field, Operator operator, String value) {
        return new Condition.Compare(field, operator, List.of(value));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("_", "\\_");
    }

    /// A field that is not known here counts as a text.
    private static boolean isText(String model, String field, Map<String, ModelShape> shapes) {
        ModelShape shape = shapes.get(model);
        int dot = field.indexOf('.');
        String first = dot < 0 ? field : field.substring(0, dot);
        Optional<FieldShape> known = Optional.ofNullable(shape).flatMap(some -> some.field(first));
        if (dot < 0) {
            return known.filter(some -> some.kind() != FieldKind.TEXT).isEmpty();
        }
        return known.flatMap(FieldShape::references)
                .map(target -> isText(target, field.substring(dot + 1), shapes))
                .orElse(true);
    }

    private void tell(List<Found> found) {
        Set<String> names = new LinkedHashSet<>();
        found.forEach(one -> names.addAll(one.fields().names().list()));
        var rows = new ArrayList<List<String>>();
        var heading = new ArrayList<>(List.of("uid", "here"));
        heading.addAll(names);
        rows.add(heading);
        for (Found one : found) {
            var row = new ArrayList<>(List.of(one.uid().toString(), one.isHeld() ? "yes" : "no"));
            names.forEach(name -> row.add(Objects.requireNonNullElse(one.fields().get(name), "")));
            rows.add(row);
        }
        if (found.isEmpty()) {
            common.say("Nothing found.");
        } else {
            Columns.lines(rows).forEach(common::say);
        }
        if (found.size() == limit) {
            common.say("There may be more: say more of what you look for.");
        }
        common.print(Map.of("found", found.stream().map(Search::document).toList()));
    }

    private static Map<String, Object> document(Found one) {
        var fields = new LinkedHashMap<String, Object>();
        for (String name : one.fields().names().list()) {
            String value = one.fields().get(name);
            if (value != null) {
                fields.put(name, value);
            }
        }
        return Map.of("uid", one.uid().toString(), "here", one.isHeld(), "fields", fields);
    }
}
