package org.doctorbird.app.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.doctorbird.ErrorCode;
import org.doctorbird.SyncException;
import org.doctorbird.plan.Application;
import org.doctorbird.plan.ConflictRules;
import org.doctorbird.plan.Deletes;
import org.doctorbird.plan.Interest;
import org.doctorbird.plan.Mode;
import org.doctorbird.plan.ModelPlan;
import org.doctorbird.plan.Plan;
import org.doctorbird.plan.Policy;
import org.doctorbird.plan.Rules;
import org.doctorbird.plan.Search;
import org.junit.jupiter.api.Test;

final class PlanFileTest {

    private static final String BEGINNING =
            """
            format = 1
            application = "tryton"
            """;

    @Test
    void readsEveryKey() {
        Plan plan =
                PlanFile.parse(
                        BEGINNING
                                + """
                                # the people
                                [[model]]
                                name = "party.party"
                                table = "party_party"
                                mode = "push_update"
                                unique_id_column = "code"
                                leave_out = ["internal_user", "a b"]
                                batch = 10000

                                [[model]]
                                name = "res.user-company.company"
                                table = "other.res_user-company_company"
                                """);

        assertThat(plan)
                .isEqualTo(
                        new Plan(
                                Application.TRYTON,
                                List.of(
                                        new ModelPlan(
                                                "party.party",
                                                "party_party",
                                                Mode.PUSH_UPDATE,
                                                Optional.of("code"),
                                                Set.of("internal_user", "a b"),
                                                10_000),
                                        new ModelPlan(
                                                "res.user-company.company",
                                                "other.res_user-company_company",
                                                Mode.FULL,
                                                Optional.empty(),
                                                Set.of(),
                                                1_000))));
    }

    @Test
    void readsTheRules() {
        assertThat(rules("")).isEqualTo(Rules.DEFAULT);
        assertThat(rules("all = true\nleave_behind = [\"doctor\"]"))
                .isEqualTo(Rules.of(Interest.ALL.leaving("doctor")));
        assertThat(rules("all = false").interest().isAll()).isFalse();
        assertThat(rules("follows = \"patient\"")).isEqualTo(Rules.of(Interest.follows("patient")));
        assertThat(
                        rules(
                                """
                                where = "region = :region or (code::text like 'x:y%' and \\"a:b\\" = :region)"
                                follows = ["patient", "household"]
                                brings = ["name"]
                                leave_behind = ["doctor"]
                                deletes = "propagate"
                                newest_first = "create_date"
                                searchable = ["code", "name.lastname"]
                                shown = ["code", "a.b.c.d"]
                                policy = "latest"
                                policies = { note = "append" }
                                together = [["systolic", "diastolic"]]
                                renumber = "code"
                                """))
                .isEqualTo(
                        new Rules(
                                new Interest(
                                        false,
                                        Optional.of(
                                                "region = :region or (code::text like 'x:y%' and \"a:b\" = :region)"),
                                        List.of("patient", "household"),
                                        Set.of("name"),
                                        Set.of("doctor")),
                                Optional.of(Deletes.PROPAGATE),
                                Optional.of("create_date"),
                                new Search(
                                        List.of("code", "name.lastname"),
                                        List.of("code", "a.b.c.d")),
                                new ConflictRules(
                                        Optional.of(Policy.LATEST),
                                        Map.of("note", Policy.APPEND),
                                        List.of(Set.of("systolic", "diastolic")),
                                        Optional.of(
                                                new ConflictRules.Numbering(
                                                        "code", "{value}-{instance}")))));
    }

    @Test
    void refusesConflictRulesThatContradictThemselves() {
        assertRefused(model("policy = \"newest\""), "key=policy", "there is no such word");
        assertRefused(model("policies = [\"append\"]"), "key=policies", "not a table");
        assertRefused(
                model("policies = { note = \"add\" }"), "key=policies", "column=note", "append");
        assertRefused(model("together = [\"a\", \"b\"]"), "key=together", "list of lists");
        assertRefused(
                model("together = [[\"a\", \"b\"], [\"b\", \"c\"]]"), "key=together", "column=b");
        assertRefused(
                model("together = [[\"a\", \"b\"]]\npolicies = { a = \"latest\" }"),
                "key=together",
                "same policy");
        assertRefused(
                model("together = [[\"a\", \"b\"]]\npolicy = \"append\""),
                "key=together",
                "append");
        assertRefused(model("renumber_as = \"{value}x\""), "key=renumber_as", "renumber");
        assertRefused(
                model("renumber = \"code\"\nrenumber_as = \"x\""), "key=renumber_as", "{value}");
    }

    @Test
    void refusesRulesThatContradictThemselves() {
        assertRefused(model("all = true\nwhere = \"true\""), "line=6", "key=all", "everybody");
        assertRefused(model("all = \"yes\""), "key=all", "not true or false");
        assertRefused(
                model("follows = \"x\"\nbrings = [\"x\"]"),
                "line=7",
                "key=brings",
                "'follows' too");
        assertRefused(
                model("all = false\nbrings = [\"x\"]\nleave_behind = [\"x\"]"),
                "key=brings",
                "'leave_behind' too");
        assertRefused(model("follows = [\"x\", \"x\"]"), "key=follows", "twice");
        assertRefused(model("deletes = \"kep\""), "key=deletes", "nearest=keep");
        assertRefused(model("follow = \"x\""), "key=follow", "nearest=follows");
        assertRefused(model("leave_behnd = [\"x\"]"), "nearest=leave_behind");
        assertRefused(model("newest_first = [\"x\"]"), "key=newest_first", "not a text");
        assertRefused(model("searchable = [\"a..b\"]"), "key=searchable", "path=a..b");
        assertRefused(model("shown = [\"a.b.c.d.e\"]"), "key=shown", "at most 3 references");
    }

    @Test
    void refusesConditionsThatCouldLeaveTheirPlace() {
        assertRefused(model("where = \"a = :Region\""), "line=6", "key=where", "small letters");
        assertRefused(model("where = \"a = 1) or (true\""), "key=where", "parentheses");
        assertRefused(model("where = \"(a = 1\""), "key=where", "parentheses");
        assertRefused(model("where = \"a = 'x\""), "key=where", "no other end");
        assertRefused(model("where = \"a = 1 -- b\""), "key=where", "comment");
        assertRefused(model("where = \"a /* = 1\""), "key=where", "comment");
        assertRefused(model("where = \"true; drop table a\""), "key=where", "semicolon");
        assertRefused(model("where = \"a ? 'x'\""), "key=where", "question mark");
        assertRefused(model("where = 'a = $$x$$'"), "key=where", "sign $");
        assertRefused(model("where = \"\"\"a = E'\\\\''\"\"\""), "key=where", "backslash");
        assertThat(rules("where = \"a <> '; -- ? (' or a is null\"").interest().isAll()).isFalse();
    }

    @Test
    void takesAPlainApplicationForGranted() {
        Plan plan =
                PlanFile.parse(
                        """
                        format = 1
                        [[model]]
                        name = "a"
                        table = "public.a"
                        """);

        assertThat(plan.application()).isEqualTo(Application.PLAIN);
        assertThat(plan.models().getFirst().table()).isEqualTo("a");
    }

    @Test
    void namesLineModelAndNearestWordOfAnUnknownKey() {
        assertRefused(
                BEGINNING
                        + """
                        [[model]]
                        name = "party.party"
                        table = "party_party"

                        [[model]]
                        name = "party.address"
                        table = "party_address"
                        leaveout = ["city"]
                        """,
                "line=10",
                "model=party.address",
                "key=leaveout",
                "nearest=leave_out");
    }

    @Test
    void namesTheNearestModeAndApplication() {
        assertRefused(model("mode = \"pushupdate\""), "key=mode", "nearest=push_update");
        assertRefused(
                model("mode = \"everything\""), "known=full, update, push, push_update, none");
        assertRefused(
                model("").replace("\"tryton\"", "\"tritton\""),
                "line=2",
                "key=application",
                "nearest=tryton");
    }

    @Test
    void refusesValuesOutOfBounds() {
        assertRefused(model("batch = 0"), "line=6", "key=batch", "1 to 10000");
        assertRefused(model("batch = 10001"), "key=batch");
        assertRefused(model("batch = \"many\""), "key=batch");
        assertRefused(model("leave_out = \"city\""), "key=leave_out", "not a list of texts");
        assertRefused(model("leave_out = [1]"), "key=leave_out", "not a list of texts");
        assertRefused(model("leave_out = [\"x\", \"x\"]"), "key=leave_out", "twice");
        assertRefused(model("unique_id_column = \"\""), "key=unique_id_column");
    }

    @Test
    void refusesMissingKeysAndDoubles() {
        assertRefused("application = \"plain\"", "key=format", "missing");
        assertRefused("format = 2", "line=1", "key=format");
        assertRefused("format = 1", "key=model");
        assertRefused(BEGINNING + "[[model]]\nname = \"a\"\n", "line=3", "model=a", "key=table");
        assertRefused(
                BEGINNING + "[[model]]\ntable = \"a\"\n", "line=3", "model=number 1", "key=name");
        assertRefused(
                model("") + "[[model]]\nname = \"a\"\ntable = \"b\"\n",
                "line=8",
                "an earlier model has the same name");
        assertRefused(
                model("") + "[[model]]\nname = \"b\"\ntable = \"public.a\"\n",
                "line=9",
                "an earlier model has the same table");
    }

    @Test
    void namesTheLineOfWhatIsNotToml() {
        assertRefused(BEGINNING + "[[model]\nname = \"a\"\n", "line=4 or the one before");
        assertRefused(BEGINNING + "mode full\n", "line=3 or the one before");
        assertRefused(BEGINNING + "format = 1\n", "line=4 or the one before");
    }

    private static Rules rules(String more) {
        return PlanFile.parse(model(more)).models().getFirst().rules();
    }

    private static String model(String more) {
        return BEGINNING + "[[model]]\nname = \"a\"\ntable = \"a\"\n" + more + "\n";
    }

    private static void assertRefused(String text, String... inMessage) {
        assertThatThrownBy(() -> PlanFile.parse(text))
                .isInstanceOfSatisfying(
                        SyncException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_MALFORMED))
                .message()
                .contains(inMessage);
    }
}
