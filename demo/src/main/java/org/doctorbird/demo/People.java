package org.doctorbird.demo;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// Invents people whose names, ages and households are distributed as in Jamaica.
final class People {

    private static final int SAME_NAME_PERCENT = 80;
    private static final int ADULT_YEARS = 18;

    /* Permille of the population per five years of age, from 0 to 4 up to 85 and more; Jamaica about 2022, rounded. */
    private static final int[] PYRAMID = {
        71, 72, 77, 82, 87, 87, 80, 70, 63, 61, 60, 52, 41, 33, 25, 18, 11, 10
    };

    private static final List<String> FEMALE = TextTable.lines("lexicon/given-female.txt");
    private static final List<String> MALE = TextTable.lines("lexicon/given-male.txt");
    private static final Weighted<String> SURNAMES = surnames();
    private static final Weighted<Integer> AGES = ages();
    private static final Weighted<Integer> SIZES =
            new Weighted<Integer>()
                    .add(1, 23)
                    .add(2, 22)
                    .add(3, 20)
                    .add(4, 17)
                    .add(5, 10)
                    .add(6, 8);

    private final RandomGenerator random;

    People(RandomGenerator random) {
        this.random = random;
    }

    private static Weighted<String> surnames() {
        var surnames = new Weighted<String>();
        List<String> names = TextTable.lines("lexicon/surnames.txt");
        for (int i = 0; i < names.size(); i++) {
            // The commonest name first: name n is about 1/(n+8) as common (Zipf's law, flattened at
            // the top).
            surnames.add(names.get(i), 10_000 / (i + 8));
        }
        return surnames;
    }

    private static Weighted<Integer> ages() {
        var ages = new Weighted<Integer>();
        for (int i = 0; i < PYRAMID.length; i++) {
            ages.add(i * 5, PYRAMID[i]);
        }
        return ages;
    }

    /// Invents people of one household, the oldest, an adult, first.
    ///
    /// @param today nobody is born after it
    /// @return 1 to 6
    List<Person> household(LocalDate today) {
        int size = SIZES.pick(random);
        String name = surname();
        List<Person> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int age = AGES.pick(random) + random.nextInt(5);
            members.add(aged(i == 0 && age < ADULT_YEARS ? age + ADULT_YEARS : age, name, today));
        }
        members.sort(Comparator.comparing(Person::born));
        return members;
    }

    /// Invents one adult of working age.
    Person worker(LocalDate today) {
        return aged(25 + random.nextInt(35), surname(), today);
    }

    /// Invents a child that is born on a day.
    Person newborn(String surname, LocalDate born) {
        String sex = random.nextInt(205) < 100 ? "f" : "m";
        return new Person(given(sex), surname, sex, born);
    }

    private Person aged(int years, String household, LocalDate today) {
        // Women live longer: the share of men falls from 51 % of the young to 38 % of the very old.
        String sex = random.nextInt(100) < 51 - Math.max(0, years - 50) / 4 ? "m" : "f";
        String family = random.nextInt(100) < SAME_NAME_PERCENT ? household : surname();
        LocalDate born = today.minusYears(years).minusDays(random.nextInt(365));
        return new Person(given(sex), family, sex, born);
    }

    private String surname() {
        return SURNAMES.pick(random);
    }

    private String given(String sex) {
        List<String> names = sex.equals("f") ? FEMALE : MALE;
        String name = names.get(random.nextInt(names.size()));
        return random.nextInt(100) < 25
                ? name + " " + names.get(random.nextInt(names.size()))
                : name;
    }
}
