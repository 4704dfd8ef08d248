package org.doctorbird.demo;

/// One thing a clinic did, in one transaction. It holds no value of any record and may be printed.
///
/// @param kind what was done
/// @param inserted rows, 0 or more; the same for the others
record Event(Kind kind, int inserted, int updated, int deleted) {

    /// What a clinic does, with a few words for people who watch.
    enum Kind {
        VISIT("held a consultation"),
        GUEST_VISIT("saw a patient of another clinic"),
        PATIENT_REGISTERED("registered a patient"),
        EVALUATION_FINISHED("finished an evaluation"),
        PERSON_CORRECTED("corrected a person's details"),
        CONTACT_ADDED("noted a telephone number"),
        CONTACT_CHANGED("changed a telephone number"),
        CONTACT_DELETED("deleted a telephone number"),
        ADDRESS_CHANGED("moved a patient to a new address"),
        VACCINATED("gave a vaccination"),
        CHILD_BORN("registered a birth"),
        DISEASE_UPDATED("updated a health condition"),
        DUPLICATE_MERGED("merged a duplicate"),
        PHOTO_TAKEN("took a photo");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /// Says it as the end of a sentence that begins with the clinic's name.
        String words() {
            return words;
        }
    }

    int rows() {
        return inserted + updated + deleted;
    }
}
