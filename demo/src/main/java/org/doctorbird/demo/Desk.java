package org.doctorbird.demo;

import java.util.random.RandomGenerator;

/// What everybody who writes for one clinic needs at hand.
///
/// @param profile the clinic
/// @param reference local ids of the reference data
/// @param random the one source of chance
record Desk(ClinicProfile profile, ReferenceIds reference, RandomGenerator random) {

    private static final int PUIDS_PER_SITE = 1_000 * 26 * 26 * 26;

    /* Odd and not a multiple of 5 or 13: multiplying by it permutes the numbers below PUIDS_PER_SITE. */
    private static final long SCATTER = 7_368_787;

    boolean happens(int percent) {
        return random.nextInt(100) < percent;
    }

    @SafeVarargs
    final <T> T oneOf(T... things) {
        return things[random.nextInt(things.length)];
    }

    /// The person's unique id in Jamaica's form, three letters, three digits, three letters: the
    /// site's prefix, then the scattered local id, so that no two people get the same.
    String puid(int party) {
        int number = (int) (party * SCATTER % PUIDS_PER_SITE);
        var letters = new StringBuilder();
        int rest = number / 1_000;
        for (int i = 0; i < 3; i++) {
            letters.append((char) ('A' + rest % 26));
            rest /= 26;
        }
        String digits = Integer.toString(1_000 + number % 1_000).substring(1);
        return profile.sitePrefix() + digits + letters;
    }

    /// A business number such as `EVAL KGN 2026/000042`, unique in the whole system for one kind of
    /// document.
    String number(String kind, int year, int id) {
        String padded = Integer.toString(id);
        return kind
                + " "
                + profile.sitePrefix()
                + " "
                + year
                + "/"
                + "0".repeat(Math.max(0, 6 - padded.length()))
                + padded;
    }
}
