package org.doctorbird.app.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.app.postgres.ConditionText;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Rules;
import org.doctorbird.plan.Search;

/// The rules on one model's records, as a plan file has them.
///
/// @param model the model's table of the file
record RulesTable(PlanTable model) {

    /// The keys, in the order of the manual.
    static final List<String> KEYS =
            List.of(
                    "all",
                    "where",
                    "follows",
                    "brings",
                    "leave_behind",
                    "deletes",
                    "newest_first",
                    "searchable",
                    "shown");

    /// References that a path in `searchable` or `shown` may go over.
    static final int STEPS_MAX = 3;

    Rules rules() {
        return new Rules(
                interest(),
                model.word(
                        "deletes",
                        Deletes::of,
                        Arrays.stream(Deletes.values()).map(Deletes::word).toList()),
                model.text("newest_first"),
                new Search(paths("searchable"), paths("shown")),
                new ConflictsTable(model).rules());
    }

    private Interest interest() {
        Optional<String> condition = model.text("where");
        condition
                .flatMap(ConditionText::fault)
                .ifPresent(why -> {
                    throw model.wrong("where", why);
                });
        List<String> follows = model.textOrTexts("follows");
        List<String> brings = model.textOrTexts("brings");
        List<String> leavesBehind = model.textOrTexts("leave_behind");
        boolean hasRule = condition.isPresent() || !follows.isEmpty();
        boolean isAll = model.flag("all").orElse(!hasRule);
        if (isAll && hasRule) {
            throw model.wrong(
                    "all", "everybody gets everything then: take 'all' out, or the rule beside it");
        }
        model.requireApart("brings", brings, "follows", follows);
        model.requireApart("brings", brings, "leave_behind", leavesBehind);
        return new Interest(
                isAll, condition, follows, Set.copyOf(brings), Set.copyOf(leavesBehind));
    }

    private List<String> paths(String key) {
        List<String> paths = model.texts(key);
        for (String path : paths) {
            List<String> parts = List.of(path.split("\\.", -1));
            if (parts.contains("")) {
                throw model.wrong(key, "a path is written as column.column").with("path", path);
            }
            if (parts.size() > STEPS_MAX + 1) {
                throw model.wrong(key, "a path goes over at most " + STEPS_MAX + " references")
                        .with("path", path);
            }
        }
        return paths;
    }
}
