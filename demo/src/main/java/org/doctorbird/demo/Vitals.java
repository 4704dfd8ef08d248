package org.doctorbird.demo;

import java.time.LocalDate;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Vital signs as a nurse measures them, plausible for age, sex and complaint.
///
/// @param weight kg; height and the circumferences in cm, temperature in degrees Celsius
/// @param systolic mmHg, as is diastolic
/// @param bpm beats a minute; respiratoryRate breaths a minute
/// @param osat oxygen saturation in percent
/// @param glycemia mg/dl, of those over 30 and of diabetics; hba1c in percent, of diabetics
record Vitals(
        double weight,
        double height,
        double temperature,
        int systolic,
        int diastolic,
        int bpm,
        int respiratoryRate,
        int osat,
        Optional<Double> glycemia,
        Optional<Double> hba1c) {

    /* Medians of growth: months of age, then height and weight of girls and boys; flat after the last. */
    private static final double[][] GROWTH = {
        {0, 49, 3.2, 50, 3.3},
        {6, 66, 7.3, 68, 7.9},
        {12, 74, 8.9, 76, 9.6},
        {24, 86, 11.5, 88, 12.2},
        {60, 109, 18, 110, 18.3},
        {120, 138, 32, 138, 31},
        {156, 156, 46, 156, 45},
        {216, 163, 58, 175, 66},
        {480, 163, 75, 175, 79},
        {1200, 160, 74, 173, 77},
    };

    static Vitals of(Patient patient, LocalDate day, String code, RandomGenerator random) {
        int months = patient.monthsOn(day);
        int age = months / 12;
        int column = patient.sex().equals("f") ? 1 : 3;
        // Drawn from the person, not from the visit: an adult's height must not change from visit
        // to visit.
        var person = new SplittableRandom(patient.born().toEpochDay() * 2 + column);
        double height = grown(months, column) * (1 + 0.04 * clipped(person.nextGaussian()));
        double heft = 0.15 * clipped(person.nextGaussian()) + (code.equals("E66.9") ? 0.35 : 0);
        double weight =
                grown(months, column + 1) * (1 + heft + 0.02 * clipped(random.nextGaussian()));

        boolean hypertensive = code.startsWith("I1") || code.equals("R03.0");
        boolean diabetic = code.startsWith("E10") || code.startsWith("E11");
        boolean breathless = code.startsWith("J");
        double systolic = (age < 18 ? 88 + 1.7 * age : 112 + 0.33 * age) + (hypertensive ? 22 : 0);
        double rest = age < 1 ? 135 : age < 12 ? 115 - 3.0 * age : 76;
        return new Vitals(
                tenth(Math.max(2, weight)),
                tenth(Math.max(40, height)),
                tenth(temperature(code) + 0.3 * clipped(random.nextGaussian())),
                (int) (systolic + 9 * clipped(random.nextGaussian())),
                (int) (systolic * 0.62 + 5 * clipped(random.nextGaussian())),
                (int) (rest + 8 * clipped(random.nextGaussian())),
                (int)
                        ((age < 1 ? 40 : age < 12 ? 24 : 16)
                                + (breathless ? 4 : 0)
                                + 2 * clipped(random.nextGaussian())),
                Math.min(100, (int) ((breathless ? 96 : 98) + clipped(random.nextGaussian()))),
                diabetic || age > 30
                        ? Optional.of(
                                tenth(
                                        (diabetic ? 165 : 96)
                                                + (diabetic ? 35 : 9)
                                                        * clipped(random.nextGaussian())))
                        : Optional.empty(),
                diabetic
                        ? Optional.of(tenth(8.1 + 1.1 * clipped(random.nextGaussian())))
                        : Optional.empty());
    }

    /// Body mass index in kg/m².
    double bmi() {
        return tenth(weight / (height * height / 10_000));
    }

    /// Names no value.
    @Override
    public String toString() {
        return "Vitals";
    }

    private static double temperature(String code) {
        return switch (code) {
            case "A90", "A91", "A92.0", "A27.9", "J18.9" -> 38.9;
            case "J11.1", "J03.9", "B01.9", "H66.9" -> 38.3;
            case "A09", "J06.9", "J21.9", "D57.0" -> 37.5;
            default -> 36.7;
        };
    }

    private static double grown(int months, int column) {
        int i = 1;
        while (i < GROWTH.length - 1 && GROWTH[i][0] < months) {
            i++;
        }
        double[] before = GROWTH[i - 1];
        double[] after = GROWTH[i];
        double share = Math.min(1, (months - before[0]) / (after[0] - before[0]));
        return before[column] + share * (after[column] - before[column]);
    }

    private static double clipped(double gaussian) {
        return Math.clamp(gaussian, -2.2, 2.2);
    }

    private static double tenth(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
