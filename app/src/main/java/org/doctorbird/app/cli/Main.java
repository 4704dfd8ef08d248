package org.doctorbird.app.cli;

/// The program's entry.
public final class Main {

    private Main() {}

    /// Prints how the program is used and ends with exit code 2.
    ///
    /// @param arguments the command and its options
    public static void main(String[] arguments) {
        System.err.println("usage: doctorbird COMMAND");
        System.exit(2);
    }
}
