package org.doctorbird.demo;

import java.util.Map;

/// A story of May Pen and Lionel Town.
abstract class TwoClinicsStory implements Story {

    /// The clinics, and what the story expects of them.
    final TwoClinics two;

    private final String name;
    private final int records;

    /// @param name the word for `--story`
    /// @param records clinical rows in both together, if nobody says it
    TwoClinicsStory(String name, int records, long seed) {
        this.name = name;
        this.records = records;
        this.two = new TwoClinics(seed);
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int records() {
        return records;
    }

    @Override
    public final Map<DemoInstance, Clinic> clinics() {
        return two.clinics();
    }
}
