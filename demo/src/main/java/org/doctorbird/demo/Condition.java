package org.doctorbird.demo;

import java.util.Arrays;
import java.util.List;

/// What people come to a clinic for.
///
/// @param code ICD-10
/// @param weight how common it is among the visits of those who can have it
/// @param ageFrom in years; the last year is `ageTo`
/// @param sex `f`, `m` or `any`
/// @param complaint in the patient's words
/// @param findings ICD-10 codes of the signs and symptoms that may come with it
record Condition(
        String code,
        int weight,
        int ageFrom,
        int ageTo,
        String sex,
        Course course,
        String complaint,
        List<String> findings) {

    enum Course {
        ACUTE,
        CHRONIC,
        CHECK
    }

    /// All of them, in a fixed order.
    static final List<Condition> ALL =
            TextTable.rows("lexicon/conditions.tsv").stream().map(Condition::of).toList();

    boolean fits(Patient patient, int age) {
        return age >= ageFrom && age <= ageTo && (sex.equals("any") || sex.equals(patient.sex()));
    }

    boolean isChronic() {
        return course == Course.CHRONIC;
    }

    /// @throws IllegalArgumentException if nobody here comes for this
    static Condition of(String code) {
        return ALL.stream()
                .filter(condition -> condition.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such condition: " + code));
    }

    private static Condition of(List<String> row) {
        String findings = row.get(7);
        return new Condition(
                row.get(0),
                Integer.parseInt(row.get(1)),
                Integer.parseInt(row.get(2)),
                Integer.parseInt(row.get(3)),
                row.get(4),
                switch (row.get(5)) {
                    case "acute" -> Course.ACUTE;
                    case "chronic" -> Course.CHRONIC;
                    case "check" -> Course.CHECK;
                    default -> throw new IllegalArgumentException("course: " + row.get(5));
                },
                row.get(6),
                findings.isEmpty() ? List.of() : Arrays.asList(findings.split(",", -1)));
    }
}
