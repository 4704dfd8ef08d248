package org.doctorbird.demo;

import java.util.regex.Pattern;

/// Who a clinic is.
///
/// @param name what people call it, such as `Mandeville Health Centre`
/// @param institutionCode unique in the whole system
/// @param parish code of the parish it lies in, `JM-01` to `JM-14`
/// @param sitePrefix three capital letters, unique in the whole system: they begin the clinic's
///   business numbers, so that two clinics never make equal ones
record ClinicProfile(String name, String institutionCode, String parish, String sitePrefix) {

    private static final Pattern PREFIX = Pattern.compile("[A-Z]{3}");
    private static final Pattern PARISH = Pattern.compile("JM-(0[1-9]|1[0-4])");

    ClinicProfile {
        if (name.isBlank() || institutionCode.isBlank()) {
            throw new IllegalArgumentException("name and institutionCode must not be blank");
        }
        if (!PARISH.matcher(parish).matches()) {
            throw new IllegalArgumentException("parish must be JM-01 to JM-14: " + parish);
        }
        if (!PREFIX.matcher(sitePrefix).matches()) {
            throw new IllegalArgumentException(
                    "sitePrefix must be three capital letters: " + sitePrefix);
        }
    }
}
