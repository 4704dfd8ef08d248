package org.doctorbird.demo;

import java.util.List;
import java.util.random.RandomGenerator;

/// Where somebody lives.
///
/// @param parish code, `JM-01` to `JM-14`
record Place(String street, String town, String parish) {

    private static final List<List<String>> TOWNS = TextTable.rows("lexicon/towns.tsv");
    private static final List<String> STREETS = TextTable.lines("lexicon/streets.txt");
    private static final int NEAR_PERCENT = 85;

    /// Invents a place, mostly in this parish.
    static Place near(String parish, RandomGenerator random) {
        boolean near = random.nextInt(100) < NEAR_PERCENT;
        List<List<String>> towns =
                near
                        ? TOWNS.stream().filter(town -> town.getFirst().equals(parish)).toList()
                        : TOWNS;
        List<String> town = towns.get(random.nextInt(towns.size()));
        String street = 1 + random.nextInt(140) + " " + STREETS.get(random.nextInt(STREETS.size()));
        return new Place(street, town.getLast(), town.getFirst());
    }

    /// Names no place: it may be a patient's.
    @Override
    public String toString() {
        return "Place";
    }
}
