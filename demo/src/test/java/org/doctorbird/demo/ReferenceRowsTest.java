package org.doctorbird.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.doctorbird.demo.Databases.number;
import static org.doctorbird.demo.Databases.value;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReferenceRowsTest {

    private static final Map<String, String> KEYS =
            Map.of(
                    "country_country", "code",
                    "country_subdivision", "code",
                    "gnuhealth_specialty", "code",
                    "gnuhealth_occupation", "code",
                    "gnuhealth_ethnicity", "code",
                    "gnuhealth_pathology", "code",
                    "gnuhealth_pathology_category", "name",
                    "gnuhealth_medicament", "active_component",
                    "party_category", "name");

    private static Databases databases;

    @BeforeAll
    static void start() throws Exception {
        databases = new Databases();
    }

    @AfterAll
    static void stop() throws Exception {
        databases.close();
    }

    @Test
    void haveEqualKeysAndOtherIdsInAnotherOrderOnEachInstance() throws SQLException {
        DataSource one = databases.instance(1);
        DataSource two = databases.instance(2);

        for (Map.Entry<String, String> table : KEYS.entrySet()) {
            String keys = "select string_agg(%s, '|' order by %s) from %s";
            String byKey = keys.formatted(table.getValue(), table.getValue(), table.getKey());
            String byId = keys.formatted(table.getValue(), "id", table.getKey());
            assertThat(value(one, byKey)).isEqualTo(value(two, byKey));
            assertThat(value(one, byId)).isNotEqualTo(value(two, byId));
            assertThat(number(one, "select max(id) from " + table.getKey()))
                    .isLessThan(number(two, "select min(id) from " + table.getKey()));
        }
    }

    @Test
    void referToEachOther() throws SQLException {
        DataSource database = databases.instance(0);

        assertThat(
                        value(
                                database,
                                """
                                select parent.name from gnuhealth_pathology pathology
                                  join gnuhealth_pathology_category category on category.id = pathology.category
                                  join gnuhealth_pathology_category parent on parent.id = category.parent
                                 where pathology.code = 'A90'
                                """))
                .isEqualTo("Certain infectious and parasitic diseases");
        assertThat(
                        number(
                                database,
                                "select count(*) from gnuhealth_pathology where category is null"))
                .isZero();
        assertThat(number(database, "select count(*) from country_subdivision")).isEqualTo(14);
    }

    @Test
    void ofThePlanAreAllTablesButTheAccounts() throws SQLException {
        DataSource database = databases.instance(0);
        List<String> planned = new ArrayList<>();
        Matcher table = Pattern.compile("(?m)^table = \"(.+)\"$").matcher(HealthSchema.plan());
        while (table.find()) {
            planned.add(table.group(1));
        }

        assertThat(planned)
                .containsAll(KEYS.keySet())
                .containsAll(HealthSchema.CLINICAL_TABLES)
                .doesNotHaveDuplicates();
        assertThat(
                        value(
                                database,
                                """
                                select string_agg(tablename, ',') from pg_tables
                                 where schemaname = 'public' and not tablename = any ('{%s}')
                                """
                                        .formatted(String.join(",", planned))))
                .isEqualTo("res_user");
    }
}
