package org.doctorbird.demo;

import java.time.LocalDate;
import java.time.Period;

/// An invented person.
///
/// @param sex `f` or `m`
record Person(String given, String family, String sex, LocalDate born) {

    boolean isFemale() {
        return sex.equals("f");
    }

    /// Full years on a day, 0 or more.
    int ageOn(LocalDate day) {
        return Math.max(0, Period.between(born, day).getYears());
    }

    /// Names nobody.
    @Override
    public String toString() {
        return "Person";
    }
}
