package org.doctorbird.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.exchange.SearchQuery;
import org.doctorbird.exchange.SearchQuery.Condition;
import org.doctorbird.exchange.SearchQuery.Operator;
import org.doctorbird.exchange.SearchQuery.Order;
import org.jspecify.annotations.Nullable;

/// Searches as trees: Tryton's domains, and the arguments of its `search` around them. One object
/// reads one search.
final class Domains {

    /// How deep conditions may stand within each other.
    static final int DEPTH_MAX = 10;

    /// How many comparisons one search may have.
    static final int COMPARISONS_MAX = 100;

    /// How many values `in` and `not in` may have.
    static final int VALUES_MAX = 1_000;

    /// How many characters a value may have.
    static final int VALUE_MAX = 1_000;

    private static final int OFFSET_MAX = 10_000;
    private static final int NAMES_MAX = 100;
    private static final int NAME_MAX = 300;

    private static final String AND = "AND";
    private static final String OR = "OR";
    private static final String ASCENDING = "ASC";
    private static final String DESCENDING = "DESC";

    private static final Map<String, Operator> OPERATORS = new TreeMap<>();

    static {
        OPERATORS.put("=", Operator.EQUAL);
        OPERATORS.put("!=", Operator.NOT_EQUAL);
        OPERATORS.put("<", Operator.LESS);
        OPERATORS.put("<=", Operator.LESS_OR_EQUAL);
        OPERATORS.put(">", Operator.GREATER);
        OPERATORS.put(">=", Operator.GREATER_OR_EQUAL);
        OPERATORS.put("like", Operator.LIKE);
        OPERATORS.put("ilike", Operator.LIKE);
        OPERATORS.put("not like", Operator.NOT_LIKE);
        OPERATORS.put("not ilike", Operator.NOT_LIKE);
        OPERATORS.put("in", Operator.IN);
        OPERATORS.put("not in", Operator.NOT_IN);
        OPERATORS.put("similar", Operator.SIMILAR);
    }

    private int comparisons;

    private Domains() {}

    /// Returns domain, offset, limit, order and names of fields.
    static Object[] arguments(SearchQuery query) {
        Condition where = query.where();
        Object domain =
                where instanceof Condition.Compare ? List.of(written(where)) : written(where);
        var order = new ArrayList<Object>();
        query.order()
                .forEach(some ->
                        order.add(
                                List.of(
                                        some.field(),
                                        some.isDescending() ? DESCENDING : ASCENDING)));
        return new Object[] {
            domain, (long) query.offset(), (long) query.limit(), order, query.fields()
        };
    }

    private static Object written(Condition condition) {
        return switch (condition) {
            case Condition.All(List<Condition> parts) -> written(AND, parts);
            case Condition.Any(List<Condition> parts) -> written(OR, parts);
            case Condition.Compare compare -> {
                var clause = new ArrayList<@Nullable Object>();
                clause.add(compare.field());
                clause.add(word(compare.operator()));
                clause.add(
                        takesMany(compare.operator())
                                ? compare.values()
                                : compare.values().getFirst());
                yield clause;
            }
        };
    }

    private static List<Object> written(String word, List<Condition> parts) {
        var list = new ArrayList<Object>();
        list.add(word);
        parts.forEach(part -> list.add(written(part)));
        return list;
    }

    private static String word(Operator operator) {
        return switch (operator) {
            case EQUAL -> "=";
            case NOT_EQUAL -> "!=";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
            case LIKE -> "ilike";
            case NOT_LIKE -> "not ilike";
            case IN -> "in";
            case NOT_IN -> "not in";
            case SIMILAR -> "similar";
        };
    }

    private static boolean takesMany(Operator operator) {
        return operator == Operator.IN || operator == Operator.NOT_IN;
    }

    /// Reads a search; all arguments after the domain may be missing or nil.
    static SearchQuery query(List<Node> arguments) {
        if (arguments.isEmpty() || arguments.size() > 5) {
            throw new SyncException(
                    ErrorCode.REQUEST_MALFORMED,
                    "domain, offset, limit, order, names of fields, and the context expected");
        }
        Condition where = new Domains().condition(arguments.getFirst(), DEPTH_MAX);
        int offset = argument(arguments, 1).map(node -> node.number(0, OFFSET_MAX)).orElse(0);
        int limit =
                argument(arguments, 2)
                        .map(node -> node.number(1, Integer.MAX_VALUE))
                        .orElse(SearchQuery.HITS_MAX);
        List<Order> order =
                argument(arguments, 3).map(node -> node.list(Domains::order)).orElse(List.of());
        List<String> fields =
                argument(arguments, 4).map(node -> node.list(Domains::name)).orElse(List.of());
        if (order.size() > NAMES_MAX || fields.size() > NAMES_MAX) {
            throw tooLarge("names of fields", NAMES_MAX);
        }
        if (fields.stream().distinct().count() < fields.size()) {
            throw arguments.get(4).expected("no name twice");
        }
        return new SearchQuery(where, fields, order, offset, Math.min(limit, SearchQuery.HITS_MAX));
    }

    private static Optional<Node> argument(List<Node> arguments, int place) {
        return arguments.stream().skip(place).findFirst().filter(node -> !node.isNil());
    }

    private static Order order(Node node) {
        List<Node> pair = node.tuple(2);
        return switch (pair.get(1).string().toUpperCase(Locale.ROOT)) {
            case ASCENDING -> new Order(name(pair.get(0)), false);
            case DESCENDING -> new Order(name(pair.get(0)), true);
            default -> throw pair.get(1).expected("ASC or DESC");
        };
    }

    private static String name(Node node) {
        String name = node.string();
        if (name.isEmpty() || name.length() > NAME_MAX) {
            throw node.expected("a field's name");
        }
        return name;
    }

    private Condition condition(Node node, int depth) {
        List<Node> elements = node.list(element -> element);
        if (depth == 0) {
            throw tooLarge("conditions within each other", DEPTH_MAX);
        }
        if (elements.isEmpty()) {
            return new Condition.All(List.of());
        }
        if (elements.getFirst().value() instanceof String word) {
            return switch (word) {
                case AND -> new Condition.All(parts(elements.subList(1, elements.size()), depth));
                case OR -> new Condition.Any(parts(elements.subList(1, elements.size()), depth));
                default -> comparison(node.tuple(3));
            };
        }
        List<Condition> parts = parts(elements, depth);
        return parts.size() == 1 ? parts.getFirst() : new Condition.All(parts);
    }

    private List<Condition> parts(List<Node> elements, int depth) {
        var parts = new ArrayList<Condition>();
        elements.forEach(element -> parts.add(condition(element, depth - 1)));
        return parts;
    }

    private Condition comparison(List<Node> clause) {
        comparisons++;
        if (comparisons > COMPARISONS_MAX) {
            throw tooLarge("comparisons", COMPARISONS_MAX);
        }
        String field = name(clause.get(0));
        Operator operator = OPERATORS.get(clause.get(1).string().toLowerCase(Locale.ROOT));
        if (operator == null) {
            throw clause.get(1).expected("an operator of a domain");
        }
        Node value = clause.get(2);
        boolean mayBeEmpty = operator == Operator.EQUAL || operator == Operator.NOT_EQUAL;
        if (takesMany(operator)) {
            List<Node> elements = value.list(element -> element);
            if (elements.size() > VALUES_MAX) {
                throw tooLarge("values", VALUES_MAX);
            }
            var values = new ArrayList<@Nullable String>();
            elements.forEach(element -> values.add(text(element, field, true)));
            return new Condition.Compare(field, operator, values);
        }
        var values = new ArrayList<@Nullable String>();
        values.add(text(value, field, mayBeEmpty));
        return new Condition.Compare(field, operator, values);
    }

    private static @Nullable String text(Node node, String field, boolean mayBeEmpty) {
        if (node.isNil() && !mayBeEmpty) {
            throw node.expected("a value");
        }
        try {
            String text = Natural.text(node.value());
            if (text != null && text.length() > VALUE_MAX) {
                throw tooLarge("characters in a value", VALUE_MAX);
            }
            return text;
        } catch (SyncException e) {
            throw e.code() == ErrorCode.VALUE_MALFORMED ? e.with("field", field) : e;
        }
    }

    private static SyncException tooLarge(String what, int limit) {
        return new SyncException(ErrorCode.REQUEST_TOO_LARGE, "too many " + what + " in a search")
                .with("limit", limit);
    }
}
