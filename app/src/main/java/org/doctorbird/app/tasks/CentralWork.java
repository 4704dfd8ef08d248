package org.doctorbird.app.tasks;

/// What central does beside answering. Each may be run twice, late, or by two workers at once
/// without harm.
public interface CentralWork {

    /// Makes the triggers anew if the application's tables have changed.
    void followTables();

    /// Stores parked records of which nothing is missing any more.
    void releaseReady();

    /// Tries pushes in quarantine again whose time has come.
    void retryRefused();

    /// Computes who should hold what has changed, until nothing is left.
    void computeInterest();

    /// Brings what can be searched up to date.
    void refreshSearch();

    /// Ends rows of the history that are older than the settings keep them.
    void forgetHistory();
}
